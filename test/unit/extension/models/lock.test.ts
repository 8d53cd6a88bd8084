import assert from "node:assert/strict";
import { utimesSync } from "node:fs";
import files, { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { mock } from "node:test";
import { withLock } from "../../../../src/extension/models/lock";
import { isClaimed } from "../../../../src/machine/claim";
import { withFileMethod } from "../../../support/openFiles";
import { withReplaced } from "../../../support/replaced";
import { useTemporaryFolder } from "../../../support/temporaryFolder";
import { until } from "../../../support/until";
import { HurriedClock } from "./support";

describe("the lock on the folder of models", () => {
  const at = useTemporaryFolder();
  let folder: string;
  let path: string;
  beforeEach(() => {
    [folder, path] = [at(), at(".lock")];
  });

  function lock<T>(work: () => Promise<T>, onWait = () => {}, signal = new AbortController().signal): Promise<T> {
    return withLock(path, { clock: new HurriedClock(), signal, onWait }, work);
  }

  /**
   * Waits for the lock for more looks than one that looks abandoned gets: nobody is let in, and the file stays as it is.
   * @param onLook is told which look is to come
   */
  async function assertHeld(text: string, onLook = (_look: number) => {}): Promise<void> {
    const controller = new AbortController();
    let looks = 0;
    class CountedClock extends HurriedClock {
      override after(delayMs: number, action: () => void): () => void {
        looks++;
        onLook(looks);
        if (looks === 40) controller.abort(new Error("stopped"));
        return super.after(delayMs, action);
      }
    }
    const options = { clock: new CountedClock(), signal: controller.signal, onWait: () => {} };
    await assert.rejects(
      withLock(path, options, async () => assert.fail("it was let in")),
      /^Error: stopped$/,
    );
    assert.equal(await readFile(path, "utf8"), text);
  }

  const holder = (changes: object) => JSON.stringify({ id: "other", pid: process.ppid, host: hostname(), ...changes });

  it("lets one in at a time", async () => {
    let inside = 0;
    let waits = 0;
    const work = async () => {
      assert.equal(++inside, 1);
      // Once the first is in, the others wait; later each waits already.
      await until(
        "four wait",
        () => waits,
        (count) => count === 4,
      );
      inside--;
    };
    await Promise.all(Array.from({ length: 5 }, () => lock(work, () => waits++)));
    assert.equal(waits, 4, "each that waits says so once");
    assert.deepEqual(await readdir(folder), []);
  });

  it("is given back when the work fails", async () => {
    await assert.rejects(
      lock(() => Promise.reject(new Error("no"))),
      /^Error: no$/,
    );
    assert.equal(await lock(async () => "next"), "next");
  });

  it("keeps nobody from what the work has come to where its file cannot be removed", async () => {
    const busy = () => Promise.reject(Object.assign(new Error("EBUSY"), { code: "EBUSY" }));
    await withReplaced(files, { rm: busy }, async () => {
      assert.equal(await lock(async () => "a model"), "a model");
    });
  });

  it("is taken from a process that has died, and from one that has not touched it for long", async () => {
    await writeFile(path, holder({ pid: 2 ** 30 }));
    assert.equal(await lock(async () => "dead"), "dead");
    await writeFile(path, holder({ host: "another-machine" }));
    const longAgo = new Date(Date.now() - 10 * 60_000);
    await utimes(path, longAgo, longAgo);
    assert.equal(await lock(async () => "silent"), "silent");
    await writeFile(path, "");
    await utimes(path, longAgo, longAgo);
    assert.equal(await lock(async () => "torn"), "torn");
  });

  it("is not taken from a holder that has slept with the machine, and touches it when it is awake", async () => {
    await writeFile(path, holder({}));
    const longAgo = new Date(Date.now() - 10 * 60_000);
    await utimes(path, longAgo, longAgo);
    await assertHeld(holder({}), (look) => {
      if (look === 8) utimesSync(path, new Date(), new Date());
    });
  });

  it("is not left without a holder where the disk is full, and that is said", async () => {
    const full = () => Promise.reject(Object.assign(new Error("write"), { code: "ENOSPC" }));
    const locking = withFileMethod(
      "writeFile",
      () => full,
      () => lock(async () => assert.fail("it was let in")),
    );
    await assert.rejects(locking, /^Fault: The disk is full: .*\.lock could not be written\. Free some space\./);
    assert.deepEqual(await readdir(folder), []);
    assert.equal(await isClaimed(path), false);
  });

  it("is not taken from a holder that works for long, because it touches it", async () => {
    const waiter = new HurriedClock();
    const { signal } = new AbortController();
    let isWorking = true;
    let isLetIn = false;
    let waiting: Promise<void> | undefined;
    mock.timers.enable({ apis: ["setInterval", "Date"], now: Date.now() });
    try {
      await lock(async () => {
        waiting = withLock(path, { clock: waiter, signal, onWait: () => {} }, async () => {
          isLetIn = isWorking;
          isWorking = false;
        });
        for (let minutes = 0; minutes < 12; minutes += 2) {
          mock.timers.tick(120_000);
          // As often as somebody looks before he takes an old lock.
          const looks = waiter.pauses.length + 30;
          await until("the other has looked often", () => !isWorking || waiter.pauses.length >= looks);
        }
        isWorking = false;
      });
      await waiting;
    } finally {
      mock.timers.reset();
    }
    assert.ok(!isLetIn, "it was let in");
  });
});
