import { isBlank, lineAfter } from "../lines";
import type { FilterContext } from "./filter";

/**
 * Nothing but blank space is no completion, and none ends in blank space; but for the line break before a bracket that the
 * editor has put after the cursor: it closes a block of several lines, and stands on a line of its own then.
 */
export function trimBlank(completion: string, { suffix }: FilterContext): string {
  if (isBlank(completion)) return "";
  const trimmed = completion.trimEnd();
  const isBeforeCloser = /^[)\]}]/.test(lineAfter(suffix)) && /^\n[ \t]*$/.test(completion.slice(trimmed.length));
  return isBeforeCloser && trimmed.includes("\n") ? completion : trimmed;
}
