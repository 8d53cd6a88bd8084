// A file's bytes as text: UTF-8, UTF-16 where a mark at the start says so, or else what the user calls the folder's encoding.
// Line ends become "\n", as in an editor's document of such a file. Knows no files.

import { normalizeLineEnds } from "../../text/lines";
import { decodeBy } from "./encodings";
import type { Refusal } from "./refusal";

export type Decoded =
  | {
      readonly text: string;
      /** With another encoding it would be another text. */
      readonly followsSetting: boolean;
    }
  | { readonly refused: Extract<Refusal, "binary" | "encoding"> };

/** @param encoding of what is no Unicode, as VS Code's files.encoding names it */
export function decodeText(bytes: Buffer, encoding?: string): Decoded {
  const decoded = decode(bytes, encoding);
  if (!decoded || decoded.text.includes("\0") || controlShare(decoded.text) > MAX_CONTROL) return { refused: "binary" };
  const { text, replaced, followsSetting = false } = decoded;
  if (replaced > bytes.length * MAX_REPLACED) return { refused: "encoding" };
  return { text: normalizeLineEnds(text), followsSetting };
}

/** A comment in an old encoding is readable around its letters; a whole text in one is not. */
const MAX_REPLACED = 0.05;
const MAX_CONTROL = 0.02;

interface DecodedBytes {
  readonly text: string;
  /** Bytes that the encoding does not know and that stand as U+FFFD. */
  readonly replaced: number;
  readonly followsSetting?: true;
}

function decode(bytes: Buffer, encoding: string | undefined): DecodedBytes | undefined {
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
    const text = encoding === undefined ? undefined : decodeBy(encoding, bytes);
    if (text !== undefined) return { text, replaced: count(text, "\ufffd"), followsSetting: true };
    return decodeUtf8(bytes);
  }
}

function decodeUtf8(bytes: Buffer): DecodedBytes {
  const text = new TextDecoder("utf-8").decode(bytes);
  return { text, replaced: count(text, "\ufffd") - countWritten(bytes) };
}

function decodeUtf16(bytes: Buffer): DecodedBytes {
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
