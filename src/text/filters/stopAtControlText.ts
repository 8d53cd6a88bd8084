import type { Filter } from "./filter";

/** Spellings of the control tokens that model families use. None is HTML, and none is a common operator. */
const CONTROL_TEXT =
  /<\|[a-z_\u2581]{2,30}\|>|<(?:bos|eos|pad|unk)>|<(?:start|end)_of_turn>|<fim_(?:prefix|middle|suffix|pad)>|<file_sep(?:arator)?>|<unused\d+>/g;

/** Cuts where a model spells out a control token, unless the document itself is about such tokens. */
export const stopAtControlText: Filter = (text, { prefix, suffix }) => {
  for (const match of text.matchAll(CONTROL_TEXT)) {
    if (!prefix.includes(match[0]) && !suffix.includes(match[0])) return match.index;
  }
  return undefined;
};
