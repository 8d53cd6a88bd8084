import assert from "node:assert/strict";
import { Attachments } from "../../../../src/extension/chat/attachments";
import { fakeStore } from "../../../support/fakeStore";

const file = (path: string) => ({ folder: "/work", path, name: path });

describe("attachments", () => {
  it("have a chip each, and stay until they are removed", () => {
    const attachments = new Attachments(fakeStore(), assert.fail);
    attachments.addFile(file("src/a.ts"));
    attachments.addSelection({ folder: "/work", path: "b.ts", startLine: 3, endLine: 5 }, "b.ts", "text");
    attachments.addSelection({ path: "c.txt", startLine: 7, endLine: 7 }, "c.txt", "text");
    assert.deepEqual(
      attachments.chips.map(({ label }) => label),
      ["@src/a.ts", "#b.ts:3-5", "#c.txt:7"],
    );
    attachments.remove(attachments.chips[1]!.id);
    assert.deepEqual(attachments.all, [
      { type: "file", folder: "/work", path: "src/a.ts" },
      { type: "selection", path: "c.txt", startLine: 7, endLine: 7, text: "text" },
    ]);
  });

  it("are there once, with their newest text", () => {
    const attachments = new Attachments(fakeStore(), assert.fail);
    for (const text of ["old", "new"]) attachments.addSelection({ path: "c", startLine: 1, endLine: 1 }, "c", text);
    assert.equal(attachments.all.length, 1);
    assert.ok(attachments.all[0]!.type === "selection" && attachments.all[0]!.text === "new");
  });

  it("tell the cells of a notebook apart", () => {
    const attachments = new Attachments(fakeStore(), assert.fail);
    for (const name of ["n.ipynb, cell 1", "n.ipynb, cell 2"])
      attachments.addSelection({ path: "n.ipynb", startLine: 1, endLine: 2 }, name, name);
    assert.deepEqual(
      attachments.chips.map(({ label }) => label),
      ["#n.ipynb, cell 1:1-2", "#n.ipynb, cell 2:1-2"],
    );
  });

  it("are bounded in number and size", () => {
    const attachments = new Attachments(fakeStore(), assert.fail);
    for (let n = 0; n < 20; n++) assert.equal(attachments.addFile(file(`${n}.ts`)), n < 8);
    assert.equal(attachments.all.length, 8);
    assert.equal(attachments.chips[0]!.label, "@0.ts", "the first is not lost for the last");
    assert.ok(attachments.addFile(file("7.ts")), "the same again needs no room");
    attachments.remove(attachments.chips[0]!.id);
    attachments.addSelection({ path: "c", startLine: 1, endLine: 1 }, "c", "x".repeat(100_000));
    const last = attachments.all.at(-1)!;
    assert.ok(last.type === "selection" && last.text.length === 40_000);
    attachments.addSelection({ path: "c", startLine: 1, endLine: 1 }, "c", `${"x".repeat(39_999)}😀`);
    const whole = attachments.all.at(-1)!;
    assert.ok(whole.type === "selection" && whole.text === "x".repeat(39_999), "no half of a character");
  });

  it("say after a reload, too, that the repository is not to be used", () => {
    const store = fakeStore();
    const afterReload = () => new Attachments(store, assert.fail);
    assert.equal(afterReload().useRepository, true);
    afterReload().useRepository = false;
    assert.equal(afterReload().useRepository, false);
    afterReload().useRepository = true;
    assert.equal(afterReload().useRepository, true);
    assert.equal(store.values.size, 0);
  });

  it("tells the user where VS Code does not keep that the repository is not to be used", async () => {
    const told: string[] = [];
    const store = { ...fakeStore(), update: () => Promise.reject(new Error("No room.")) };
    const attachments = new Attachments(store, (sentence) => told.push(sentence));
    attachments.useRepository = false;
    await new Promise((resolve) => setImmediate(resolve));
    assert.match(told.join("\n"), /^The chat draws on the repository again after a reload, .*: No room\.$/);
  });
});
