import { isBlank } from "../lines";

/** Nothing but blank space is no completion, and none ends in blank space. */
export function trimBlank(completion: string): string {
  return isBlank(completion) ? "" : completion.trimEnd();
}
