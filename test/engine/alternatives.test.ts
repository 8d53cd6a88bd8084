// Several suggestions for one place, from the bundled model: forks of one state.

import assert from "node:assert/strict";
import { Completer } from "../../src/engine/completion/completer";
import { Documents } from "../../src/engine/documents";
import { loadLanguageModel } from "../../src/engine/loadLanguageModel";
import type { LanguageModel } from "../../src/engine/model/languageModel";
import type { Model } from "../../src/engine/model/model";
import { undisturbed } from "../../src/engine/modelAccess";
import { BUNDLED_MODEL } from "../support/engineHarness";

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

  for (const [index, place] of PLACES.entries()) {
    it(`${index}: differ from the suggestion and from each other, and leave it as it was`, async () => {
      const completer = new Completer({ lm });
      const offset = place.indexOf("|");
      const identity = { uri: "file:///a.ts", version: 1 };
      const text = place.replace("|", "");
      const document = new Documents().open({ ...identity, languageId: "typescript", path: "a.ts", text });
      const params = { ...identity, offset, trigger: "invoke", extent: { multiline: true, maxTokens: 40 } } as const;
      const complete = async () => {
        const result = await completer.complete(document, params, undisturbed);
        assert.equal(result.type, "success");
        return result.type === "success" ? result.text : "";
      };
      const first = await complete();
      const result = await completer.alternatives(document, params, 60_000, undisturbed);
      assert(result.type === "success");
      assert.ok(result.texts.length > 0, "nothing besides the first");
      assert.equal(new Set([first, ...result.texts]).size, 1 + result.texts.length);
      assert.ok(result.texts.every((other) => other.trim() !== ""));
      // The same suggestion comes again, and the same alternatives from an engine that knows nothing of this.
      assert.equal(await complete(), first);
      assert.deepEqual(await new Completer({ lm }).alternatives(document, params, 60_000, undisturbed), result);
      // In the middle of a word that the first suggestion has begun, too.
      const typed = first.slice(0, 1);
      const further = new Documents().open({
        ...identity,
        languageId: "typescript",
        path: "a.ts",
        text: text.slice(0, offset) + typed + text.slice(offset),
      });
      const there = { ...params, offset: offset + typed.length };
      assert.deepEqual(
        await completer.alternatives(further, there, 60_000, undisturbed),
        await new Completer({ lm }).alternatives(further, there, 60_000, undisturbed),
      );
      const hurried = await completer.alternatives(document, params, 0, undisturbed);
      assert.deepEqual(hurried, { type: "success", texts: [] });
    });
  }

  it("are written once: who asks again, because time was short, finds those that were written", async () => {
    const place = PLACES[0]!;
    const identity = { uri: "file:///a.ts", version: 1, languageId: "typescript", path: "a.ts" };
    const document = new Documents().open({ ...identity, text: place.replace("|", "") });
    const params = {
      ...identity,
      offset: place.indexOf("|"),
      trigger: "invoke",
      extent: { multiline: true, maxTokens: 40 },
    } as const;
    let runs = 0;
    const forward: Model["forward"] = (...run) => {
      runs++;
      return lm.model.forward(...run);
    };
    const { architecture, emptyState, dispose } = lm.model;
    const model: Model = { architecture, emptyState, dispose, forward };
    const completer = new Completer({ lm: { ...lm, model } });
    await completer.complete(document, params, undisturbed);
    const ask = () => completer.alternatives(document, params, 60_000, undisturbed);
    const once = await ask();
    runs = 0;
    assert.deepEqual(await ask(), once);
    assert.equal(runs, 0);
  });

  it("are found without writing the suggestion again, also after what follows it was written ahead", async () => {
    const place = PLACES[0]!;
    const offset = place.indexOf("|");
    const identity = { uri: "file:///a.ts", version: 1, languageId: "typescript", path: "a.ts" };
    const document = new Documents().open({ ...identity, text: place.replace("|", "") });
    const params = { ...identity, offset, trigger: "invoke", extent: { multiline: true, maxTokens: 40 } } as const;
    /** The runs that alternatives take after a suggestion, and perhaps after the next one. */
    const runsAfter = async (isWrittenAhead: boolean) => {
      let runs = 0;
      const { architecture, emptyState } = lm.model;
      const model: Model = {
        architecture,
        emptyState,
        forward: (...run) => {
          runs++;
          return lm.model.forward(...run);
        },
        dispose: async () => {},
      };
      const completer = new Completer({ lm: { ...lm, model } });
      const suggestion = await completer.complete(document, params, undisturbed);
      assert(suggestion.type === "success");
      if (isWrittenAhead) {
        const selected = { offset, deleted: 0, text: suggestion.text };
        await completer.complete(document, { ...params, isSpeculative: true, selected }, undisturbed);
      }
      runs = 0;
      const { type } = await completer.alternatives(document, params, 60_000, undisturbed);
      assert.equal(type, "success");
      return runs;
    };
    const runs = await runsAfter(false);
    assert.ok(runs > 0);
    assert.equal(await runsAfter(true), runs);
  });
});
