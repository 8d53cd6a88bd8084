// What a change of the corpus costs. What is found in it is tested where it is asked for: snippetIndex.test.ts.

import assert from "node:assert/strict";
import { Corpus } from "../../../../src/engine/snippets/corpus";
import { Postings } from "../../../../src/engine/snippets/postings";
import { withReplaced } from "../../../support/replaced";

describe("corpus", () => {
  it("takes a file and lets it go, whatever its name", () => {
    for (const path of ["bin/constructor", "toString", "__proto__"]) {
      const corpus = new Corpus();
      corpus.set(path, { lines: [], outline: [], chunks: [] });
      corpus.delete(path);
      assert.ok(!corpus.has(path) && !corpus.paths.has(path), path);
    }
  });

  it("sweeps one step further with each file, however many chunks that has", async () => {
    const swept = new Map<unknown, number>();
    const counted = {
      sweepOn(this: Postings) {
        swept.set(this, (swept.get(this) ?? 0) + 1);
      },
    };
    await withReplaced(Postings.prototype, counted, async () => {
      const corpus = new Corpus();
      const lines = Array.from({ length: 1000 }, (_, index) => `line${index}`);
      const chunks = lines.map((_, index) => ({ startLine: index, endLine: index + 1 }));
      corpus.set("long.ts", { lines, outline: [], chunks });
      corpus.set("long.ts", { lines, outline: [], chunks });
      corpus.delete("long.ts");
    });
    // Of the chunks and of the definitions.
    assert.deepEqual([...swept.values()], [3, 3]);
  });
});
