// What somebody gets on whose machine the model is slow: something soon, and all that it could be once there was time to read.

import assert from "node:assert/strict";
import { Completer } from "../../src/engine/completion/completer";
import type { Patience } from "../../src/engine/completion/patience";
import type { LanguageModel } from "../../src/engine/model/languageModel";
import type { TokenId } from "../../src/engine/model/model";
import type { State } from "../../src/engine/model/state";
import { undisturbed } from "../../src/engine/modelAccess";
import type { CompletionReport } from "../../src/protocol/engine";
import { askingAt, openDocument } from "../support/openDocument";
import { bundledTrained, Pupil } from "../support/pupil";
import { stoppedAfter } from "../support/stoppedAfter";

/** No text of it stands twice. */
const TEXT = Array.from({ length: 900 }, (_, i) => `const value${i} = read(${i * 7}, "${i * 13}");\n`).join("");
const PATIENCE: Omit<Patience, "pace"> = { readingMs: 1000, blockMs: 60_000, betterLineMs: 60_000 };
/** A second is enough for 400 tokens. */
const SLOW = 2.5;
const BRIEF = 400;

describe("a slow machine", () => {
  let lm: Omit<LanguageModel, "model">;
  let word: TokenId;
  before(async () => {
    lm = await bundledTrained(true);
    word = (await lm.tokenizer.encode("x"))[0]!;
  });

  /** Says one word, wherever it is asked. */
  class OneWord extends Pupil {
    override async forward(tokens: readonly TokenId[], state: State, rows: readonly number[]) {
      const result = await super.forward(tokens, state, rows);
      for (const [index, row] of rows.entries()) {
        const next = tokens[row] === word ? lm.about.tokens.eos : word;
        result.logits[index * this.architecture.vocabSize + next] = 20;
      }
      return result;
    }
  }

  function editing(tokenMs: number | undefined, Speaking = OneWord as typeof Pupil) {
    const model = new Speaking([], lm.about.architecture.vocabSize);
    const reports: CompletionReport[] = [];
    const completer = new Completer({
      lm: { ...lm, model },
      patience: { ...PATIENCE, pace: { tokenMs } },
      onReport: (report) => reports.push(report),
    });
    const document = openDocument(TEXT);
    const offset = TEXT.indexOf("const value700 ");
    /** How many tokens the model runs for it, and whether it was told only the lines around the cursor. */
    const complete = async (typed = "") => {
      model.runs.length = 0;
      const params = askingAt(document, offset + typed.length, { extent: { multiline: true, maxTokens: 5 } });
      await completer.complete(document, params, undisturbed);
      return { tokens: model.runs.flat().length, isBrief: reports.at(-1)!.isBrief ?? false };
    };
    const type = (typed: string) => document.change(document.version + 1, [{ offset, deleted: 0, inserted: typed }]);
    return { model, completer, document, offset, complete, type, reports };
  }

  it("is told the lines around the cursor, where the whole prompt would take more than a second", async () => {
    const { complete } = editing(SLOW);
    const { tokens, isBrief } = await complete();
    assert.equal(isBrief, true);
    assert.ok(tokens > 100 && tokens < BRIEF, `${tokens} tokens`);
  });

  it("goes on there for next to nothing", async () => {
    const { complete, type } = editing(SLOW);
    await complete();
    type("y");
    const { tokens, isBrief } = await complete("y");
    assert.equal(isBrief, true);
    assert.ok(tokens < 30, `${tokens} tokens`);
  });

  it("is told all of it once that was read while nobody waited", async () => {
    const { completer, document, offset, complete } = editing(SLOW);
    await complete();
    await completer.prepare(document, offset, undisturbed);
    const { tokens, isBrief } = await complete();
    assert.equal(isBrief, false);
    assert.ok(tokens < 5, `${tokens} tokens`);
  });

  it("is told all of it where nothing came of the lines around the cursor: whoever still waits gets what there is", async () => {
    const { completer, document, offset, reports } = editing(SLOW, Pupil);
    const params = askingAt(document, offset, { trigger: "automatic" });
    const result = await completer.complete(document, params, undisturbed);
    assert.deepEqual(result, { type: "empty", reason: "the model ended at once" });
    assert.deepEqual(
      reports.map(({ isBrief }) => isBrief ?? false),
      [true, false],
    );
    const positions = completer.places.states.map(({ position }) => position);
    assert.deepEqual(
      positions,
      positions.toSorted((a, b) => a - b),
      "what was read of those lines alone is not kept",
    );
  });

  it("has the lines around the cursor first, when it reads ahead", async () => {
    const { model, completer, document, offset, complete } = editing(SLOW);
    await assert.rejects(completer.prepare(document, offset, stoppedAfter(5)));
    assert.ok(model.runs.flat().length <= BRIEF + 128);
    const { tokens, isBrief } = await complete();
    assert.equal(isBrief, true);
    assert.ok(tokens < 5, `${tokens} tokens`);
  });

  for (const [machine, tokenMs] of [
    ["a fast one", 0.4],
    ["one of which nothing is known", undefined],
  ] as const) {
    it(`is not ${machine}: there all is read at once`, async () => {
      const { tokens, isBrief } = await editing(tokenMs).complete();
      assert.equal(isBrief, false);
      assert.ok(tokens > BRIEF, `${tokens} tokens`);
    });
  }
});
