import assert from "node:assert/strict";
import { ChangeBatch } from "../../../../src/extension/repository/changeBatch";
import { FakeClock } from "../../../support/fakeClock";

function setUp() {
  const clock = new FakeClock();
  const sent: (readonly string[])[] = [];
  return { clock, sent, batch: new ChangeBatch(clock, (paths) => sent.push(paths)) };
}

describe("ChangeBatch", () => {
  it("makes one message of a checkout of 5,000 files, once the disk is quiet", async () => {
    const { clock, sent, batch } = setUp();
    for (let file = 0; file < 5000; file++) {
      batch.add("/w", `/w/src/${file}.ts`);
      if (file % 1000 === 0) await clock.advance(299);
    }
    await clock.advance(299);
    assert.deepEqual(sent, []);
    await clock.advance(1);
    assert.deepEqual(
      sent.map(({ length }) => length),
      [5000],
    );
    await clock.advance(10_000);
    assert.equal(sent.length, 1, "and nothing more");
  });

  it("tells a file once, however often it was written and whichever folders it lies in", async () => {
    const { clock, sent, batch } = setUp();
    for (const folder of ["/w", "/w", "/w/inner"]) batch.add(folder, "/w/inner/a.ts");
    batch.add("/w", "/w/b.ts");
    await clock.advance(300);
    assert.deepEqual(sent, [["/w/inner/a.ts", "/w/b.ts"]]);
  });

  it("does not wait for ever for quiet", async () => {
    const { clock, sent, batch } = setUp();
    for (let tenths = 0; tenths < 45; tenths++) {
      batch.add("/w", `/w/${tenths}.log`);
      await clock.advance(100);
    }
    assert.deepEqual(
      sent.map(({ length }) => length),
      [20, 20],
    );
  });

  it("names the folder where a list would be endless", async () => {
    const { clock, sent, batch } = setUp();
    for (let file = 0; file <= 20_000; file++) batch.add("/w", `/w/${file}`);
    batch.add("/other", "/other/a.ts");
    await clock.advance(300);
    assert.deepEqual(sent, [["/w", "/other/a.ts"]]);
  });

  it("drops what is never read, and does not wake for it", async () => {
    const { clock, sent, batch } = setUp();
    const check = (folder: string, path: string, isTold: boolean): Promise<void> => {
      batch.add(folder, path);
      return clock.advance(300).then(() => assert.equal(sent.splice(0).length, isTold ? 1 : 0, path));
    };
    await check("/w", "/w/.git/index.lock", false);
    await check("/w", "/w/packages/a/node_modules/b/index.js", false);
    await check("c:\\w", "c:\\w\\.git\\logs\\HEAD", false);
    await check("/w", "/w/__pycache__/a.pyc", false);
    await check("/w", "/w/.gitignore", true);
    await check("c:\\w", "c:\\w\\.git\\HEAD", true);
    await check("/w", "/w/.git/info/exclude", true);
    await check("/w", "/w/git/a.ts", true);
    await check("/home/node_modules/w", "/home/node_modules/w/a.ts", true);
  });

  it("forgets what an engine that has gone need not know", async () => {
    const { clock, sent, batch } = setUp();
    batch.add("/w", "/w/a.ts");
    batch.clear();
    await clock.advance(10_000);
    assert.deepEqual(sent, []);
  });
});
