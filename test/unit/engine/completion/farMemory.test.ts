import assert from "node:assert/strict";
import { FarMemory } from "../../../../src/engine/completion/farMemory";
import { type LiveText, liveText } from "../../../../src/engine/completion/liveText";
import { Documents, type MirroredDocument } from "../../../../src/engine/documents";
import type { LanguageModel } from "../../../../src/engine/model/languageModel";
import { undisturbed } from "../../../../src/engine/modelAccess";

const lm = {
  tokenizer: { encode: async (text: string) => [...text].map((character) => character.charCodeAt(0)) },
} as unknown as LanguageModel;

/** 24,000 units are 2,000 of these lines. */
const TEXT = Array.from({ length: 6_000 }, (_, index) => `line ${String(index).padStart(6, "0")}\n`).join("");
const CURSOR = 3_000;
const START = 2_900;

interface Change {
  /** Of the cursor and of the prompt's beginning. */
  readonly cursor?: number;
  readonly start?: number;
  /** Where a line is written. */
  readonly written?: number;
}

function offsetOf(document: MirroredDocument, line: number): number {
  return document.text.indexOf(`line ${String(line).padStart(6, "0")}\n`);
}

function at(document: MirroredDocument, { cursor = CURSOR, start = START }: Change = {}): LiveText {
  return liveText(document, { offset: offsetOf(document, cursor) }, undefined, offsetOf(document, start));
}

async function remembered() {
  const document = new Documents().open({ uri: "file:///a", version: 1, languageId: "plaintext", text: TEXT });
  const memory = new FarMemory(lm);
  await memory.remember(at(document), undisturbed);
  const changed = (change: Change) => {
    if (change.written !== undefined)
      document.change(2, [{ offset: offsetOf(document, change.written) + 3, deleted: 0, inserted: "new\n" }]);
    return at(document, change);
  };
  return { document, memory, changed };
}

describe("what is remembered of a document's far lines", () => {
  const cases: readonly { when: string; change: Change; isKept: boolean }[] = [
    { when: "nothing happens", change: {}, isKept: true },
    { when: "the cursor goes up a line", change: { cursor: CURSOR - 1 }, isKept: true },
    { when: "the cursor goes down a line", change: { cursor: CURSOR + 1 }, isKept: true },
    { when: "the cursor goes down into its lines", change: { cursor: CURSOR + 100 }, isKept: false },
    { when: "the prompt begins farther down", change: { start: START + 50 }, isKept: true },
    { when: "the prompt begins in its lines", change: { start: START - 1 }, isKept: false },
    { when: "something is written at the cursor", change: { written: CURSOR }, isKept: true },
    {
      when: "something is written above it in the prompt",
      change: { written: CURSOR - 5, cursor: CURSOR - 3 },
      isKept: true,
    },
    { when: "something is written in its lines above", change: { written: START - 10 }, isKept: false },
    { when: "something is written in its lines below", change: { written: CURSOR + 500 }, isKept: false },
    { when: "something is written far above its lines", change: { written: 10 }, isKept: true },
    { when: "something is written far below its lines", change: { written: 5_900 }, isKept: true },
  ];
  for (const { when, change, isKept } of cases) {
    it(`is ${isKept ? "kept" : "not used"} when ${when}`, async () => {
      const { memory, document, changed } = await remembered();
      const before = memory.of(at(document));
      assert.notEqual(before, undefined);
      assert.equal(memory.of(changed(change)), isKept ? before : undefined);
      assert.equal(memory.fork().of(at(document, change)), isKept ? before : undefined);
    });
  }

  const rests: readonly { it: string; change: Change; isKept: boolean }[] = [
    { it: "stays when the cursor rests a few lines above", change: { cursor: CURSOR - 5 }, isKept: true },
    { it: "is made anew when it rests far above", change: { cursor: CURSOR - 80 }, isKept: false },
    { it: "is made anew when the prompt begins elsewhere", change: { start: START + 50 }, isKept: false },
  ];
  for (const { it: title, change, isKept } of rests) {
    it(title, async () => {
      const { memory, document, changed } = await remembered();
      const before = memory.of(at(document));
      const live = changed(change);
      await memory.remember(live, undisturbed);
      assert.equal(memory.of(live) === before, isKept);
      assert.notEqual(memory.of(live), undefined);
    });
  }
});
