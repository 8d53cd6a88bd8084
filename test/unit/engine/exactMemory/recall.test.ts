import assert from "node:assert/strict";
import { ExactMemory } from "../../../../src/engine/exactMemory/exactMemory";
import { Recall } from "../../../../src/engine/exactMemory/recall";

const SENTENCE = [11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23];

function memoryOf(documents: Readonly<Record<string, readonly number[]>>): ExactMemory {
  const memory = new ExactMemory();
  for (const [key, tokens] of Object.entries(documents)) memory.setDocument(key, tokens);
  while (memory.work());
  return memory;
}

/** A model with no idea. */
const unsure = new Float32Array(64);

describe("Recall", () => {
  it("continues as the repository does", () => {
    const recall = new Recall({ memory: memoryOf({ a: SENTENCE }), context: [1, ...SENTENCE.slice(0, 6)] });
    const picked: number[] = [];
    for (let i = 0; i < 3; i++) {
      picked.push(recall.pick(unsure));
      recall.push(picked.at(-1)!);
    }
    assert.deepEqual(picked, SENTENCE.slice(6, 9));
    assert.equal(recall.counts.recalled, 3);
  });

  const sources: [string, Omit<ConstructorParameters<typeof Recall>[0], "context">][] = [
    ["the repository", { memory: memoryOf({ a: SENTENCE }) }],
    ["the document's text after the cursor", { after: SENTENCE }],
    ["the document's text far from the cursor", { far: memoryOf({ above: SENTENCE }) }],
  ];
  for (const [name, options] of sources) {
    it(`remembers ${name}`, () => {
      const recall = new Recall({ ...options, context: [5, ...SENTENCE.slice(0, 6)] });
      assert.equal(recall.predict()?.continuations[0]?.token, SENTENCE[6]);
    });
  }

  it("believes the document's own text more than another file's", () => {
    const begun = SENTENCE.slice(0, 4);
    const [memory, far] = [41, 40].map((token) => memoryOf({ a: [...begun, token] }));
    const recall = new Recall({ memory: memory!, far, context: begun });
    assert.deepEqual(recall.named, [40, 41]);
  });

  it("leaves what stands before the cursor to the model, which sees it", () => {
    const recall = new Recall({ context: [...SENTENCE, 5, ...SENTENCE.slice(0, 6)] });
    assert.equal(recall.predict(), undefined);
  });

  it("leaves out what the repository holds of the live document", () => {
    const memory = memoryOf({ live: SENTENCE });
    const recall = new Recall({ memory, context: SENTENCE.slice(0, 6), exclude: "live" });
    assert.equal(recall.predict(), undefined);
  });

  it("drafts what the repository says next, as far as asked, and counts what was confirmed", () => {
    const recall = new Recall({ memory: memoryOf({ a: SENTENCE }), context: SENTENCE.slice(0, 6) });
    assert.deepEqual(recall.draft(2), SENTENCE.slice(6, 8));
    const drafted = recall.draft(5);
    assert.deepEqual(drafted, SENTENCE.slice(6, 11));
    recall.push(SENTENCE[6]!);
    recall.push(SENTENCE[7]!);
    recall.push(60);
    recall.push(SENTENCE[9]!);
    assert.equal(recall.counts.drafted, 2);
  });

  it("drafts what the prompt has said before, also where there is no memory", () => {
    const recall = new Recall({ context: [1, ...SENTENCE, 5, ...SENTENCE.slice(0, 6)] });
    assert.deepEqual(recall.draft(3), SENTENCE.slice(6, 9));
  });

  it("does not draft where matches disagree", () => {
    const begun = SENTENCE.slice(0, 6);
    const endings = Object.fromEntries(
      [40, 41, 42, 43, 44, 45, 46, 47, 48, 49].map((token) => [`d${token}`, [...begun, token, 55, 56]]),
    );
    const recall = new Recall({ memory: memoryOf(endings), context: begun });
    assert.deepEqual(recall.draft(5), []);
    assert.deepEqual(new Recall({ memory: memoryOf({ ...endings }), context: [...begun, 40] }).draft(5), [55, 56]);
  });
});
