// The places of a document to which somebody comes back, as a completer remembers them.

import assert from "node:assert/strict";
import { Completer } from "../../src/engine/completion/completer";
import type { LanguageModel } from "../../src/engine/model/languageModel";
import type { TokenId } from "../../src/engine/model/model";
import { Cancelled, undisturbed } from "../../src/engine/modelAccess";
import type { DocumentOffer } from "../../src/engine/repository/offer";
import { askingAt, openDocument } from "../support/openDocument";
import { bundledTrained, Pupil } from "../support/pupil";
import { stoppedAfter } from "../support/stoppedAfter";
import { WellReadModel } from "../support/wellReadModel";

const LINES = 900;
/** No text of it stands twice. */
const TEXT = Array.from({ length: LINES }, (_, i) => `const value${i} = read(${i * 7}, "${i * 13}");\n`).join("");

describe("the places of a document", () => {
  let lm: Omit<LanguageModel, "model">;
  before(async () => {
    lm = await bundledTrained(true);
  });

  function editing(model: Pupil | WellReadModel = new Pupil([], lm.about.architecture.vocabSize)) {
    const completer = new Completer({ lm: { ...lm, model } });
    const document = openDocument(TEXT);
    const offsetOf = (line: number) => document.text.indexOf(`const value${line} `);
    /** How many tokens the model reads to be ready at a line. */
    const readAt = async (line: number) => {
      model.runs.length = 0;
      await completer.prepare(document, offsetOf(line), undisturbed);
      return model.runs.flat().length;
    };
    const completeAt = async (line: number) => {
      const extent = { maxTokens: 1, multiline: false };
      const params = askingAt(document, offsetOf(line), { trigger: "automatic", extent });
      await completer.complete(document, params, undisturbed);
    };
    const insertAt = (line: number, inserted: string) =>
      document.change(document.version + 1, [{ offset: offsetOf(line), deleted: 0, inserted }]);
    return { completer, document, offsetOf, readAt, completeAt, insertAt };
  }

  it("are read once: who adds an import far above, comes back for nothing", async () => {
    const { readAt, insertAt } = editing();
    const first = await readAt(700);
    assert.ok(first > 500, `${first} tokens`);
    assert.ok((await readAt(3)) > 100);
    insertAt(0, 'import { read } from "./read";\n');
    await readAt(3);
    assert.equal(await readAt(700), 0);
  });

  it("keep what is typed there", async () => {
    const { readAt, insertAt } = editing();
    await readAt(700);
    insertAt(700, "read(1);\n");
    await readAt(700);
    await readAt(3);
    assert.equal(await readAt(700), 0);
  });

  it("are read again where their text has changed meanwhile, as far as it has", async () => {
    const { readAt, insertAt } = editing();
    await readAt(700);
    await readAt(300);
    insertAt(698, "changed();\n");
    const again = await readAt(700);
    assert.ok(again > 0 && again < 100, `${again} tokens`);
  });

  it("know whether a completion was asked for there", async () => {
    const { completer, readAt, completeAt } = editing();
    await readAt(100);
    await readAt(700);
    await completeAt(100);
    assert.deepEqual(
      completer.places.oldestFirst.map(({ isCompletedIn }) => isCompletedIn),
      [false, true],
    );
  });

  it("are few: the one where nobody was for longest is forgotten", async () => {
    const { readAt } = editing();
    for (const line of [700, 100, 300, 500, 800]) await readAt(line);
    assert.equal(await readAt(300), 0);
    assert.ok((await readAt(700)) > 100);
  });

  it("are not forgotten where somebody writes, however many others are looked at", async () => {
    const { readAt, completeAt } = editing();
    await readAt(700);
    await completeAt(700);
    for (const line of [100, 200, 300, 400, 500, 600]) await readAt(line);
    assert.equal(await readAt(700), 0);
    assert.equal(await readAt(600), 0);
    assert.ok((await readAt(100)) > 100);
  });

  it("are kept where two are looked at in turns, also where somebody writes at all others", async () => {
    const { readAt, completeAt } = editing();
    for (const line of [700, 100, 300]) {
      await readAt(line);
      await completeAt(line);
    }
    for (const line of [500, 800]) await readAt(line);
    assert.equal(await readAt(500), 0);
    assert.equal(await readAt(800), 0);
    assert.equal(await readAt(300), 0);
    assert.ok((await readAt(700)) > 100);
  });

  it("are moved along by no edit any more once they are forgotten", async () => {
    const { completer, readAt, insertAt } = editing();
    await readAt(700);
    const [left] = completer.places.oldestFirst;
    for (const line of [100, 300, 500, 800]) await readAt(line);
    assert.ok(!completer.places.oldestFirst.includes(left!));
    const { start, cursor } = left!;
    insertAt(0, "import a;\n");
    assert.deepEqual([left!.start, left!.cursor], [start, cursor]);
  });

  it("are not those where a click in passing read nothing", async () => {
    const { completer, document, offsetOf, readAt } = editing();
    await readAt(700);
    const refused = { nextRun: () => Promise.reject(new Cancelled("the next click")) };
    for (const line of [100, 200, 300, 400]) {
      await assert.rejects(completer.prepare(document, offsetOf(line), refused), Cancelled);
    }
    assert.equal(await readAt(700), 0);
  });

  it("are kept where the cursor only moves a little: who corrects something two lines above, comes back for next to nothing", async () => {
    const { readAt, insertAt } = editing();
    await readAt(700);
    await readAt(698);
    insertAt(698, "x();\n");
    await readAt(698);
    const again = await readAt(700);
    assert.ok(again < 200, `${again} tokens`);
    assert.equal(await readAt(698), 0);
  });

  it("are not made anew by each deletion behind the cursor", async () => {
    const { completer, document, offsetOf, readAt } = editing();
    await readAt(700);
    await readAt(100);
    for (let i = 0; i < 3; i++) {
      document.change(document.version + 1, [
        { offset: offsetOf(100) + "const value100 ".length, deleted: 1, inserted: "" },
      ]);
      await readAt(100);
    }
    assert.equal(completer.places.oldestFirst.length, 2);
  });

  it("are kept where the cursor moves a little after a key that nothing was read for", async () => {
    const { document, offsetOf, readAt } = editing();
    await readAt(700);
    document.change(document.version + 1, [{ offset: offsetOf(700), deleted: 0, inserted: "x();\n" }]);
    await readAt(698);
    const again = await readAt(700);
    assert.ok(again < 200, `${again} tokens`);
  });

  it("are kept also where the logs of what was read there were full shortly before the cursor", async () => {
    const shape = { headDim: 1, window: 511, keepsFirst: false };
    const { readAt, insertAt } = editing(new WellReadModel(lm.about.architecture.vocabSize, 0, shape));
    await readAt(700);
    await readAt(698);
    insertAt(698, "x();\n");
    await readAt(698);
    const again = await readAt(700);
    assert.ok(again < 300, `${again} tokens`);
  });

  it("stay where they are far away, however often the cursor moves a little", async () => {
    const { readAt, insertAt } = editing();
    await readAt(700);
    await readAt(100);
    for (let line = 300; line < 310; line++) {
      insertAt(line, "x();\n");
      await readAt(line);
    }
    assert.equal(await readAt(700), 0);
    assert.equal(await readAt(100), 0);
  });

  it("are not read again when the document's folder is found, also by a model that is told no suffix", async () => {
    const model = new Pupil([], lm.about.architecture.vocabSize);
    const offers: DocumentOffer[] = [{}];
    const untold = { ...(await bundledTrained(false)), model };
    const completer = new Completer({ lm: untold, repository: () => offers.at(-1) });
    const document = openDocument(TEXT);
    const readAt = async (offset: number) => {
      model.runs.length = 0;
      await completer.prepare(document, offset, undisturbed);
      return model.runs.flat().length;
    };
    // One place goes down, and its prompt grows.
    const offsets = [300, 308, 316, 324].map((line) => TEXT.indexOf(`const value${line} `));
    for (const offset of offsets) await readAt(offset);
    offers.push({ path: "a.ts" });
    assert.equal(await readAt(offsets.at(-1)!), 0);
  });

  it("count the repository's state that was chosen for the next prompt, also where another document is in use before that is read", async () => {
    const model = new WellReadModel(lm.about.architecture.vocabSize, 500);
    const trunkOf = async (tokens: number, renewal: number) => {
      const { state } = await model.forward(Array<TokenId>(tokens).fill(10), model.emptyState, []);
      return { state, epoch: 0, renewal };
    };
    const [trunk, renewed] = [await trunkOf(600, 0), await trunkOf(700, 1)];
    let offer: DocumentOffer = { path: "a.ts", trunk };
    const completer = new Completer({ lm: { ...lm, model }, repository: () => offer });
    const document = openDocument(TEXT);
    await completer.prepare(document, 5_000, undisturbed);
    offer = { path: "a.ts", trunk: renewed };
    // The first rest ends before all is compared, and the second before what was chosen is read.
    for (let rest = 0; rest < 2; rest++) {
      await assert.rejects(completer.prepare(document, 5_000, stoppedAfter(12)), Cancelled);
    }
    completer.shrink();
    for (const { state } of [trunk, renewed]) assert.ok(completer.places.states.includes(state));
  });

  it("are forgotten but for the last one once another document is in use", async () => {
    const { completer, readAt } = editing();
    await readAt(700);
    await readAt(300);
    completer.shrink();
    assert.equal(await readAt(300), 0);
    assert.ok((await readAt(700)) > 100);
  });
});
