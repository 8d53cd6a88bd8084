import assert from "node:assert/strict";
import { NO_WORK } from "../../../../src/cli/replay/meteredModel";
import type { Keystroke, Outcome } from "../../../../src/cli/replay/player";
import { formatSummary, summarize } from "../../../../src/cli/replay/summary";

const keystroke = (outcome: Outcome, replayed = 0, readAhead = 0): Keystroke => ({
  outcome,
  work: { ...NO_WORK, replayed },
  readAhead,
  ahead: 0,
});

describe("the summary of a replay", () => {
  const summary = summarize([
    keystroke("shown"),
    keystroke("skipped", 0, 8),
    keystroke("superseded"),
    keystroke("inFlight"),
    keystroke("suggested", 2),
    keystroke("empty", 4, 1),
    keystroke("cancelled", 90),
  ]);

  it("counts how keystrokes were answered", () => {
    assert.equal(summary.keystrokes, 7);
    const once = { shown: 1, inFlight: 1, skipped: 1, superseded: 1, cancelled: 1, suggested: 1, empty: 1 };
    assert.deepEqual(summary.outcomes, once);
    assert.equal(summary.answered, 4 / 6);
    assert.equal(summary.answeredWithoutRequest, 2 / 6);
  });

  it("tells the tokens of those that reached the engine apart from those of all", () => {
    assert.deepEqual(summary.replayed, { median: 4, p95: 90, max: 90 });
    assert.deepEqual(summary.replayedPerKeystroke, { median: 2, p95: 90, max: 90 });
    assert.equal(summary.tokensPerKeystroke, 105 / 7);
  });

  it("has figures for a session without keystrokes", () => {
    assert.deepEqual(summarize([]).replayed, { median: 0, p95: 0, max: 0 });
  });

  it("is a table", () => {
    assert.match(
      formatSummary("a.jsonl", summary),
      /^a\.jsonl\n {2}keystrokes +7: 1 typed as suggested, 1 as was being written, 2 answered/,
    );
  });
});
