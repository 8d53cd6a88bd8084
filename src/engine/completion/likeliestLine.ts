// The likeliest first line. Taking the likeliest token each time need not lead there: where many ways are open, the one that
// begins best may go on into anything, while another leads to one end nearly for certain. So when the line is written, what it
// could have been is looked at, the likeliest first, as long as that is likelier than all of the line.
//
// Of 176 single lines (test/tasks/span.jsonl) 64 are exactly as expected instead of 59. Of the half that was looked at more
// closely, 52 % of the characters that are suggested stand where they should, instead of 39 %. It takes 3 runs of the model a
// line, where the line itself takes 11; 16 or 64 runs would find no more than 8.
//
// Where something else has a say, too (fittingLine.ts), it chooses among those that are nearly as likely.

import type { TokenId } from "../model/model";
import { type Ending, type FirstLine, type Fork, LEAST_SURE } from "./firstLine";
import type { Written } from "./write";

export interface Line {
  readonly firstLine: FirstLine;
  readonly written: Written;
}

/** A whole line, and ln p of it. */
export interface LikelyLine extends Line {
  readonly logShare: number;
}

/** Chooses among lines, the likeliest first. */
export type Choose = (lines: readonly LikelyLine[]) => Promise<LikelyLine>;

export interface LikeliestLine extends Line {
  /** Other whole lines that were found, the likeliest first. */
  readonly besides: readonly Written[];
  /** How other lines could begin, the likeliest first. */
  readonly starts: readonly (readonly TokenId[])[];
}

/** Where a line leaves another. */
export interface Start {
  /** What it begins with. */
  readonly tokens: readonly TokenId[];
  /** What is known of it so far. */
  readonly firstLine: FirstLine;
}

/** Runs of the model, while somebody waits, after which no other line is begun. One that was begun comes to its end. */
const MOST_RUNS = 16;
/** Of the other beginnings, so many are told: some lead to the same text, or to nothing. */
const MOST_STARTS = 4;
/** A line is written no farther than so many tokens for each of these runs, and no farther than MOST_TOKENS. */
const TOKENS_PER_RUN = 2;
/** No line of 176 was the likeliest that took longer. */
const MOST_TOKENS = 16;
/** In nats: how much less likely than the likeliest a line may be to be chosen for something else. */
const REACH = 2;

/**
 * How many of these runs fit into `patienceMs`, if each takes as long as those of the line that was written first. Somebody who
 * types waits for the last of them: where one takes 350 ms, with RecurrentGemma 9B, that would be three seconds.
 */
export function runsWithin(patienceMs: number, { generatedTokens, draftedTokens, decodeMs }: LineCost): number {
  // One for each token that was not drafted, and one that finds that the line ends there.
  const runMs = decodeMs / (generatedTokens - draftedTokens + 1);
  return Math.min(MOST_RUNS, Math.floor(patienceMs / runMs));
}

type LineCost = Pick<Written["cost"], "generatedTokens" | "draftedTokens" | "decodeMs">;

/**
 * @param greedy what was written first; it may have been given up at the share `least`
 * @param least ln p of a line that is of any use
 * @param mostRuns see `runsWithin`
 * @param writeOn writes a line on from `start`, `most` tokens at most, and gives it up when it gets less likely than `least`
 * @param choose absent: the likeliest is the one
 */
export async function likeliestLine(
  greedy: Line,
  least: number,
  mostRuns: number,
  writeOn: (start: Start, least: number, most: number) => Promise<Line>,
  choose?: Choose,
): Promise<LikeliestLine> {
  const reach = choose === undefined ? 0 : REACH;
  let found: LikelyLine[] = [];
  let bound = least;
  const open: Departure[] = [];
  const offer = (line: Line, logShare: number) => {
    if (logShare <= bound) return;
    bound = Math.max(bound, logShare - reach);
    const isSame = ({ written }: Line) => written.text === line.written.text;
    const known = found.find(isSame);
    if (known !== undefined && known.logShare >= logShare) return;
    found = [...found.filter((one) => one !== known), { ...line, logShare }];
  };
  /** Lines that were given up on the way. */
  const givenUp: LikelyStart[] = [];
  const take = (line: Line) => {
    const { firstLine, written } = line;
    // A line that the limit cut off is no candidate, as it is not known how likely all of it is; except the first one.
    if (line === greedy || written.finish === "stop") offer(line, firstLine.logShare);
    for (const ending of firstLine.endings) offer({ firstLine, written: endedAt(ending, written) }, ending.logShare);
    open.push(...firstLine.forks.map((fork) => ({ line, fork })));
  };
  take(greedy);
  const lines = [greedy];
  for (let left = mostRuns; left > 0; ) {
    open.sort((a, b) => b.fork.logShare - a.fork.logShare);
    const [departure] = open;
    if (departure === undefined || departure.fork.logShare <= bound) break;
    open.shift();
    const start = { ...startOf(departure), firstLine: departure.line.firstLine.leave(departure.fork) };
    const line = await writeOn(start, bound, Math.min(MOST_TOKENS, TOKENS_PER_RUN * mostRuns));
    const { generatedTokens, draftedTokens } = line.written.cost;
    // One run for each token that was not drafted, and one where none was written, as the line ended or was given up at once.
    left -= Math.max(1, generatedTokens - draftedTokens);
    lines.push(line);
    take(line);
    const isFound = found.some(({ written }) => written === line.written);
    if (!isFound) givenUp.push({ tokens: line.written.tokens, logShare: line.firstLine.logShare });
  }
  found.sort((a, b) => b.logShare - a.logShare);
  const near = found.filter(({ logShare }) => logShare >= bound);
  const best = (near.length > 1 && (await choose?.(near))) || (found[0] ?? greedy);
  const besides = found.filter((one) => one !== best).map(({ written }) => written);
  return {
    firstLine: best.firstLine,
    written: { ...best.written, cost: costOfAll(lines) },
    besides: besides.filter(({ isCutShort }) => !isCutShort),
    starts: likeliestOf([...givenUp, ...open.map(startOf)]),
  };
}

/** How lines could begin that leave this one, the likeliest first. */
export function startsBeside(line: Line): LikeliestLine["starts"] {
  return likeliestOf(line.firstLine.forks.map((fork) => startOf({ line, fork })));
}

interface Departure {
  readonly line: Line;
  readonly fork: Fork;
}

/** A beginning of a line, and ln p of it. */
interface LikelyStart {
  readonly tokens: readonly TokenId[];
  readonly logShare: number;
}

function startOf({ line: { written }, fork: { index, token, logShare } }: Departure): LikelyStart {
  return { tokens: [...written.tokens.slice(0, index), token], logShare };
}

function likeliestOf(starts: LikelyStart[]): LikeliestLine["starts"] {
  const likeliest = starts.sort((a, b) => b.logShare - a.logShare).slice(0, MOST_STARTS);
  return likeliest.map(({ tokens }) => tokens);
}

function endedAt({ index, text, logShare }: Ending, written: Written): Written {
  return {
    ...written,
    text,
    tokens: written.tokens.slice(0, index),
    finish: "stop",
    isCutShort: false,
    isSure: logShare >= LEAST_SURE,
  };
}

/** All that was read and written on the way, which the first line began. */
function costOfAll(lines: readonly Line[]): Written["cost"] {
  const costs = lines.map(({ written }) => written.cost);
  const sum = (of: (cost: Written["cost"]) => number) => costs.reduce((total, cost) => total + of(cost), 0);
  const { reusedTokens, replayedTokens, prefillMs } = costs[0]!;
  return {
    ...{ reusedTokens, replayedTokens, prefillMs },
    generatedTokens: sum((cost) => cost.generatedTokens),
    recalledTokens: sum((cost) => cost.recalledTokens),
    draftedTokens: sum((cost) => cost.draftedTokens),
    decodeMs: sum((cost) => cost.decodeMs + cost.prefillMs) - prefillMs,
  };
}
