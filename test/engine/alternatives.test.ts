// Several suggestions for one place, from the bundled model: forks of one state.

import assert from "node:assert/strict";
import { Completer } from "../../src/engine/completion/completer";
import { loadLanguageModel } from "../../src/engine/loadLanguageModel";
import type { LanguageModel } from "../../src/engine/model/languageModel";
import type { Model } from "../../src/engine/model/model";
import { withForward } from "../../src/engine/model/withForward";
import { undisturbed } from "../../src/engine/modelAccess";
import { BUNDLED_MODEL } from "../support/engineHarness";
import { askingAt, openDocument } from "../support/openDocument";

/** `|` is the cursor. The second is in the middle of a word, which the first tokens must spell. */
const PLACES = [
  "function area(shape: Shape): number {\n  return |\n}\n",
  "import { readFile } from 'node:fs/promises';\n\nexport async function load(path: string) {\n  const te|\n}\n",
  "def main():\n    parser = argparse.ArgumentParser()\n    |",
];

describe("alternatives of the bundled model", () => {
  let lm: LanguageModel;
  before(async () => {
    lm = await loadLanguageModel(BUNDLED_MODEL, { threads: 2 });
  });
  after(() => lm?.model.dispose());

  /** @param typed what was typed at the cursor since */
  function at(place: string, typed = "") {
    const [before, after] = place.split("|") as [string, string];
    const document = openDocument(before + typed + after);
    const params = askingAt(document, before.length + typed.length);
    const suggestion = async (completer: Completer) => {
      const result = await completer.complete(document, params, undisturbed);
      assert(result.type === "success");
      return result.text;
    };
    const alternatives = async (completer: Completer, withinMs = 60_000) => {
      const result = await completer.alternatives(document, params, withinMs, undisturbed);
      assert(result.type === "success");
      return result.texts;
    };
    return { document, params, suggestion, alternatives };
  }

  /** A completer, and how many runs of the model something takes. */
  function counting() {
    let runs = 0;
    const forward: Model["forward"] = (...run) => {
      runs++;
      return lm.model.forward(...run);
    };
    const completer = new Completer({ lm: { ...lm, model: withForward(lm.model, forward) } });
    const runsOf = async (work: () => Promise<unknown>) => {
      const before = runs;
      await work();
      return runs - before;
    };
    return { completer, runsOf };
  }

  for (const [index, place] of PLACES.entries()) {
    it(`${index}: differ from the suggestion and from each other, and leave it as it was`, async () => {
      const completer = new Completer({ lm });
      const { suggestion, alternatives } = at(place);
      const first = await suggestion(completer);
      const texts = await alternatives(completer);
      assert.ok(texts.length > 0, "nothing besides the first");
      assert.equal(new Set([first, ...texts]).size, 1 + texts.length);
      assert.ok(texts.every((other) => other.trim() !== ""));
      // The same suggestion comes again, and the same alternatives from an engine that knows nothing of this.
      assert.equal(await suggestion(completer), first);
      assert.deepEqual(await alternatives(new Completer({ lm })), texts);
      // In the middle of a word that the first suggestion has begun, too.
      const further = at(place, first.slice(0, 1));
      assert.deepEqual(await further.alternatives(completer), await further.alternatives(new Completer({ lm })));
      assert.deepEqual(await alternatives(completer, 0), []);
    });
  }

  it("are written once: who asks again, because time was short, finds those that were written", async () => {
    const { completer, runsOf } = counting();
    const { suggestion, alternatives } = at(PLACES[0]!);
    await suggestion(completer);
    const once = await alternatives(completer);
    assert.equal(await runsOf(async () => assert.deepEqual(await alternatives(completer), once)), 0);
  });

  it("are found without writing the suggestion again, also after what follows it was written ahead", async () => {
    const { document, params, suggestion, alternatives } = at(PLACES[0]!);
    const runsAfter = async (isWrittenAhead: boolean) => {
      const { completer, runsOf } = counting();
      const selected = { offset: params.offset, deleted: 0, text: await suggestion(completer) };
      if (isWrittenAhead) await completer.complete(document, { ...params, isSpeculative: true, selected }, undisturbed);
      return runsOf(() => alternatives(completer));
    };
    const runs = await runsAfter(false);
    assert.ok(runs > 0);
    assert.equal(await runsAfter(true), runs);
  });
});
