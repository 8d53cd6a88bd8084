import assert from "node:assert/strict";
import { Generation } from "../../../src/ghostText/generation";
import type { CompleteResult } from "../../../src/protocol/engine";
import { FakeClock } from "../../support/fakeClock";
import { success } from "../../support/fakeEngineProcess";

const PLACE = { uri: "file:///a", version: 2, offset: 0 };

/** A generation that was told `streamed` and followed `typed`, and then gets `result`. */
async function generated(streamed: string, typed: string, result: CompleteResult) {
  let finish: (result: CompleteResult) => void = () => {};
  let tell: (text: string) => void = () => {};
  const engine = {
    complete: (_: unknown, __: unknown, onText: (text: string) => void) => {
      tell = onText;
      const result = new Promise<CompleteResult>((resolve) => {
        finish = resolve;
      });
      return { result, hurry: () => {} };
    },
    prepare: () => {},
  };
  const params = { ...PLACE, trigger: "automatic", extent: { multiline: false, maxTokens: 32 } } as const;
  const generation = new Generation(engine, params, new FakeClock(), "");
  tell(streamed);
  if (typed !== "") generation.follow(3, [{ offset: 0, deleted: 0, inserted: typed }]);
  finish(result);
  const place = { ...PLACE, version: typed === "" ? 2 : 3, offset: typed.length };
  return { result: await generation.result, rest: generation.completion.remainder(place)?.text };
}

const LIKELIER = { ...success("render(scene);"), streamed: "paint(top);" };

describe("a generation", () => {
  it("ends with the likelier line, which was found after what was told on the way", async () => {
    const { result, rest } = await generated("paint(top", "", LIKELIER);
    assert.deepEqual([result.type === "success" && result.text, rest], ["render(scene);", "render(scene);"]);
  });

  it("ends with what was told on the way where somebody has gone on with that", async () => {
    const { result, rest } = await generated("paint(top", "pa", LIKELIER);
    assert.deepEqual([result.type === "success" && result.text, rest], ["paint(top);", "int(top);"]);
  });

  it("ends with nothing where what was typed is neither", async () => {
    const { result } = await generated("p", "pr", LIKELIER);
    assert.deepEqual(result, { type: "cancelled", reason: "typed otherwise" });
  });
});
