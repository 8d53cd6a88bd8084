// What was measured, as tables for people: one for each length, and how far ahead we are.

import { formatTable } from "../../src/cli/eval/table";
import { median } from "../../src/engine/model/timing";
import { CONTENDERS, isOurs, REFERENCE } from "./contenders";
import type { Conditions, Row } from "./results";

const FIGURES = ["loadSeconds", "prefillTokensPerSecond", "decodeTokensPerSecond", "residentMb", "peakMb"] as const;

export function formatTables(conditions: Conditions, rows: readonly Row[]): string {
  const lengths = [...new Set(rows.map(({ tokens }) => tokens))].sort((a, b) => a - b);
  const threads = `${conditions.threads} threads of ${conditions.machine}`;
  return [threads, ...lengths.map((tokens) => formatLength(tokens, joinRounds(rows, tokens)))].join("\n\n");
}

/** A contender's rounds at one length as one row: the middle figure of each. */
function joinRounds(rows: readonly Row[], tokens: number): Row[] {
  return CONTENDERS.flatMap(({ name }) => {
    const rounds = rows.filter((row) => row.contender === name && row.tokens === tokens);
    const [first] = rounds;
    if (first === undefined) return [];
    const whole = rounds.filter(({ failure }) => failure === undefined);
    const middle = (figure: (typeof FIGURES)[number]) => {
      const values = whole.flatMap((row) => row[figure] ?? []);
      return values.length === 0 ? {} : { [figure]: median(values) };
    };
    return [Object.assign({ ...(whole[0] ?? first) }, ...FIGURES.map(middle))];
  });
}

const HEAD = ["load s", "prefill tok/s", "decode tok/s", "resident MB", "peak MB", "agreement", ""];

function formatLength(tokens: number, rows: readonly Row[]): string {
  const table = formatTable(
    [`${tokens.toLocaleString("en")} tokens`, ...HEAD],
    rows.map((row) => [
      row.contender,
      digits(row.loadSeconds, 1),
      digits(row.prefillTokensPerSecond, 1),
      digits(row.decodeTokensPerSecond, 2),
      digits(row.residentMb, 0),
      digits(row.peakMb, 0),
      agreement(row),
      remark(row),
    ]),
  );
  const ahead = rows.filter(({ contender }) => isOurs(contender)).map((ours) => formatAhead(ours, rows));
  return [table, ...ahead].join("\n");
}

function formatAhead(ours: Row, rows: readonly Row[]): string {
  const others = rows.filter(({ contender, failure }) => !isOurs(contender) && failure === undefined);
  return formatTable(
    [`${ours.contender} over`, "prefill", "decode", "of the memory"],
    others.map((other) => [
      other.contender,
      ratio(ours.prefillTokensPerSecond, other.prefillTokensPerSecond),
      ratio(ours.decodeTokensPerSecond, other.decodeTokensPerSecond),
      ratio(ours.residentMb, other.residentMb),
    ]),
  );
}

function agreement({ contender, agreement: found }: Row): string {
  if (contender === REFERENCE) return "reference";
  if (found === undefined) return "";
  return `${found.correlation.toFixed(4)} ${found.sameChoice ? "same token" : "another token"} (${found.tokens})`;
}

function remark({ failure, readTokens, tokens }: Row): string {
  if (failure !== undefined) return `failed: ${failure}`;
  return readTokens === tokens ? "" : `too slow: read ${readTokens} only`;
}

function digits(value: number | undefined, count: number): string {
  return value === undefined ? "" : value.toFixed(count);
}

function ratio(a: number | undefined, b: number | undefined): string {
  return a === undefined || b === undefined ? "" : (a / b).toFixed(2);
}
