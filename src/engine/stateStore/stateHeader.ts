// The beginning of a state file: which state it holds, and a checksum of each part. stateFile.ts has the whole picture.

import { createHash } from "node:crypto";
import { isCount, parseJson } from "../../text/json";
import { STATE_FORMAT_VERSION, type StateKey } from "./keys";

export interface StateFacts {
  readonly key: StateKey;
  readonly position: number;
  /** Files that have been read. */
  readonly files: number;
}

export interface Header extends StateFacts {
  readonly model: string;
  readonly modelKey: StateKey;
  /** The mark of the workspace folder that it was read for; exported states do not say it. */
  readonly folder?: string;
  readonly sections: readonly SectionEntry[];
}

export interface SectionEntry {
  readonly name: string;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
}

/** Where a state's bytes come from. */
export interface ByteSource {
  readonly bytes: number;
  /** Fills `into` with the bytes from `offset` on; returns how many there were. */
  read(into: Uint8Array, offset: number): Promise<number>;
}

/** Says in half a sentence why a file is not to be used. */
export class UnusableState extends Error {}

const MAGIC = Buffer.from("GRIFFIN\0", "latin1");
const PRELUDE_BYTES = 48;
/** A header has a line for each section: some thousand bytes. */
const LONGEST_HEADER = 2 ** 20;

export function encodeHeader(header: Header): Uint8Array[] {
  const json = Buffer.from(JSON.stringify(header));
  const prelude = Buffer.alloc(PRELUDE_BYTES);
  MAGIC.copy(prelude);
  prelude.writeUInt32LE(STATE_FORMAT_VERSION, 8);
  prelude.writeUInt32LE(json.length, 12);
  sha256(prelude.subarray(0, 16), json).copy(prelude, 16);
  return [prelude, json];
}

/** Throws UnusableState when the header is not whole, or the file longer or shorter than it says. */
export async function readHeader(source: ByteSource): Promise<{ header: Header; dataStart: number }> {
  const prelude = Buffer.alloc(PRELUDE_BYTES);
  await fill(source, prelude, 0);
  if (!prelude.subarray(0, 8).equals(MAGIC)) throw new UnusableState("it is not a state of Griffin Code");
  const version = prelude.readUInt32LE(8);
  if (version !== STATE_FORMAT_VERSION) {
    throw new UnusableState(
      `it has format version ${version}, and this version of Griffin Code reads ${STATE_FORMAT_VERSION}`,
    );
  }
  const length = prelude.readUInt32LE(12);
  if (length > LONGEST_HEADER) throw new UnusableState("its header is damaged");
  const json = Buffer.alloc(length);
  await fill(source, json, PRELUDE_BYTES);
  if (!sha256(prelude.subarray(0, 16), json).equals(prelude.subarray(16))) {
    throw new UnusableState("its header is damaged");
  }
  const header = parseHeader(json);
  const dataStart = PRELUDE_BYTES + length;
  const end = header.sections.reduce((sum, { bytes }) => sum + bytes, dataStart);
  if (source.bytes < end) throw new UnusableState(`it is cut off: ${source.bytes} bytes of ${end}`);
  if (source.bytes > end) throw new UnusableState(`it has ${source.bytes - end} bytes more than its header names`);
  return { header, dataStart };
}

/** Reads `into.length` bytes, or throws UnusableState. */
export async function fill(source: ByteSource, into: Uint8Array, offset: number): Promise<void> {
  if (offset + into.length > source.bytes || (await source.read(into, offset)) < into.length) {
    throw new UnusableState(
      `it is cut off: ${source.bytes} bytes, and ${offset + into.length} at least should be there`,
    );
  }
}

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function parseHeader(json: Buffer): Header {
  const header = parseJson(json.toString()) as Partial<Header> | null;
  const isHeader =
    isText(header?.key) &&
    isText(header.model) &&
    isText(header.modelKey) &&
    (header.folder === undefined || isText(header.folder)) &&
    isCount(header.position) &&
    isCount(header.files) &&
    Array.isArray(header.sections) &&
    header.sections.every(
      (section) => isText(section?.name) && isCount(section.bytes) && section.bytes < 2 ** 32 && isText(section.sha256),
    );
  if (!isHeader) throw new UnusableState("its header lacks what a header says");
  return header as Header;
}

export function isText(value: unknown): value is string {
  return typeof value === "string";
}
