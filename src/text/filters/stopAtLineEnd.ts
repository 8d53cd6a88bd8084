import type { Filter } from "./filter";

/** Keeps a completion on the cursor's line when no more is wanted. */
export const stopAtLineEnd: Filter = (text, { multiline }) => {
  if (multiline) return undefined;
  const end = text.indexOf("\n");
  return end < 0 ? undefined : end;
};
