import assert from "node:assert/strict";
import { Viewing } from "../../../../src/extension/repository/viewing";
import type { HostMessage } from "../../../../src/protocol/engine";
import { FakeClock } from "../../../support/fakeClock";

function setUp() {
  const clock = new FakeClock();
  const sent: HostMessage[] = [];
  const viewing = new Viewing(clock, (message) => sent.push(message) > 0);
  const look = (startLine: number): void => viewing.moved(() => ({ uri: "a", ranges: [{ startLine, endLine: 50 }] }));
  return { clock, sent, viewing, look };
}

describe("Viewing", () => {
  it("tells where the view comes to rest, not what it passes", async () => {
    const { clock, sent, look } = setUp();
    for (let line = 1; line <= 20; line++) {
      look(line);
      await clock.advance(200);
    }
    await clock.advance(1000);
    assert.deepEqual(sent, [{ type: "viewed", uri: "a", startLine: 20, endLine: 50 }]);
  });

  it("tells the same place once to each engine", async () => {
    const { clock, sent, viewing, look } = setUp();
    for (const isNewEngine of [false, false, true]) {
      if (isNewEngine) viewing.forget();
      look(1);
      await clock.advance(1000);
    }
    assert.equal(sent.length, 2);
  });

  it("tells every range that folding has left", async () => {
    const { clock, sent, viewing } = setUp();
    const ranges = [
      { startLine: 1, endLine: 5 },
      { startLine: 90, endLine: 99 },
    ];
    viewing.moved(() => ({ uri: "a", ranges }));
    await clock.advance(1000);
    assert.equal(sent.length, 2);
  });

  it("says nothing where there is nothing to see", async () => {
    const { clock, sent, viewing } = setUp();
    viewing.moved(() => undefined);
    await clock.advance(5000);
    assert.deepEqual(sent, []);
  });
});
