// One wildcard pattern of an ignore file, as git means it: `*`, `?`, `[...]`, `\`, and `**` between slashes.
// Knows nothing of files, lines or negation. Text is bytes, one to a character (byteText.ts), because git's `?` is a byte.
//
// A pattern is a small automaton that is run over all its places at once, so that the time is pattern × text at most:
// an untrusted repository's ignore file cannot make it hang, as it can a backtracking matcher, and how much there may be of
// it, ignorePatterns.ts says.

const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const STAR = 0x2a;

/** One place of the automaton. Stars stay where they are while they eat, and can be passed for nothing. */
type Place =
  | { readonly eats: "byte"; readonly byte: number }
  | ByteSet
  /** Any number of bytes but slashes. */
  | { readonly eats: "star" }
  /** Any number of bytes. */
  | { readonly eats: "deepStar" }
  /** `**` and its slash: no folder at all (on after the slash) or any number (the two places that follow). */
  | { readonly eats: "folders" };

/** Written as its members, or as all that are none: a table would take hundreds of times the pattern's size. */
interface ByteSet {
  readonly eats: "set";
  readonly bytes: string;
  readonly isInverted: boolean;
}

const EATS_STAR: Place = { eats: "star" };
const EATS_DEEP_STAR: Place = { eats: "deepStar" };
const EATS_FOLDERS: Place = { eats: "folders" };
const EATS_BYTE: readonly Place[] = Array.from({ length: 256 }, (_, byte) => ({ eats: "byte", byte }));
const EATS_ANY_BUT_SLASH: Place = { eats: "set", bytes: "/", isInverted: true };

export class Wildcard {
  private constructor(
    private readonly places: readonly Place[],
    private readonly ignoreCase: boolean,
  ) {}

  /** `undefined` when the pattern can match nothing: an unclosed bracket, an unknown class, a backslash at the end. */
  static parse(pattern: string, ignoreCase: boolean): Wildcard | undefined {
    const places = parsePlaces(pattern, ignoreCase);
    return places && new Wildcard(places, ignoreCase);
  }

  matches(text: string): boolean {
    const { places } = this;
    let here = new Uint8Array(places.length + 1);
    let next = new Uint8Array(places.length + 1);
    enter(places, here, 0);
    for (let at = 0; at < text.length; at++) {
      const byte = this.ignoreCase ? lowerCase(text.charCodeAt(at)) : text.charCodeAt(at);
      next.fill(0);
      let alive = false;
      for (let index = 0; index < places.length; index++) {
        if (!here[index]) continue;
        const reached = step(places[index]!, index, byte);
        if (reached === undefined) continue;
        enter(places, next, reached);
        alive = true;
      }
      if (!alive) return false;
      [here, next] = [next, here];
    }
    return here[places.length] === 1;
  }
}

/** The place after eating `byte` at `index`. */
function step(place: Place, index: number, byte: number): number | undefined {
  switch (place.eats) {
    case "byte":
      return byte === place.byte ? index + 1 : undefined;
    case "set":
      return place.bytes.includes(String.fromCharCode(byte)) !== place.isInverted ? index + 1 : undefined;
    case "star":
      return byte === SLASH ? undefined : index;
    case "deepStar":
      return index;
    case "folders":
      return undefined;
  }
}

/** Marks a place, and those that are reached from it for nothing. */
function enter(places: readonly Place[], marked: Uint8Array, index: number): void {
  let at = index;
  while (marked[at] === 0) {
    marked[at] = 1;
    const eats = places[at]?.eats;
    if (eats === "star" || eats === "deepStar") at++;
    else if (eats === "folders") {
      marked[at + 1] = 1;
      marked[at + 2] = 1;
      at += 3;
    } else return;
  }
}

function parsePlaces(pattern: string, ignoreCase: boolean): Place[] | undefined {
  const places: Place[] = [];
  let at = 0;
  while (at < pattern.length) {
    const code = pattern.charCodeAt(at);
    if (code === STAR) {
      at = parseStars(pattern, at, places);
    } else if (pattern[at] === "?") {
      places.push(EATS_ANY_BUT_SLASH);
      at++;
    } else if (pattern[at] === "[") {
      const set = parseSet(pattern, at + 1, ignoreCase);
      if (!set) return undefined;
      places.push(set.place);
      at = set.end;
    } else {
      if (code === BACKSLASH) at++;
      if (at >= pattern.length) return undefined;
      const byte = pattern.charCodeAt(at);
      // An escaped capital stays one, for git: where case is ignored it matches nothing.
      places.push(EATS_BYTE[ignoreCase && code !== BACKSLASH ? lowerCase(byte) : byte]!);
      at++;
    }
  }
  return places;
}

/** `**` is more than `*` only as a whole part of the path. */
function parseStars(pattern: string, start: number, places: Place[]): number {
  let end = start;
  while (pattern.charCodeAt(end) === STAR) end++;
  const opens = start === 0 || pattern.charCodeAt(start - 1) === SLASH;
  const closes = end === pattern.length || pattern.charCodeAt(end) === SLASH || pattern.startsWith("\\/", end);
  if (end - start < 2 || !opens || !closes) {
    places.push(EATS_STAR);
    return end;
  }
  if (pattern.charCodeAt(end) !== SLASH) {
    places.push(EATS_DEEP_STAR);
    return end;
  }
  places.push(EATS_FOLDERS, EATS_DEEP_STAR, EATS_BYTE[SLASH]!);
  return end + 1;
}

/** `[...]` from after its bracket. The first `]` is a member, and a slash never is. */
function parseSet(pattern: string, start: number, ignoreCase: boolean): { place: ByteSet; end: number } | undefined {
  const isInverted = pattern[start] === "!" || pattern[start] === "^";
  const members = new Set<number>();
  // Where case is ignored, git makes the text small and leaves a lone member as it is: `[A]` matches nothing then.
  const addRange = (byte: number) => {
    members.add(byte);
    if (ignoreCase) members.add(lowerCase(byte));
  };
  let at = isInverted ? start + 1 : start;
  let previous: number | undefined;
  for (let first = true; first || pattern[at] !== "]"; first = false) {
    if (at >= pattern.length) return undefined;
    const colon = pattern.startsWith("[:", at) ? pattern.indexOf("]", at + 2) : -1;
    if (colon > at + 2 && pattern[colon - 1] === ":") {
      const test = CLASSES.get(pattern.slice(at + 2, colon - 1));
      if (!test) return undefined;
      for (let byte = 0; byte < 128; byte++) if (test.test(String.fromCharCode(byte))) addRange(byte);
      at = colon + 1;
      previous = undefined;
      continue;
    }
    if (pattern[at] === "-" && previous !== undefined && pattern[at + 1] !== "]") {
      const last = readMember(pattern, at + 1);
      for (let byte = previous; byte <= last.byte; byte++) addRange(byte);
      at = last.end;
      previous = undefined;
      continue;
    }
    const member = readMember(pattern, at);
    members.add(member.byte);
    previous = member.byte;
    at = member.end;
  }
  if (isInverted) members.add(SLASH);
  else members.delete(SLASH);
  return { place: { eats: "set", bytes: String.fromCharCode(...members), isInverted }, end: at + 1 };
}

/** No number after the pattern's end: then no bracket closes the set either. */
function readMember(pattern: string, at: number): { byte: number; end: number } {
  const start = pattern.charCodeAt(at) === BACKSLASH ? at + 1 : at;
  return { byte: pattern.charCodeAt(start), end: start + 1 };
}

function lowerCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
}

/** POSIX's classes in the C locale. */
const CLASSES: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    alnum: /[0-9A-Za-z]/,
    alpha: /[A-Za-z]/,
    blank: /[ \t]/,
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the class is that of control characters
    cntrl: /[\x00-\x1f\x7f]/,
    digit: /[0-9]/,
    graph: /[!-~]/,
    lower: /[a-z]/,
    print: /[ -~]/,
    punct: /[!-/:-@[-`{-~]/,
    space: /[ \t\n\v\f\r]/,
    upper: /[A-Z]/,
    xdigit: /[0-9A-Fa-f]/,
  }),
);
