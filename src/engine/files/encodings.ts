// The encodings of before Unicode, by the names that VS Code's files.encoding has for them. Node.js knows most; not those of DOS
// (but for cp866), and neither koi8t nor iso885916.

/** Undefined for an encoding that is not known here, and for Unicode's, which a text tells by itself. */
export function decodeBy(encoding: string, bytes: Uint8Array): string | undefined {
  if (encoding.startsWith("utf")) return undefined;
  const decoder = decoderOf(labelOf(encoding));
  const text = decoder?.decode(bytes);
  return decoder?.encoding === "windows-1252" ? text?.replace(/[\x80-\x9f]/g, punctuationOf) : text;
}

/** Where another word than VS Code's is the standard's (encoding.spec.whatwg.org); the others differ in hyphens only, if at all. */
const LABELS: Readonly<Record<string, string>> = {
  big5hkscs: "big5-hkscs",
  cp950: "big5",
  eucjp: "euc-jp",
  euckr: "euc-kr",
  macroman: "macintosh",
  shiftjis: "shift_jis",
};

function labelOf(encoding: string): string {
  return LABELS[encoding] ?? encoding.replace(/^(windows|koi8)/, "$1-").replace(/^iso8859/, "iso-8859-");
}

function decoderOf(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}

/** What windows-1252 has where Latin-1 has controls, from 0x80 on. Node.js 20 and 22 take the one for the other. */
const PUNCTUATION = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

function punctuationOf(control: string): string {
  return PUNCTUATION[control.charCodeAt(0) - 0x80]!;
}
