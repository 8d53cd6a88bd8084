import assert from "node:assert/strict";
import { SNOOZE_MINUTES, Snooze } from "../../../../src/extension/completion/snooze";
import { FakeClock } from "../../../support/fakeClock";

const LENGTH_MS = SNOOZE_MINUTES * 60_000;

function setUp() {
  const clock = new FakeClock();
  const snooze = new Snooze(clock, () => clock.now());
  const told: (number | undefined)[] = [];
  snooze.onChange.on(() => told.push(snooze.endsAt));
  return { clock, snooze, told };
}

describe("the snooze", () => {
  it("ends by itself, and says so", async () => {
    const { clock, snooze, told } = setUp();
    assert.equal(snooze.endsAt, undefined);
    snooze.start();
    await clock.advance(LENGTH_MS - 1);
    assert.equal(snooze.endsAt, LENGTH_MS);
    await clock.advance(1);
    assert.equal(snooze.endsAt, undefined);
    assert.deepEqual([told[0], told.at(-1)], [LENGTH_MS, undefined]);
  });

  it("begins anew, and ends when the user has had enough of it", async () => {
    const { clock, snooze, told } = setUp();
    snooze.start();
    await clock.advance(60_000);
    snooze.start();
    assert.equal(snooze.endsAt, LENGTH_MS + 60_000);
    snooze.stop();
    assert.deepEqual([snooze.endsAt, told.at(-1)], [undefined, undefined]);
    const count = told.length;
    await clock.advance(2 * LENGTH_MS);
    assert.equal(told.length, count);
  });

  it("is over when the machine has slept through it", async () => {
    const { clock, snooze, told } = setUp();
    snooze.start();
    await clock.sleep(LENGTH_MS);
    assert.deepEqual([snooze.endsAt, told.at(-1)], [undefined, undefined]);
  });
});
