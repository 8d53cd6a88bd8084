import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { ModelManager, type ModelManagerParts } from "../../../../src/extension/models/modelManager";
import { FakeHub } from "../../../support/fakeHub";
import { FakeLog } from "../../../support/fakeLog";
import { fakeSecrets } from "../../../support/fakeSecrets";
import { FakeWindow, FakeWorkspace } from "../../../support/fakeVscode";
import { useTemporaryFolder } from "../../../support/temporaryFolder";
import { jobsHere, TINY } from "./support";

describe("what was downloaded for an installation", () => {
  const storage = useTemporaryFolder();
  let hub: FakeHub;
  before(async () => {
    hub = await FakeHub.of("test/fixtures/tiny/bfloat16");
  });
  after(() => hub.stop());

  for (const isKept of [false, true]) {
    it(`${isKept ? "stays" : "goes"} with griffin.models.keepDownloads: ${isKept}`, async () => {
      const workspace = new FakeWorkspace();
      workspace.set("griffin.models.endpoint", hub.endpoint);
      workspace.set("griffin.models.keepDownloads", isKept);
      const token = { isCancellationRequested: false, onCancellationRequested: () => {} };
      Object.assign(new FakeWindow(), {
        withProgress: (_options: unknown, run: (...given: unknown[]) => unknown) => run({ report: () => {} }, token),
      });
      const context = {
        globalStorageUri: `file://${storage()}`,
        secrets: fakeSecrets(),
        asAbsolutePath: (path: string) => path,
      };
      const parts = { context, runJob: jobsHere, log: new FakeLog() };
      const manager = new ModelManager(parts as unknown as ModelManagerParts);
      const folder = await manager.install(TINY, "int8");
      const paths = [folder, manager.models.downloadOf(TINY.id)];
      assert.deepEqual(
        paths.map((path) => existsSync(path)),
        [true, isKept],
      );
    });
  }
});
