import assert from "node:assert/strict";
import { planWorkspace, type WorkspaceFacts } from "../../../../src/extension/repository/workspacePlan";

const settings = { maxTokens: 1000, diskMegabytes: 3 };
const folder = { name: "w", path: "/w", read: true, exclude: ["*.sql"], encoding: "utf8" };
const facts: WorkspaceFacts = {
  folders: [folder],
  isTrusted: true,
  stateFolder: "/states",
  settings,
  exclude: ["*.sql"],
};

describe("the plan of what is read", () => {
  it("has the folders, the settings and a place for states", () => {
    assert.deepEqual(planWorkspace(facts), {
      workspace: {
        folders: [{ name: "w", path: "/w", encoding: "utf8" }],
        stateFolder: "/states",
        repository: { read: true, exclude: ["*.sql"], maxTokens: 1000, stateBudgetBytes: 3_000_000 },
      },
      reads: ["/w"],
      refusal: undefined,
    });
  });

  it("says of a folder what its own settings say", () => {
    const other = { name: "b", path: "/b", read: false, exclude: ["customer-data/", "*.sql"], encoding: "shiftjis" };
    const { workspace, reads, refusal } = planWorkspace({ ...facts, folders: [folder, other] });
    assert.deepEqual(workspace.folders, [
      { name: "w", path: "/w", encoding: "utf8" },
      { name: "b", path: "/b", isRead: false, exclude: ["customer-data/", "*.sql"], encoding: "shiftjis" },
    ]);
    assert.deepEqual([reads, refusal], [["/w"], undefined]);
  });

  it("says how long reading may take where nobody has said how much", () => {
    const { workspace } = planWorkspace({ ...facts, settings: { ...settings, maxReadMs: 900_000 } });
    assert.equal(workspace.repository.maxReadMs, 900_000);
  });

  it("reads nothing, and says why, where it may not", () => {
    const check = (changes: Partial<WorkspaceFacts>, why: RegExp): void => {
      const { workspace, reads, refusal } = planWorkspace({ ...facts, ...changes });
      assert.deepEqual([workspace.repository.read, reads], [false, []]);
      assert.match(refusal ?? "", why);
    };
    check({ isTrusted: false }, /Restricted Mode.*Trust the workspace/);
    check({ folders: [] }, /No folder/);
    check({ folders: [{ ...folder, read: false }] }, /griffin\.repository\.read/);
  });

  it("names the place for states also where none may be kept, so that those of before are removed", () => {
    const { workspace } = planWorkspace({ ...facts, settings: { ...settings, diskMegabytes: 0 } });
    assert.deepEqual([workspace.stateFolder, workspace.repository.stateBudgetBytes], ["/states", 0]);
  });
});
