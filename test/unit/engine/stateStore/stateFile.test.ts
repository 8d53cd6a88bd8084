import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { setImmediate as yieldToMessages } from "node:timers/promises";
import fc from "fast-check";
import { KvView } from "../../../../src/engine/model/kvLog";
import { STATE_FORMAT_VERSION } from "../../../../src/engine/stateStore/keys";
import { encodeState, readState, type StoredState, UnusableState } from "../../../../src/engine/stateStore/stateFile";
import { chainOf, contentsOf, keyOf, MODEL, modelNamed, stateAfter } from "./states";

const CHAIN = chainOf(2);
const STORED: StoredState = { key: keyOf(CHAIN), state: stateAfter(CHAIN), chain: CHAIN };

/** Of `encodeState`, before the numbers. */
const HEADER_PARTS = 2;

async function encode(stored = STORED, model = MODEL): Promise<Buffer> {
  return Buffer.concat(await encodeState(model, stored));
}

function read(bytes: Buffer, model = MODEL): Promise<StoredState> {
  return readState(
    { bytes: bytes.length, read: async (into, offset) => bytes.copy(into, 0, offset, offset + into.length) },
    model,
  );
}

const ENTRY = fc.record(
  { path: fc.string({ unit: "binary" }), hash: fc.string(), tokens: fc.nat(5), readAt: fc.maxSafeNat() },
  { noNullPrototype: true },
);

/** Asserts that the bytes are refused, and returns why. */
async function refusal(bytes: Buffer, model = MODEL): Promise<string> {
  const error = await read(bytes, model).then(
    () => assert.fail("it was read"),
    (error: unknown) => error,
  );
  assert(error instanceof UnusableState, `${(error as Error).stack}`);
  assert(error.message.length > 10);
  return error.message;
}

/** The file with its header changed by someone who knows how to seal it. */
async function forged(change: (header: Record<string, unknown>) => void): Promise<Buffer> {
  const bytes = await encode();
  const length = bytes.readUInt32LE(12);
  const header = JSON.parse(bytes.subarray(48, 48 + length).toString());
  change(header);
  const json = Buffer.from(JSON.stringify(header));
  const prelude = bytes.subarray(0, 16);
  prelude.writeUInt32LE(json.length, 12);
  const sum = createHash("sha256").update(prelude).update(json).digest();
  return Buffer.concat([prelude, sum, json, bytes.subarray(48 + length)]);
}

describe("a state file", () => {
  it("gives back what was written, at every position", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(ENTRY, {
          maxLength: 6,
        }),
        async (chain) => {
          const stored = { key: keyOf(chain), state: stateAfter(chain), chain };
          const found = await read(await encode(stored));
          assert.deepEqual(contentsOf(found.state), contentsOf(stored.state));
          assert.deepEqual([found.key, found.chain], [stored.key, chain]);
        },
      ),
    );
  });

  it("lets messages through before each of its parts is added to the sum", async () => {
    let parts: number | undefined;
    void encodeState(MODEL, STORED).then(({ length }) => {
      parts = length - HEADER_PARTS;
    });
    let messages = 0;
    for (; parts === undefined; messages++) await yieldToMessages();
    assert.ok(messages >= parts, `${messages} messages, ${parts} parts`);
  });

  it("goes on like the state that was saved", async () => {
    const rows = { keys: Float32Array.of(1, 2, 3, 4), values: Float32Array.of(5, 6, 7, 8) };
    const grown = ({ state }: StoredState) => ({
      position: state.position + 2,
      layers: state.layers.map((layer) =>
        layer.kind === "attention" ? { ...layer, kv: layer.kv.append(rows) } : layer,
      ),
    });
    assert.deepEqual(contentsOf(grown(await read(await encode()))), contentsOf(grown(STORED)));
  });

  it("gives a state that has room, so that going on copies nothing", async () => {
    const rows = { keys: Float32Array.of(1, 2), values: Float32Array.of(3, 4) };
    for (const layer of (await read(await encode())).state.layers) {
      if (layer.kind === "attention") assert.equal(layer.kv.append(rows).logIdentity, layer.kv.logIdentity);
    }
  });

  it("keeps the bits of numbers that are none", async () => {
    const state = stateAfter(CHAIN);
    const [recurrent] = state.layers;
    assert(recurrent?.kind === "recurrent");
    recurrent.rgLruState.set([Number.NaN, -0, Number.POSITIVE_INFINITY]);
    const found = (await read(await encode({ ...STORED, state }))).state.layers[0];
    assert(found?.kind === "recurrent" && Object.is(found.rgLruState[1], -0));
    assert.deepEqual(found.rgLruState, recurrent.rgLruState);
  });

  it("is refused with any one byte altered", async () => {
    const bytes = await encode();
    for (let at = 0; at < bytes.length; at++) {
      for (const flipped of [1 << (at % 8), 0xff]) {
        bytes[at]! ^= flipped;
        await refusal(bytes);
        bytes[at]! ^= flipped;
      }
    }
    await read(bytes);
  });

  it("is refused when cut off anywhere, or longer", async () => {
    const bytes = await encode();
    for (let length = 0; length < bytes.length; length++) {
      assert.match(await refusal(bytes.subarray(0, length)), /cut off/);
    }
    assert.match(await refusal(Buffer.concat([bytes, Buffer.of(0)])), /1 bytes more than its header names/);
  });

  it("is refused when another model made it, by that model's name", async () => {
    assert.match(await refusal(await encode(), modelNamed("other", "a")), /the model tiny made it, and this is other/);
    assert.match(await refusal(await encode(), modelNamed("tiny", "b")), /another version of the model tiny/);
  });

  it("is refused when it has another format version", async () => {
    const bytes = await encode();
    bytes.writeUInt32LE(STATE_FORMAT_VERSION + 1, 8);
    assert.match(await refusal(bytes), /format version 4, and this version of Griffin Code reads 3/);
    assert.match(await refusal(Buffer.alloc(5000)), /not a state of Griffin Code/);
  });

  const forgeries: Record<string, [(header: Record<string, unknown>) => void, RegExp]> = {
    "no list of files": [(header) => Object.assign(header, { chain: "none" }), /lacks/],
    "a file without its tokens": [(header) => (header.chain as unknown[]).push(["path", "hash"]), /lacks/],
    "a missing model": [(header) => delete header.modelKey, /lacks/],
    "no sum": [(header) => delete header.sha256, /lacks/],
    "another sum": [(header) => Object.assign(header, { sha256: "0".repeat(64) }), /numbers are damaged/],
    "fewer files": [(header) => Object.assign(header, { chain: [] }), /bytes more/],
  };
  for (const [name, [change, reason]] of Object.entries(forgeries)) {
    it(`is refused with a forged header: ${name}`, async () =>
      assert.match(await refusal(await forged(change)), reason));
  }

  it("is refused before memory is taken for numbers that it has not", async () => {
    const bytes = await forged((header) => Object.assign(header, { chain: [["path", "hash", 2 ** 50, 0]] }));
    const kv = KvView.empty({ headDim: 2, window: 2 ** 50, keepsFirst: false });
    const model = { ...MODEL, emptyState: { position: 0, layers: [{ kind: "attention" as const, kv }] } };
    assert.match(await refusal(bytes, model), /cut off/);
  });

  it("is not written with another model's parts", async () => {
    const [recurrent, ...others] = STORED.state.layers;
    const longer = { ...recurrent, rgLruState: new Float32Array(4) } as typeof recurrent & object;
    await assert.rejects(
      () => encode({ ...STORED, state: { ...STORED.state, layers: [longer, ...others] } }),
      /parts have 4,/,
    );
    await assert.rejects(() => encode({ ...STORED, state: { ...STORED.state, layers: others } }), /the model's 3,/);
  });

  it("is not written for a chain that the state has not read", async () => {
    await assert.rejects(() => encode({ ...STORED, chain: chainOf(3) }), /key is not that of the files/);
    await assert.rejects(() => encode({ ...STORED, state: stateAfter(chainOf(1)) }), /at token 3/);
  });
});
