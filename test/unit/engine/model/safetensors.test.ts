import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import fc from "fast-check";
import {
  byteLength,
  layoutSafetensors,
  readSafetensorsHeader,
  type TensorSpec,
} from "../../../../src/engine/model/safetensors";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

const small = new Map<string, TensorSpec>([
  ["bytes", { dtype: "U8", shape: [3] }],
  ["floats", { dtype: "F32", shape: [2, 2] }],
]);

describe("safetensors", () => {
  const folder = useTemporaryFolder("all tests");
  let file: string;
  before(() => {
    file = folder("model.safetensors");
  });

  /** Writes a file with this header (text or JSON) and `dataBytes` of data, and reads it back. */
  async function read(header: unknown, dataBytes: number) {
    const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    await writeFile(file, Buffer.concat([length, text, Buffer.alloc(dataBytes)]));
    return readSafetensorsHeader(file);
  }

  it("puts larger elements first and the data at a multiple of 64", () => {
    const { tensors, header } = layoutSafetensors(small);
    assert.equal(header.length % 64, 0);
    assert.deepEqual(tensors.get("floats"), { dtype: "F32", shape: [2, 2], offset: header.length, bytes: 16 });
    assert.deepEqual(tensors.get("bytes"), { dtype: "U8", shape: [3], offset: header.length + 16, bytes: 3 });
  });

  it("reads back every layout that it writes, each tensor aligned to its element", async () => {
    const spec = fc.record({
      dtype: fc.constantFrom("F32" as const, "BF16" as const, "I8" as const, "U8" as const),
      shape: fc.array(fc.nat(5), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), spec), async (specs) => {
        const layout = layoutSafetensors(new Map(Object.entries(specs)));
        await writeFile(file, Buffer.concat([layout.header, Buffer.alloc(layout.fileBytes - layout.header.length)]));
        const tensors = await readSafetensorsHeader(file);
        assert.deepEqual(tensors, layout.tensors);
        for (const entry of tensors.values()) assert.equal(entry.offset % byteLength({ ...entry, shape: [] }), 0);
      }),
      { numRuns: 50, examples: [[JSON.parse('{ "__proto__": { "dtype": "U8", "shape": [3] } }')]] },
    );
  });

  it("skips metadata", async () => {
    const tensors = await read(
      { __metadata__: { format: "pt" }, a: { dtype: "I8", shape: [], data_offsets: [0, 1] } },
      1,
    );
    assert.deepEqual([...tensors.keys()], ["a"]);
  });

  it("says what is wrong with a broken file", async () => {
    const a = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
    const cases: [header: unknown, dataBytes: number, message: RegExp][] = [
      [{ a }, 7, /model\.safetensors cannot be read as safetensors: it is cut off/],
      [{ a }, 9, /1 bytes more than its header names/],
      ["{", 0, /header is not a JSON object/],
      ["[]", 0, /header is not a JSON object/],
      [{ a: 1 }, 0, /entry for "a" is not an object/],
      [{ a: { ...a, dtype: "Q4" } }, 8, /"a" has the type "Q4"/],
      [{ a: { ...a, dtype: "toString" } }, 8, /"a" has the type "toString"/],
      [{ a: { ...a, shape: [-2] } }, 8, /"a" has no valid shape/],
      [{ a: { ...a, data_offsets: [0] } }, 8, /"a" has no valid data_offsets/],
      [{ a: { ...a, shape: [3] } }, 8, /"a" has 8 bytes where F32 \[3\] takes 12/],
      [{ a, b: a }, 8, /"b" does not begin where the one before it ends/],
      [{ a: { ...a, data_offsets: [8, 16] } }, 16, /"a" does not begin where/],
    ];
    for (const [header, dataBytes, message] of cases) await assert.rejects(read(header, dataBytes), { message });
  });

  it("tells a file that is no safetensors file, or ends in its header", async () => {
    await writeFile(file, "short");
    await assert.rejects(readSafetensorsHeader(file), /too short to hold a header/);
    await writeFile(file, "version https://git-lfs.github.com/spec/v1\n");
    await assert.rejects(readSafetensorsHeader(file), /does not begin with a safetensors header/);
    await writeFile(file, layoutSafetensors(small).header.subarray(0, 40));
    await assert.rejects(readSafetensorsHeader(file), /its header needs \d+ bytes, and the file has 40/);
  });

  it("names a file that the system cannot read", async () => {
    // Windows has another code for a folder.
    await assert.rejects(
      readSafetensorsHeader("test/fixtures"),
      /^Error: test\/fixtures cannot be read \(E[A-Z]+\)\. /,
    );
    await assert.rejects(readSafetensorsHeader(`${file}.gone`), /model\.safetensors\.gone cannot be read \(ENOENT\)/);
  });

  it("reads what the reference writer wrote", async () => {
    const tensors = await readSafetensorsHeader("test/fixtures/tiny/bfloat16/model.safetensors");
    assert.deepEqual(tensors.get("model.embed_tokens.weight")?.shape, [101, 64]);
    assert.equal(tensors.get("model.embed_tokens.weight")?.dtype, "BF16");
  });
});
