// Bytes that are no character: the model has lost its way within one.

import type { Filter } from "./filter";

/** What decoders write for bytes that are not UTF-8. */
const REPLACEMENT = "\uFFFD";

/** Stops there, unless the document holds such signs itself. */
export const stopAtBrokenText: Filter = (text, { prefix, suffix }) => {
  const at = text.indexOf(REPLACEMENT);
  return at === -1 || prefix.includes(REPLACEMENT) || suffix.includes(REPLACEMENT) ? undefined : at;
};
