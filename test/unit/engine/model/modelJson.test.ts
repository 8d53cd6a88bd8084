import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { readModelFolder } from "../../../../src/engine/model/modelFolder";
import { parseModelJson } from "../../../../src/engine/model/modelJson";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

const BUNDLED = "models/griffin-code-small/model.json";

describe("model.json", () => {
  const folder = useTemporaryFolder("all tests");
  let whole: Record<string, Record<string, unknown>>;
  before(async () => {
    whole = JSON.parse(await readFile(BUNDLED, "utf8"));
  });

  it("is read as it stands, key by key, so that saved states are found again", () => {
    const { formatVersion: _, ...rest } = whole;
    const read = parseModelJson(whole);
    assert.deepEqual(read, rest);
    for (const part of ["tokens", "files"] as const)
      assert.equal(JSON.stringify(read[part]), JSON.stringify(rest[part]));
  });

  it("names the terms among the files of the bundled model, as whoever gets Gemma's weights must get a copy of them", async () => {
    const listed = Object.keys(whole.files!);
    assert.ok(listed.includes("LICENSE") && listed.includes("NOTICE"), listed.join(", "));
    const terms = await readFile(BUNDLED.replace("model.json", "LICENSE"), "utf8");
    assert.match(terms, /^Gemma Terms of Use[\s\S]+3\.2 Use Restrictions[\s\S]+Gemma Prohibited Use Policy/);
  });

  it("may name no more tokens than those that every model has", () => {
    const { bos, eos, stop } = whole.tokens!;
    assert.deepEqual(parseModelJson({ ...whole, tokens: { bos, eos, stop } }).tokens, { bos, eos, stop });
  });

  const file = { bytes: 1, sha256: "00" };
  const refused: readonly [string, (json: typeof whole) => unknown, RegExp][] = [
    ["nothing", () => null, /model\.json is not an object/],
    ["no tokens", ({ tokens: _, ...json }) => json, /model\.json\.tokens is missing/],
    ["no files", ({ files: _, ...json }) => json, /model\.json\.files is missing/],
    ["a list of tokens", (json) => ({ ...json, tokens: [2, 1] }), /tokens is not an object/],
    [
      "a token beyond the vocabulary",
      (json) => ({ ...json, tokens: { ...json.tokens, bos: 49152 } }),
      /tokens\.bos must be a whole number below 49152, not 49152/,
    ],
    [
      "a negative token",
      (json) => ({ ...json, tokens: { ...json.tokens, stop: [-1] } }),
      /tokens\.stop must be a list/,
    ],
    [
      "a token from the future",
      (json) => ({ ...json, tokens: { ...json.tokens, think: 9 } }),
      /tokens\.think is not known/,
    ],
    ["a key from the future", (json) => ({ ...json, draft: {} }), /model\.json\.draft is not known/],
    [
      "a training from the future",
      (json) => ({ ...json, trained: { ...json.trained, tools: true } }),
      /trained\.tools is not known/,
    ],
    [
      "a file with more than its facts",
      (json) => ({ ...json, files: { a: { ...file, mode: 7 } } }),
      /files\["a"\]\.mode is not known/,
    ],
    [
      "a word for a flag",
      (json) => ({ ...json, trained: { ...json.trained, instructions: "yes" } }),
      /trained\.instructions must be true or false/,
    ],
    [
      "a file without a size",
      (json) => ({ ...json, files: { a: { sha256: "00" } } }),
      /files\["a"\]\.bytes is missing/,
    ],
    [
      "a file elsewhere",
      (json) => ({ ...json, files: { "../a.safetensors": file } }),
      /which is no file of the folder/,
    ],
    [
      "an inherited key",
      (json) => ({ ...json, files: { ...json.files, constructor: 3 } }),
      /files\["constructor"\] is not an object/,
    ],
  ];
  for (const [what, change, message] of refused) {
    it(`refuses ${what}`, () => assert.throws(() => parseModelJson(change(whole)), message));
  }

  it("that is wrong is refused with its folder", async () => {
    const { trained: _, ...json } = whole;
    await writeFile(folder("model.json"), JSON.stringify(json));
    await assert.rejects(readModelFolder(folder()), ({ message }: Error) => {
      return message.includes(folder()) && /trained is missing\.$/.test(message);
    });
    await writeFile(folder("model.json"), "null");
    await assert.rejects(readModelFolder(folder()), /describes no model of Griffin Code.s: it has no formatVersion\.$/);
  });
});
