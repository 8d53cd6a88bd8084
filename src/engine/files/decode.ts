// A file's bytes as text: UTF-8, or UTF-16 where a mark at the start says so. Line ends become "\n", as in an editor's
// document of such a file. Knows no files.

import { normalizeLineEnds } from "../../text/lines";

/** `undefined` when the bytes are not text. */
export function decodeText(bytes: Buffer): string | undefined {
  const decoded = decode(bytes);
  if (!decoded || decoded.text.includes("\0")) return undefined;
  if (decoded.replaced > bytes.length * MAX_REPLACED || controlShare(decoded.text) > MAX_CONTROL) return undefined;
  return normalizeLineEnds(decoded.text);
}

/** A comment in an old encoding is readable around its letters; a whole text in one is not. */
const MAX_REPLACED = 0.05;
const MAX_CONTROL = 0.02;

interface DecodedText {
  readonly text: string;
  /** Bytes that were no UTF-8 and stand as U+FFFD. */
  readonly replaced: number;
}

function decode(bytes: Buffer): DecodedText | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeUtf16(bytes.subarray(2));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    if (bytes.length % 2 !== 0) return undefined;
    return decodeUtf16(Buffer.from(bytes.subarray(2)).swap16());
  }
  // Looked for before anything is decoded: most binary files have one early.
  if (bytes.includes(0)) return undefined;
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), replaced: 0 };
  } catch {
    const text = new TextDecoder("utf-8").decode(bytes);
    return { text, replaced: count(text, "\ufffd") - countWritten(bytes) };
  }
}

function decodeUtf16(bytes: Buffer): DecodedText {
  const text = new TextDecoder("utf-16le").decode(bytes);
  return { text, replaced: count(text, "\ufffd") };
}

/** U+FFFD that the file holds itself. */
function countWritten(bytes: Buffer): number {
  return count(bytes.toString("latin1"), "\xef\xbf\xbd");
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

function controlShare(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is counted; tab, line ends, form feed and escape are text
  const controls = text.match(/[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]/g)?.length ?? 0;
  return controls / Math.max(1, text.length);
}
