import { lineBefore } from "../lines";
import { literalsAtCursor } from "./atCursor";
import type { FilterContext } from "./filter";

/**
 * What was cut within a string in backticks would make a string of the code below: so it ends above that string. Three quotes
 * are less sure to be a string, because they stand in comments, too.
 */
export function dropOpenString(completion: string, { prefix, multiline }: FilterContext): string {
  if (!multiline || !completion.includes("`")) return completion;
  const open = literalsAtCursor(completion, prefix).find(
    ({ start, isClosed }) => !isClosed && completion[start] === "`",
  );
  if (open === undefined) return completion;
  const before = completion.slice(0, open.start);
  return before.slice(0, before.length - lineBefore(before).length);
}
