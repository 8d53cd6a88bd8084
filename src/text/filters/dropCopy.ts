import { isBlank, lineBefore } from "../lines";
import type { FilterContext } from "./filter";
import { isSubstantial } from "./stopAtRepetition";

/** New lines that only say again what the lines above them say; only the finished text shows that no more came of them. */
export function dropCopy(completion: string, { prefix }: FilterContext): string {
  const before = lineBefore(prefix);
  if (!isBlank(before)) return completion;
  const said = linesOf(before + completion);
  const above = linesOf(prefix).slice(-said.length);
  return said.some(isSubstantial) && said.join("\n") === above.join("\n") ? "" : completion;
}

function linesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trimEnd());
  return lines.filter((line) => line !== "");
}
