import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { ProgressReporter } from "../../../../src/extension/models/jobProgress";
import { FakeClock } from "../../../support/fakeClock";

describe("the notification of a job on a model", () => {
  const setUp = () => {
    const messages: string[] = [];
    const clock = new FakeClock();
    const reporter = new ProgressReporter({ report: ({ message }) => messages.push(message) }, clock);
    return { messages, clock, reporter };
  };
  const came = (doneBytes: number) =>
    ({ phase: "downloading", doneBytes, totalBytes: 5e9, bytesPerSecond: 1e8 }) as const;

  it("says a few times a second how far it is", async () => {
    const { messages, clock, reporter } = setUp();
    for (let second = 0; second < 1; second += 0.01) {
      reporter.show(came(1e8 * second));
      await clock.advance(10);
    }
    assert.equal(messages.length, 5);
  });

  it("says that it waits where a server sends nothing for long, until something comes", async () => {
    const { messages, clock, reporter } = setUp();
    reporter.show({ phase: "listing" });
    await clock.advance(60_000);
    reporter.show(came(1e9));
    await clock.advance(9_000);
    reporter.show(came(2e9));
    await clock.advance(60_000);
    reporter.show(came(3e9));
    assert.deepEqual(messages, [
      "listing the files",
      "listing the files, waiting for the server",
      "1.0 GB of 5.0 GB, 100 MB/s, 40 s left",
      "2.0 GB of 5.0 GB, 100 MB/s, 30 s left",
      "2.0 GB of 5.0 GB, waiting for the server",
      "3.0 GB of 5.0 GB, 100 MB/s, 20 s left",
    ]);
  });

  it("does not wait for a server while it converts, nor once it has ended", async () => {
    const { messages, clock, reporter } = setUp();
    reporter.show({ phase: "converting", doneBytes: 1, totalBytes: 2 });
    await clock.advance(60_000);
    reporter.show(came(1e9));
    reporter.end();
    await clock.advance(60_000);
    assert.equal(messages.length, 2);
  });
});
