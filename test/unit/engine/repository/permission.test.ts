import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { NotNow, Permission } from "../../../../src/engine/repository/permission";
import { clocksAt } from "../../../support/clocks";
import { useTemporaryFolder, writeFiles } from "../../../support/temporaryFolder";

const NOTHING = { forbidden: new Set<string>(), unknown: new Set<string>() };

describe("Permission", () => {
  const folder = useTemporaryFolder();

  const permissionOf = (clock = () => 0) =>
    new Permission({ folder: { name: "work", path: folder() }, exclude: [], switchedOff: [], clocks: clocksAt(clock) });

  it("keeps the mark that its rules are old until somebody obeys the new ones", async () => {
    const permission = permissionOf();
    permission.markRulesOld();
    await permission.load();
    assert.ok(permission.areRulesOld);
    await permission.loadNew();
    assert.ok(!permission.areRulesOld);
  });

  it("is unsure until new rules are obeyed, not only loaded", async () => {
    const permission = permissionOf();
    await permission.load();
    assert.ok(!permission.isUnsure);
    permission.markRulesOld();
    await permission.loadNew();
    assert.ok(permission.isUnsure);
    permission.noteVerdict(NOTHING);
    assert.ok(!permission.isUnsure);
    permission.markRulesOld();
    permission.noteVerdict(NOTHING);
    assert.ok(permission.isUnsure, "by the old rules nobody knows");
  });

  it("is in doubt while nobody can say of some file whether it may be read, and for a minute", () => {
    let time = 0;
    const permission = permissionOf(() => time);
    permission.markRulesOld();
    permission.throwIfInDoubt();
    const unknown = { ...NOTHING, unknown: new Set(["a.ts"]) };
    assert.deepEqual(permission.noteVerdict(unknown), NOTHING.unknown);
    assert.throws(() => permission.throwIfInDoubt(), NotNow);
    time = 61_000;
    for (const _ of [1, 2]) assert.deepEqual(permission.noteVerdict(unknown), unknown.unknown);
    permission.throwIfInDoubt();
    assert.ok(!permission.mayWaitFor(new Set(["a.ts", "b.ts"])));
    assert.ok(permission.mayWaitFor(new Set(["b.ts"])));
    permission.noteVerdict(NOTHING);
    assert.ok(!permission.mayWaitFor(unknown.unknown), "it is done without, not known");
    assert.deepEqual(permission.noteVerdict(unknown), NOTHING.unknown);
  });

  it("is unsure from when a state is taken that has read what nobody can say of, until all is judged", async () => {
    const permission = permissionOf();
    await permission.load();
    assert.ok(permission.mayWaitFor(new Set(["a.ts"])));
    assert.ok(permission.isUnsure);
    permission.noteVerdict(NOTHING);
    assert.ok(!permission.isUnsure);
  });

  it("is patient again with what was done without, once somebody can say whether it may be read", async () => {
    let time = 0;
    const permission = permissionOf(() => time);
    const unknown = new Set(["a.ts"]);
    permission.noteVerdict({ ...NOTHING, unknown });
    time = 61_000;
    permission.noteVerdict({ ...NOTHING, unknown });
    assert.equal(await permission.judge("a.ts"), "unknown");
    assert.ok(!permission.mayWaitFor(unknown));
    await permission.load();
    assert.equal(await permission.judge("a.ts"), "allowed");
    assert.ok(permission.mayWaitFor(unknown));
  });

  it("judges by what is switched off and by the rules, as far as anybody can say", async () => {
    await writeFiles(folder(), { ".gitignore": "*.log\n" });
    const permission = permissionOf();
    permission.switchOff("a.ts");
    const untold = `${"x".repeat(300)}.ts`;
    const judged = () => permission.judgeAll(["a.ts", "b.ts", "c.log", untold]);
    assert.deepEqual(await judged(), {
      forbidden: new Set(["a.ts"]),
      unknown: new Set(["b.ts", "c.log", untold]),
    });
    await permission.load();
    assert.deepEqual(await judged(), { forbidden: new Set(["a.ts", "c.log"]), unknown: new Set([untold]) });
    permission.switchOn("a.ts");
    assert.deepEqual((await judged()).forbidden, new Set(["c.log"]));
  });

  it("finds new rules of which nobody tells", async () => {
    const permission = permissionOf();
    await permission.lookForNewRules();
    await permission.load();
    await permission.lookForNewRules();
    assert.ok(!permission.areRulesOld);
    await writeFiles(folder(), { ".gitignore": "*.log\n" });
    await permission.lookForNewRules();
    assert.ok(permission.areRulesOld);
  });

  it("is told of new rules also while the first are loaded", async () => {
    const permission = permissionOf();
    const rulesChanged = (name: string) => permission.rulesChanged([join(folder(), name)]);
    assert.ok(!(await rulesChanged(".gitignore")), "the first are not read yet");
    const loading = permission.loadNew();
    assert.deepEqual([await rulesChanged(".gitignore"), await rulesChanged("a.ts")], [true, false]);
    await loading;
  });

  it("is on hold while an ignore file cannot be read", async () => {
    await writeFiles(folder(), { ".gitignore": "#".repeat(2 ** 20 + 1) });
    const permission = permissionOf();
    await assert.rejects(permission.load(), /^Error: Reading work is on hold: an ignore file cannot be opened/);
    assert.ok(permission.areRulesOld);
    assert.equal(permission.rules, undefined);
  });

  it("marks rules as old that change while they are loaded, and those that cannot be read", async () => {
    const permission = permissionOf();
    const loading = permission.loadNew();
    permission.markRulesOld();
    await loading;
    assert.ok(permission.areRulesOld);
    await rm(folder(), { recursive: true });
    await assert.rejects(permission.loadNew(), /work could not be read/);
    assert.ok(permission.areRulesOld && permission.isUnsure);
  });
});
