import assert from "node:assert/strict";
import { setImmediate as yieldToMessages } from "node:timers/promises";
import fc from "fast-check";
import { STATE_FORMAT_VERSION } from "../../../../src/engine/stateStore/keys";
import { encodeState, readState, type StoredState } from "../../../../src/engine/stateStore/stateFile";
import { encodeHeader, UnusableState } from "../../../../src/engine/stateStore/stateHeader";
import { chainOf, contentsOf, keyOf, MODEL, modelNamed, stateAfter } from "./states";

const CHAIN = chainOf(2);
const STORED: StoredState = { key: keyOf(CHAIN), state: stateAfter(CHAIN), chain: CHAIN };

/** Of `encodeState`, before the sections. */
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
  return Buffer.concat([...encodeHeader(header), bytes.subarray(48 + length)]);
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

  it("lets messages through before each of its parts is summed", async () => {
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
    assert.match(await refusal(bytes), /format version 3, and this version of Griffin Code reads 2/);
    assert.match(await refusal(Buffer.alloc(5000)), /not a state of Griffin Code/);
  });

  const forgeries: Record<string, [(header: Record<string, unknown>) => void, RegExp]> = {
    "another key": [(header) => Object.assign(header, { key: keyOf(chainOf(1)) }), /key is not that of the files/],
    "another position with the same parts": [(header) => Object.assign(header, { position: 4 }), /at token 4/],
    "an earlier position": [(header) => Object.assign(header, { position: 1 }), /parts are not those/],
    "another number of files": [(header) => Object.assign(header, { files: 9 }), /disagree/],
    "no sections": [(header) => Object.assign(header, { sections: "none" }), /lacks/],
    "a missing model": [(header) => delete header.modelKey, /lacks/],
    "a part without its sum": [(header) => delete (header.sections as { sha256?: string }[]).at(-1)!.sha256, /lacks/],
    "two parts exchanged": [(header) => (header.sections as unknown[]).reverse(), /parts are not those/],
    "a part too large for memory": [
      (header) => Object.assign((header.sections as object[])[0]!, { bytes: 2 ** 31 }),
      /cut off/,
    ],
  };
  for (const [name, [change, reason]] of Object.entries(forgeries)) {
    it(`is refused with a forged header: ${name}`, async () =>
      assert.match(await refusal(await forged(change)), reason));
  }

  it("is not written for a chain that the state has not read", async () => {
    await assert.rejects(() => encode({ ...STORED, chain: chainOf(3) }), /key is not that of the files/);
    await assert.rejects(() => encode({ ...STORED, state: stateAfter(chainOf(1)) }), /at token 3/);
    const [recurrent, ...others] = STORED.state.layers;
    const state = { ...STORED.state, layers: [...others, recurrent!] };
    await assert.rejects(() => encode({ ...STORED, state }), /parts are not those/);
  });
});
