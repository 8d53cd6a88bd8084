import assert from "node:assert/strict";
import files, { readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { mock } from "node:test";
import { holderOf, isClaimed, tryClaim } from "../../../src/machine/claim";
import { whileHeldForAMoment } from "../../support/heldFiles";
import { withReplaced } from "../../support/replaced";
import { useTemporaryFolder } from "../../support/temporaryFolder";

/** Minutes. */
const LONG_AGO = 6;
const NOW = 0;

describe("a claim", () => {
  const folder = useTemporaryFolder();
  const path = () => folder("claim");
  const other = (changes: object) => JSON.stringify({ id: "other", pid: process.ppid, host: hostname(), ...changes });

  /** @param minutesAgo when it was touched last; all tests take longer than a claim may be silent */
  async function leave(text: string, minutesAgo = NOW): Promise<void> {
    await writeFile(path(), text);
    const touched = new Date(Date.now() - minutesAgo * 60_000);
    await utimes(path(), touched, touched);
  }

  it("is one process's at a time, and nobody's once it is given back", async () => {
    const claims = await Promise.all([tryClaim(path()), tryClaim(path()), tryClaim(path())]);
    const [claim] = claims.filter((one) => one !== undefined);
    assert.equal(claims.filter((one) => one !== undefined).length, 1);
    assert.deepEqual([await isClaimed(path()), await holderOf(path())], [true, `Process ${process.pid}`]);
    await claim!.release();
    assert.deepEqual([await isClaimed(path()), await readdir(folder())], [false, []]);
  });

  const ENDED = 2 ** 30;
  const LIVING = `Process ${process.ppid}`;
  const OWN = `Process ${process.pid}`;
  const NOBODY = "Another process";
  const host = "another-machine";
  type Found = [text: string, minutesAgo: number, isClaimed: boolean, isHad: boolean, holder: string];
  // What is left there, when it was touched, is it somebody's?, may it be had?, who is said to have it
  const found: Readonly<Record<string, Found>> = {
    "of a process that lives": [other({}), NOW, true, false, LIVING],
    "of one that has ended": [other({ pid: ENDED }), NOW, false, true, `Process ${ENDED}`],
    "of one with an id that is another's by now": [other({}), LONG_AGO, false, true, LIVING],
    "of this process's id, and not of this process": [other({ pid: process.pid }), NOW, false, true, OWN],
    "of another machine": [other({ pid: ENDED, host }), NOW, true, false, `Process ${ENDED} on ${host}`],
    "of another machine that is silent": [other({ host }), LONG_AGO, false, true, `${LIVING} on ${host}`],
    "of one that is just writing it": ["", NOW, true, false, NOBODY],
    "of one that could not write it": ["", LONG_AGO, false, true, NOBODY],
    "of something else": ["null", NOW, true, false, NOBODY],
    "of a number": ["1234", NOW, true, false, NOBODY],
    "of one whose process has no number": [other({ pid: "7" }), NOW, true, false, NOBODY],
  };
  for (const [name, [text, minutesAgo, isSomebodys, isHad, holder]] of Object.entries(found)) {
    it(`${name} ${isHad ? "can be taken" : "is respected"}`, async () => {
      await leave(text, minutesAgo);
      assert.equal(await isClaimed(path()), isSomebodys);
      assert.equal(await holderOf(path()), holder);
      const claim = await tryClaim(path());
      assert.equal(claim !== undefined, isHad);
      if (!isHad) assert.equal(await readFile(path(), "utf8"), text);
      await claim?.release();
      assert.deepEqual(await readdir(folder()), isHad ? [] : ["claim"]);
    });
  }

  it("that is silent is taken only by who may", async () => {
    await leave(other({}), LONG_AGO);
    assert.equal(await tryClaim(path(), false), undefined);
  });

  it("of a process that has ended goes to the quicker one of two that find it", async () => {
    await leave(other({ pid: 2 ** 30 }));
    const quicker = other({ id: "quicker" });
    const { rename } = files;
    let isFirst = true;
    const renameSecond: typeof rename = async (...names) => {
      if (isFirst) await writeFile(path(), quicker);
      isFirst = false;
      return rename(...names);
    };
    await withReplaced(files, { rename: renameSecond }, async () => assert.equal(await tryClaim(path()), undefined));
    assert.equal(await readFile(path(), "utf8"), quicker);
    assert.deepEqual(await readdir(folder()), ["claim"]);
  });

  it("is touched while it is held", async () => {
    mock.timers.enable({ apis: ["setInterval"] });
    try {
      const claim = await tryClaim(path());
      const longAgo = new Date(Date.now() - LONG_AGO * 60_000);
      await utimes(path(), longAgo, longAgo);
      mock.timers.tick(5000);
      while ((await stat(path())).mtimeMs === longAgo.getTime()) await new Promise((resolve) => setImmediate(resolve));
      assert.ok(await isClaimed(path()));
      await claim!.release();
    } finally {
      mock.timers.reset();
    }
  });

  it("that a virus scanner looks at goes a moment later", async () => {
    const claim = await tryClaim(path());
    await whileHeldForAMoment(() => claim!.release());
    assert.deepEqual(await readdir(folder()), []);
  });

  it("that cannot be removed keeps nobody out, and what cannot be moved is respected", async () => {
    const refuse = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
    const claim = await tryClaim(path());
    await withReplaced(files, { rm: refuse("EBUSY") }, () => claim!.release());
    assert.deepEqual(await readdir(folder()), ["claim"]);
    await withReplaced(files, { rename: refuse("EPERM") }, async () => {
      assert.equal(await tryClaim(path()), undefined);
    });
    const next = await tryClaim(path());
    assert.ok(next !== undefined);
    await next.release();
  });

  it("is somebody's where Windows lets nobody open it as it is being removed; another fault of the disk is told", async () => {
    const refuse = () => Promise.reject(Object.assign(new Error("EPERM"), { code: "EPERM" }));
    await leave(other({}));
    await withReplaced(files, { open: refuse }, async () => assert.equal(await tryClaim(path()), undefined));
    await withReplaced(files, { open: refuse }, () => assert.rejects(tryClaim(folder("elsewhere")), /EPERM/));
  });
});
