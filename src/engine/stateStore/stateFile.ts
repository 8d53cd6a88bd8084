// The bytes of a state file, every one of them under a checksum. Knows no folders and no file names.
//
//   8   "GRIFFIN\0"
//   4   format version, little-endian as all that follows
//   4   bytes of the header
//   32  SHA-256 of the 16 bytes above and the header
//   …   header: JSON that says whose state this is, which files it has read, and the SHA-256 of its numbers
//   …   the numbers: float32 without gaps (sections.ts), as many as a state of the model has after these files
//
// SHA-256 because processors do it in hardware: the bundled model's 41 MB take 30 to 45 ms. Numbers are written as they lie in
// memory: every platform that onnxruntime-node is made for is little-endian.

import { createHash } from "node:crypto";
import { setImmediate as yieldToMessages } from "node:timers/promises";
import { isCount, objectOf, parseJson } from "../../text/json";
import type { State } from "../model/state";
import { chainPosition, keyAfter, type ReadEntry, STATE_FORMAT_VERSION, type StateKey } from "./keys";
import { sectionSizes, sectionsOf, stateOf } from "./sections";

/** The model whose states are written and read. */
export interface StateModel {
  readonly key: StateKey;
  /** For people: named when another model's state is refused. */
  readonly name: string;
  readonly emptyState: State;
}

export interface StoredState {
  readonly key: StateKey;
  readonly state: State;
  readonly chain: readonly ReadEntry[];
}

export interface Header {
  readonly model: string;
  readonly modelKey: StateKey;
  /** The mark of the workspace folder that it was read for; exported states do not say it. */
  readonly folder: string | undefined;
  readonly chain: readonly ReadEntry[];
  /** Of the numbers, in hex. */
  readonly sha256: string;
  /** Where the numbers begin. */
  readonly dataStart: number;
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
/** More than any list of files takes, and less than the longest text there can be. */
const LONGEST_HEADER = 2 ** 28;

/**
 * The whole file in pieces, of which the numbers are still the state's own.
 * @param folder the mark of the workspace folder that it was read for
 */
export async function encodeState(
  model: StateModel,
  { key, state, chain }: StoredState,
  folder?: string,
): Promise<Uint8Array[]> {
  if (key !== keyAfter(model.key, chain)) throw new Error("The key is not that of the files that the state has read.");
  if (state.position !== chainPosition(chain)) {
    throw new Error(`The state is at token ${state.position}, and the files end at ${chainPosition(chain)}.`);
  }
  const parts = sectionsOf(state);
  const lengths = parts.map(({ length }) => length).join();
  const sizes = sectionSizes(model.emptyState, state.position).join();
  if (lengths !== sizes) throw new Error(`The state's parts have ${lengths} numbers, and the model's ${sizes}.`);
  const sections = parts.map(bytesOf);
  const hash = createHash("sha256");
  for (const section of sections) {
    // A key that comes meanwhile waits for one of them at most.
    await yieldToMessages();
    hash.update(section);
  }
  const said = { model: model.name, modelKey: model.key, folder, chain: chain.map(rowOf), sha256: hash.digest("hex") };
  const json = Buffer.from(JSON.stringify(said));
  const prelude = Buffer.alloc(PRELUDE_BYTES);
  MAGIC.copy(prelude);
  prelude.writeUInt32LE(STATE_FORMAT_VERSION, 8);
  prelude.writeUInt32LE(json.length, 12);
  headerSum(prelude, json).copy(prelude, 16);
  return [prelude, json, ...sections];
}

/** Whether it is a state that a version of Griffin Code before this one has written, in a format that is not read any more. */
export async function isOfOlderFormat(source: ByteSource): Promise<boolean> {
  const beginning = Buffer.from(await readBytes(source, 0, 12));
  return beginning.subarray(0, 8).equals(MAGIC) && beginning.readUInt32LE(8) < STATE_FORMAT_VERSION;
}

/** What a state of any model has read, and for which folder; its numbers are not looked at. Throws UnusableState. */
export async function readHeader(source: ByteSource): Promise<Header> {
  const prelude = Buffer.from(await readBytes(source, 0, PRELUDE_BYTES));
  if (!prelude.subarray(0, 8).equals(MAGIC)) throw new UnusableState("it is not a state of Griffin Code");
  const version = prelude.readUInt32LE(8);
  if (version !== STATE_FORMAT_VERSION) {
    throw new UnusableState(
      `it has format version ${version}, and this version of Griffin Code reads ${STATE_FORMAT_VERSION}`,
    );
  }
  const length = prelude.readUInt32LE(12);
  if (length > LONGEST_HEADER) throw new UnusableState("its header is damaged");
  const json = await readBytes(source, PRELUDE_BYTES, length);
  if (!headerSum(prelude, json).equals(prelude.subarray(16))) throw new UnusableState("its header is damaged");
  return parseHeader(json, PRELUDE_BYTES + length);
}

/** Reads and checks everything. Throws UnusableState with the reason. */
export async function readState(source: ByteSource, model: StateModel): Promise<StoredState> {
  const header = await readHeader(source);
  checkModel(header, model);
  const { chain } = header;
  const position = chainPosition(chain);
  const sizes = sectionSizes(model.emptyState, position).map((count) => count * Float32Array.BYTES_PER_ELEMENT);
  const end = sizes.reduce((sum, bytes) => sum + bytes, header.dataStart);
  if (source.bytes < end) throw cutOff(source, end);
  if (source.bytes > end) throw new UnusableState(`it has ${source.bytes - end} bytes more than its header names`);
  const hash = createHash("sha256");
  const sections: Float32Array[] = [];
  let offset = header.dataStart;
  for (const bytes of sizes) {
    const section = await readBytes(source, offset, bytes);
    hash.update(section);
    sections.push(new Float32Array(section.buffer));
    offset += bytes;
  }
  if (hash.digest("hex") !== header.sha256) throw new UnusableState("its numbers are damaged");
  return { key: keyAfter(model.key, chain), state: stateOf(model.emptyState, position, sections), chain };
}

/** Takes no memory for what the source has not. */
async function readBytes(source: ByteSource, offset: number, count: number): Promise<Uint8Array<ArrayBuffer>> {
  const end = offset + count;
  if (end > source.bytes) throw cutOff(source, end);
  const bytes = new Uint8Array(count);
  if ((await source.read(bytes, offset)) < count) throw cutOff(source, end);
  return bytes;
}

function cutOff({ bytes }: ByteSource, end: number): UnusableState {
  return new UnusableState(`it is cut off: ${bytes} bytes, and ${end} at least should be there`);
}

function headerSum(prelude: Uint8Array, json: Uint8Array): Buffer {
  return createHash("sha256").update(prelude.subarray(0, 16)).update(json).digest();
}

function parseHeader(json: Uint8Array, dataStart: number): Header {
  const { model, modelKey, folder, chain, sha256 } = objectOf(parseJson(new TextDecoder().decode(json)));
  const isHeader =
    isText(model) &&
    isText(modelKey) &&
    (folder === undefined || isText(folder)) &&
    Array.isArray(chain) &&
    chain.every(isRow) &&
    isText(sha256);
  if (!isHeader) throw new UnusableState("its header lacks what a header says");
  return { model, modelKey, folder, chain: chain.map(entryOf), sha256, dataStart };
}

function checkModel({ model: name, modelKey }: Header, model: StateModel): void {
  if (modelKey === model.key) return;
  throw new UnusableState(
    name === model.name
      ? `another version of the model ${name} or of Griffin Code made it`
      : `the model ${name} made it, and this is ${model.name}`,
  );
}

type Row = [path: string, hash: string, tokens: number, readAt: number];

function rowOf({ path, hash, tokens, readAt }: ReadEntry): Row {
  return [path, hash, tokens, readAt];
}

function entryOf([path, hash, tokens, readAt]: Row): ReadEntry {
  return { path, hash, tokens, readAt };
}

function isRow(row: unknown): row is Row {
  if (!Array.isArray(row) || row.length !== 4) return false;
  return isText(row[0]) && isText(row[1]) && isCount(row[2]) && isCount(row[3]);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function bytesOf(floats: Float32Array): Uint8Array {
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
}
