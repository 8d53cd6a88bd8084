// Reads one file that the rules allow (readRules.ts; ask them first), and refuses what it turns out to be: binary, made by
// a program, a secret. Never throws: a file that vanishes or changes meanwhile is a reason like the others.

import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import { realPath } from "../../machine/realPath";
import { composedName } from "./composedName";
import { decodeText } from "./decode";
import { mostBytesOf, refusalOfName, refusalOfNotebookCode, refusalOfSize } from "./fileKinds";
import { isNotebook, notebookCode } from "./notebookCode";
import type { Refusal } from "./refusal";
import { isInCloud, refusalOfError, safeRead, safeStat } from "./safeRead";
import { isSecretPath } from "./secretNames";
import { refusalOfText } from "./textKinds";

interface ReadOptions {
  readonly asStored?: boolean;
  readonly onlyOnDisk?: boolean;
  readonly evenData?: boolean;
  readonly encoding?: string | undefined;
}

export type Source =
  | {
      /** Where it is a notebook, its code. */
      readonly text: string;
      /** SHA-256 of the file's bytes, in hexadecimal; of a notebook's code, and of a text that a setting decoded. */
      readonly hash: string;
      /** The stamp of the file when it was read. */
      readonly stamp: string;
      /** When it was changed last, in milliseconds since 1970. */
      readonly changedMs: number;
    }
  | {
      readonly refused: Refusal;
      /** As above, of a file that holds a secret: it may have been read before its form was known for one. */
      readonly hash?: string;
    };

/**
 * @param path relative to the root, with "/"
 * @param options.asStored a path that the disk spells otherwise counts as gone: the file is known by the disk's spelling
 * @param options.onlyOnDisk nobody waits for what a cloud would have to send first
 * @param options.evenData somebody means this file, whatever it is worth to a model of code
 * @param options.encoding see decodeText
 */
export async function readSource(
  root: string,
  path: string,
  { asStored = false, onlyOnDisk = false, evenData = false, encoding }: ReadOptions = {},
): Promise<Source> {
  const unlessMeant = (refusal: Refusal | undefined) => (evenData && refusal === "data" ? undefined : refusal);
  const ofPath = unlessMeant(refusalOfPath(root, path)) ?? (await refusalOfPlace(root, path, asStored));
  if (ofPath) return { refused: ofPath };
  if (onlyOnDisk) {
    const found = await safeStat(join(root, path));
    if ("stat" in found && (await isInCloud(found.stat))) return { refused: "notOnDisk" };
  }
  const read = await safeRead(join(root, path), mostBytesOf(path));
  if ("refused" in read) return read;
  const { bytes, stamp, changedMs } = read;
  const ofSize = unlessMeant(refusalOfSize(path, bytes.length));
  if (ofSize) return { refused: ofSize };
  const decoded = decodeText(bytes, encoding);
  if ("refused" in decoded) return decoded;
  const text = isNotebook(path) ? notebookCode(decoded.text) : decoded.text;
  if (text === undefined) return { refused: "data" };
  const kind = refusalOfText(text) ?? (isNotebook(path) ? refusalOfNotebookCode(Buffer.byteLength(text)) : undefined);
  if (kind && kind !== "secretText") return { refused: kind };
  // A notebook that was run again says nothing new, and the same bytes say something else once the setting does.
  const hash = createHash("sha256")
    .update(isNotebook(path) || decoded.followsSetting ? text : bytes)
    .digest("hex");
  return kind ? { refused: kind, hash } : { text, hash, stamp, changedMs };
}

/** Why a text may not be the file's, or a notebook's code, if its path may be read. */
export function refusalOfContent(path: string, text: string): Refusal | undefined {
  const bytes = Buffer.byteLength(text);
  return (isNotebook(path) ? refusalOfNotebookCode(bytes) : refusalOfSize(path, bytes)) ?? refusalOfText(text);
}

/** What needs no rules is asked here once more. */
function refusalOfPath(root: string, path: string): Refusal | undefined {
  return isSecretPath(path, basename(resolve(root))) ? "secret" : refusalOfName(path.slice(path.lastIndexOf("/") + 1));
}

/** Does the path lead to itself, or through a link to somewhere else? */
async function refusalOfPlace(root: string, path: string, asStored: boolean): Promise<Refusal | undefined> {
  try {
    const place = relative(...(await realPaths(root, join(root, path))))
      .split(sep)
      .join("/");
    if (place === ".." || place.startsWith("../")) return "outside";
    const [stored, asked] = [composedName(place), composedName(path)];
    if (stored === asked) return undefined;
    // Systems that ignore letters' case answer in what is stored.
    if (stored.toLowerCase() !== asked.toLowerCase()) return "link";
    return asStored ? "gone" : undefined;
  } catch (error) {
    return refusalOfError(error);
  }
}

/** The system's own answer, which alone has the letters' case that is stored, unless it cannot give any for this disk. */
async function realPaths(root: string, path: string): Promise<[string, string]> {
  try {
    return await Promise.all([realpath(root), realpath(path)]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EISDIR") throw error;
    return Promise.all([realPath(root), realPath(path)]);
  }
}
