// What a completion costs after the reading ahead of it was stopped, and what it may draw on after it has waited: with the
// bundled model's tokenizer, and without arithmetic.

import assert from "node:assert/strict";
import type { TrunkState } from "../../src/engine/baseChoice";
import { Completer } from "../../src/engine/completer";
import { Documents, type MirroredDocument } from "../../src/engine/documents";
import type { RepositoryContext } from "../../src/engine/repository/repository";
import { type Turn, undisturbed } from "../../src/engine/turn";
import { lastAdvance } from "../support/advances";
import { type ReadingModel, readingModel } from "../support/readingModel";
import { WellReadModel } from "../support/wellReadModel";

const VOCABULARY = 49_152;
const URI = "file:///a.ts";

describe("a completer", () => {
  let lm: ReadingModel;
  let document: MirroredDocument;
  let repository: RepositoryContext | undefined;
  let completer: Completer;

  beforeEach(async () => {
    lm = await readingModel(new WellReadModel(VOCABULARY, 0));
    document = new Documents().open({ uri: URI, version: 1, languageId: "typescript", path: "a.ts", text: TEXT });
    repository = undefined;
    completer = new Completer({ lm, repository: () => repository });
  });

  /** A state that has read so many tokens. */
  async function trunkOf(tokens: number, epoch = 0): Promise<TrunkState> {
    const { state } = await lm.model.forward(new Array(tokens).fill(20), lm.model.emptyState, []);
    return { state, epoch, renewal: 0 };
  }

  function complete(turn: Turn = undisturbed): Promise<unknown> {
    const { version, text } = document;
    const params = {
      uri: URI,
      version,
      offset: text.length,
      trigger: "automatic",
      maxTokens: 1,
      multiline: true,
    } as const;
    return completer.complete(document, params, turn);
  }

  it("begins from what the repository is when its turn comes, not when it was asked", async () => {
    repository = { path: "a.ts", trunk: await trunkOf(50) };
    const renewed = await trunkOf(60, 1);
    const seen = await lastAdvance(() =>
      complete({
        next: async () => {
          repository = { path: "a.ts", trunk: renewed };
        },
      }),
    );
    assert.equal(seen?.base, renewed.state);
  });
});

const TEXT = "export const shapes = [];\n".repeat(200);
