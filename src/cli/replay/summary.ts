// From what became of each keystroke to the figures of a session, and to a table.

import { type Distribution, distributionOf } from "../distribution";
import type { Work } from "./meteredModel";
import type { Keystroke, Outcome } from "./player";

export interface ReplaySummary {
  readonly keystrokes: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Of the keystrokes at which something was to be asked: how many got an answer before the next key. */
  readonly answered: number;
  /** And how many of them without a new request to the engine. */
  readonly answeredWithoutRequest: number;
  /** What the keystrokes cost that reached the engine. */
  readonly replayed: Distribution;
  readonly reused: Distribution;
  readonly generated: Distribution;
  readonly prefillMs: Distribution;
  readonly decodeMs: Distribution;
  /** Of all keystrokes: tokens of prompts that were run for it, reading ahead included. */
  readonly replayedPerKeystroke: Distribution;
  /** All tokens that were run, prompts', written and read ahead, for each keystroke on average. */
  readonly tokensPerKeystroke: number;
  /** Of them, those that were run for the time after a suggestion is accepted. */
  readonly aheadPerKeystroke: number;
}

export function summarize(keystrokes: readonly Keystroke[]): ReplaySummary {
  const outcomes = { shown: 0, inFlight: 0, skipped: 0, superseded: 0, cancelled: 0, suggested: 0, empty: 0 };
  for (const { outcome } of keystrokes) outcomes[outcome]++;
  const asked = keystrokes.filter(({ work }) => work.replayed > 0).map(({ work }) => work);
  const cost = (key: keyof Work) => distributionOf(asked.map((work) => work[key]));
  const wanted = Math.max(1, keystrokes.length - outcomes.skipped);
  const known = outcomes.shown + outcomes.inFlight;
  const tokens = keystrokes.map(({ work, readAhead, ahead }) => work.replayed + work.generated + readAhead + ahead);
  return {
    keystrokes: keystrokes.length,
    outcomes,
    answered: (known + outcomes.suggested + outcomes.empty) / wanted,
    answeredWithoutRequest: known / wanted,
    replayed: cost("replayed"),
    reused: cost("reused"),
    generated: cost("generated"),
    prefillMs: cost("prefillMs"),
    decodeMs: cost("decodeMs"),
    replayedPerKeystroke: distributionOf(keystrokes.map(({ work, readAhead }) => work.replayed + readAhead)),
    tokensPerKeystroke: mean(tokens),
    aheadPerKeystroke: mean(keystrokes.map(({ ahead }) => ahead)),
  };
}

export function formatSummary(title: string, summary: ReplaySummary): string {
  const { outcomes } = summary;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return [
    title,
    `  keystrokes             ${summary.keystrokes}: ${outcomes.shown} typed as suggested, ` +
      `${outcomes.inFlight} as was being written, ` +
      `${outcomes.suggested + outcomes.empty} answered by the engine (${outcomes.suggested} with a suggestion), ` +
      `${outcomes.cancelled} cancelled, ${outcomes.superseded} overtaken by the next key, ` +
      `${outcomes.skipped} where nothing is asked`,
    `  answered               ${percent(summary.answered)} of where something was to be asked; ` +
      `${percent(summary.answeredWithoutRequest)} without a new request`,
    `  tokens run             ${summary.tokensPerKeystroke.toFixed(1)} a keystroke, with those written and read ahead; ` +
      `${summary.aheadPerKeystroke.toFixed(1)} of them for the time after acceptance`,
    ...(
      [
        ["replayed tokens", summary.replayed, 0],
        ["reused tokens", summary.reused, 0],
        ["generated tokens", summary.generated, 0],
        ["prefill ms", summary.prefillMs, 1],
        ["decode ms", summary.decodeMs, 1],
        ["replayed, every key", summary.replayedPerKeystroke, 0],
      ] as const
    ).map(([name, { median, p95, max }, digits]) => {
      const [middle, high, most] = [median, p95, max].map((value) => value.toFixed(digits).padStart(7));
      return `  ${name.padEnd(21)}  median ${middle}   p95 ${high}   max ${most}`;
    }),
    "",
  ].join("\n");
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
}
