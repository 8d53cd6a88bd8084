import assert from "node:assert/strict";
import { planWorkspace, type WorkspaceFacts } from "../../../../src/extension/repository/workspacePlan";

const settings = { read: true, exclude: ["*.sql"], maxTokens: 1000, diskMegabytes: 3 };
const facts: WorkspaceFacts = {
  folders: [{ name: "w", path: "/w" }],
  isTrusted: true,
  stateFolder: "/states",
  settings,
};

describe("the plan of what is read", () => {
  it("has the folders, the settings and a place for states", () => {
    assert.deepEqual(planWorkspace(facts), {
      workspace: {
        folders: facts.folders,
        stateFolder: "/states",
        repository: { read: true, exclude: ["*.sql"], maxTokens: 1000, stateBudgetBytes: 3_000_000 },
      },
      refusal: undefined,
    });
  });

  it("says how long reading may take where nobody has said how much", () => {
    const { workspace } = planWorkspace({ ...facts, settings: { ...settings, maxReadMs: 900_000 } });
    assert.equal(workspace.repository.maxReadMs, 900_000);
  });

  it("reads nothing, and says why, where it may not", () => {
    const check = (changes: Partial<WorkspaceFacts>, why: RegExp): void => {
      const { workspace, refusal } = planWorkspace({ ...facts, ...changes });
      assert.equal(workspace.repository.read, false);
      assert.match(refusal ?? "", why);
    };
    check({ isTrusted: false }, /Restricted Mode.*Trust the workspace/);
    check({ folders: [] }, /No folder/);
    check({ settings: { ...settings, read: false } }, /griffin\.repository\.read/);
  });

  it("names the place for states also where none may be kept, so that those of before are removed", () => {
    const { workspace } = planWorkspace({ ...facts, settings: { ...settings, diskMegabytes: 0 } });
    assert.deepEqual([workspace.stateFolder, workspace.repository.stateBudgetBytes], ["/states", 0]);
  });
});
