// Text to terms: every identifier, and the words it is made of, as hashes. No strings are made: that is what makes
// indexing quick. Two names in a million share a hash; for a ranking that is nothing.

/** Calls `use` with each term of the text. `isWhole` is false for a word of a longer name. */
export function forEachTerm(text: string, use: (term: number, isWhole: boolean) => void) {
  for (let offset = 0; offset < text.length; ) {
    if (!isNameStart(text.charCodeAt(offset))) {
      offset++;
      continue;
    }
    let end = offset + 1;
    while (end < text.length && isNamePart(text.charCodeAt(end))) end++;
    nameTerms(text, offset, end, use);
    offset = end;
  }
}

/** The exact name's hash: for definitions, where case matters. */
export function nameHash(name: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), FNV_PRIME);
  return fold(hash);
}

/** Shorter ones say nothing: i, x, of. */
const SHORTEST_NAME = 2;
const SHORTEST_WORD = 3;

// FNV-1a, 32 bit, http://www.isthe.com/chongo/tech/comp/fnv/
const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

function nameTerms(text: string, from: number, to: number, use: (term: number, isWhole: boolean) => void) {
  let whole = FNV_OFFSET;
  let word = FNV_OFFSET;
  let wordLength = 0;
  let words = 0;
  const endWord = () => {
    if (wordLength >= SHORTEST_WORD && !(words === 0 && wordLength === to - from)) use(fold(word), false);
    if (wordLength > 0) words++;
    word = FNV_OFFSET;
    wordLength = 0;
  };
  for (let offset = from; offset < to; offset++) {
    const code = text.charCodeAt(offset);
    if (code === UNDERSCORE) {
      endWord();
    } else {
      if (isUpper(code) && wordLength > 0 && startsWord(text, offset, to)) endWord();
      word = Math.imul(word ^ lower(code), FNV_PRIME);
      wordLength++;
    }
    whole = Math.imul(whole ^ lower(code), FNV_PRIME);
  }
  endWord();
  if (to - from >= SHORTEST_NAME) use(fold(whole), true);
}

/** An upper-case letter after a lower-case one, or the last one of several: parse|HTML|Page. */
function startsWord(text: string, offset: number, to: number): boolean {
  if (!isUpper(text.charCodeAt(offset - 1))) return true;
  const next = offset + 1 < to ? text.charCodeAt(offset + 1) : UNDERSCORE;
  return next !== UNDERSCORE && !isUpper(next) && !isDigit(next);
}

/** 30 bits: such numbers need no memory of their own in a Map. */
function fold(hash: number): number {
  return (hash ^ (hash >>> 30)) & 0x3fffffff;
}

const UNDERSCORE = 95;
const DOLLAR = 36;

function isUpper(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function lower(code: number): number {
  return isUpper(code) ? code + 32 : code;
}

function isNameStart(code: number): boolean {
  return isUpper(code) || (code >= 97 && code <= 122) || code === UNDERSCORE || code === DOLLAR || code > 127;
}

function isNamePart(code: number): boolean {
  return isNameStart(code) || isDigit(code);
}
