import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { measureRestoring } from "../../../../src/cli/bench/restoring";
import type { LanguageModel } from "../../../../src/engine/model/languageModel";
import { FakeModel } from "../../../support/fakeModel";
import { whileHeld } from "../../../support/heldFiles";
import { withReplaced } from "../../../support/replaced";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

describe("how soon a saved state is back", () => {
  const folder = useTemporaryFolder();

  async function measuredIn(temporary: string) {
    const model = new FakeModel();
    const about = { name: "fake", tokens: { bos: 2 }, trained: {} };
    const { state } = await model.forward([2, 5, 6], model.emptyState, []);
    return withReplaced(process.env, { TMPDIR: temporary, TEMP: temporary, TMP: temporary }, () =>
      measureRestoring({ model, about } as unknown as LanguageModel, state),
    );
  }

  it("is measured, and nothing is left", async () => {
    const found = await measuredIn(folder());
    assert.ok("tokens" in found);
    assert.equal(found.tokens, 3);
    assert.deepEqual(await readdir(folder()), []);
  });

  it("is measured also where the file cannot be removed", async () => {
    assert.ok("tokens" in (await whileHeld(() => measuredIn(folder()))));
  });

  it("is not, where the state cannot be kept, and why is said", async () => {
    const found = await measuredIn(folder("missing"));
    assert.match("problem" in found ? found.problem : "", /There is no .*missing/);
  });
});
