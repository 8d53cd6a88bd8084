// The bytes of a state file, every one of them under a checksum. Knows no folders and no file names.
//
//   8   "GRIFFIN\0"
//   4   format version, little-endian as all that follows
//   4   bytes of the header
//   32  SHA-256 of the 16 bytes above and the header
//   …   header: JSON that says which state this is, and name, bytes and SHA-256 of each section
//   …   the sections without gaps: the chain as JSON, then float32 numbers (sections.ts)
//
// SHA-256 because processors do it in hardware: the bundled model's 41 MB take 30 to 45 ms. Numbers are written as they lie in
// memory: every platform that onnxruntime-node is made for is little-endian.

import { setImmediate as yieldToMessages } from "node:timers/promises";
import { isCount, parseJson } from "../../text/json";
import type { State } from "../model/state";
import { chainKeys, chainPosition, type ReadEntry, type StateKey } from "./keys";
import { sectionSizes, sectionsOf, stateOf } from "./sections";
import {
  type ByteSource,
  encodeHeader,
  fill,
  type Header,
  isText,
  readHeader,
  type SectionEntry,
  type StateFacts,
  sha256,
  UnusableState,
} from "./stateHeader";

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

const CHAIN = "chain";

/**
 * The whole file in pieces, of which the numbers are still the state's own.
 * @param folder the mark of the workspace folder that it was read for
 */
export async function encodeState(
  model: StateModel,
  { key, state, chain }: StoredState,
  folder?: string,
): Promise<Uint8Array[]> {
  checkChain(model, key, state.position, chain);
  checkSections(model, state.position, [
    { name: CHAIN, bytes: 0 },
    ...sectionsOf(state).map(({ name, floats }) => ({ name, bytes: floats.byteLength })),
  ]);
  const data = [
    { name: CHAIN, bytes: Buffer.from(JSON.stringify(chain.map(rowOf))) },
    ...sectionsOf(state).map(({ name, floats }) => ({ name, bytes: bytesOf(floats) })),
  ];
  const sections: SectionEntry[] = [];
  for (const { name, bytes } of data) {
    // A key that comes meanwhile waits for one of them at most.
    await yieldToMessages();
    sections.push({ name, bytes: bytes.length, sha256: sha256(bytes).toString("hex") });
  }
  const facts: StateFacts = { key, position: state.position, files: chain.length };
  const header: Header = { ...facts, model: model.name, modelKey: model.key, ...(folder && { folder }), sections };
  return [...encodeHeader(header), ...data.map(({ bytes }) => bytes)];
}

/** What a state of any model has read, and for which folder; its numbers are not looked at. */
export async function readHistory(
  source: ByteSource,
): Promise<{ readonly chain: readonly ReadEntry[]; readonly folder: string | undefined }> {
  const { header, dataStart } = await readHeader(source);
  if (header.sections[0]?.name !== CHAIN) throw new UnusableState("its list of files is missing");
  return { chain: parseChain(await readSection(source, header.sections[0], dataStart)), folder: header.folder };
}

/** Reads and checks everything. Throws UnusableState with the reason. */
export async function readState(source: ByteSource, model: StateModel): Promise<StoredState> {
  const { header, dataStart } = await readHeader(source);
  checkModel(header, model);
  const { key, position } = header;
  checkSections(model, position, header.sections);
  let offset = dataStart;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (const section of header.sections) {
    parts.push(await readSection(source, section, offset));
    offset += section.bytes;
  }
  const chain = parseChain(parts[0]!);
  checkChain(model, key, position, chain);
  if (chain.length !== header.files) throw new UnusableState("its header and its list of files disagree");
  const floats = parts.slice(1).map((part) => new Float32Array(part.buffer));
  return { key, state: stateOf(model.emptyState, position, floats), chain };
}

async function readSection(
  source: ByteSource,
  { name, bytes, sha256: expected }: SectionEntry,
  offset: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const part = new Uint8Array(bytes);
  await fill(source, part, offset);
  if (sha256(part).toString("hex") !== expected) throw new UnusableState(`its part "${name}" is damaged`);
  return part;
}

function checkModel({ model: name, modelKey }: Header, model: StateModel): void {
  if (modelKey === model.key) return;
  throw new UnusableState(
    name === model.name
      ? `another version of the model ${name} or of Griffin Code made it`
      : `the model ${name} made it, and this is ${model.name}`,
  );
}

function checkSections(
  { emptyState, name: model }: StateModel,
  position: number,
  sections: readonly { readonly name: string; readonly bytes: number }[],
): void {
  const expected = [
    { name: CHAIN, bytes: sections[0]?.bytes },
    ...sectionSizes(emptyState, position).map(({ name, count }) => ({ name, bytes: 4 * count })),
  ];
  const fits =
    sections.length === expected.length &&
    sections.every(({ name, bytes }, i) => name === expected[i]!.name && bytes === expected[i]!.bytes);
  if (!fits) throw new UnusableState(`its parts are not those of a state of ${model} after ${position} tokens`);
}

function checkChain(model: StateModel, key: StateKey, position: number, chain: readonly ReadEntry[]): void {
  if (chainKeys(model.key, chain).at(-1) !== key) {
    throw new UnusableState("its key is not that of the files it has read");
  }
  if (chainPosition(chain) !== position) {
    throw new UnusableState(`it is at token ${position}, and the files it has read end at ${chainPosition(chain)}`);
  }
}

type Row = [path: string, hash: string, tokens: number, readAt: number];

function rowOf({ path, hash, tokens, readAt }: ReadEntry): Row {
  return [path, hash, tokens, readAt];
}

function parseChain(json: Uint8Array): ReadEntry[] {
  const rows = parseJson(new TextDecoder().decode(json));
  if (!Array.isArray(rows) || !rows.every(isRow)) throw new UnusableState("its list of files is not one");
  return rows.map(([path, hash, tokens, readAt]) => ({ path, hash, tokens, readAt }));
}

function isRow(row: unknown): row is Row {
  if (!Array.isArray(row) || row.length !== 4) return false;
  return isText(row[0]) && isText(row[1]) && isCount(row[2]) && isCount(row[3]);
}

function bytesOf(floats: Float32Array): Uint8Array {
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
}
