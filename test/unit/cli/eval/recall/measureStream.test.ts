import assert from "node:assert/strict";
import { measureStream } from "../../../../../src/cli/eval/recall/measureStream";
import { summarizeRecall } from "../../../../../src/cli/eval/recall/report";
import type { RecallResult } from "../../../../../src/cli/eval/recall/results";
import { makeStream } from "../../../../../src/cli/eval/recall/stream";
import type { LanguageModel } from "../../../../../src/engine/model/languageModel";
import { fillerFiles, windowModel } from "./support";

const DISTANCES = [200, 400, 3_000];
const WINDOW = 1_000;

async function streamFor(lm: LanguageModel) {
  const repositories = [fillerFiles("first", 2, 2_500), fillerFiles("second", 2, 2_500)];
  return makeStream(lm, repositories, { seed: 7, facts: 6, spacing: 300, after: 3_001 });
}

interface Run {
  readonly known?: readonly RecallResult[];
  readonly goesOn?: () => boolean;
  readonly runs?: { at: number; tokens: readonly number[] }[];
}

async function run({ known = [], goesOn = () => true, runs = [] }: Run = {}) {
  const lm = windowModel(WINDOW, runs);
  const results: RecallResult[] = [];
  const isDone = await measureStream(lm, await streamFor(lm), {
    name: "t",
    distances: DISTANCES,
    isKnown: (id) => known.some((result) => result.id === id),
    onResults: async (found) => void results.push(...found),
    goesOn,
  });
  return { results, isDone };
}

describe("measureStream", () => {
  /** What a run finds that nothing cuts short. */
  let whole: Awaited<ReturnType<typeof run>>;
  before(async () => {
    whole = await run();
  });

  it("finds that a window recalls what lies in it and nothing else, and that the exact memory recalls all", () => {
    const { results, isDone } = whole;
    assert(isDone);
    for (const { kind, distance, facts, exact, bitsRatio } of summarizeRecall(results).distances) {
      const what = `${kind} from ${distance}`;
      assert.equal(facts, 2, what);
      const isSeen = distance > 0 && distance < WINDOW;
      assert.equal(exact.state, isSeen ? 2 : 0, what);
      assert.equal(exact["state+memory"], distance > 0 ? 2 : 0, what);
      if (distance > 0) assert.equal(bitsRatio!.state < 0.2, isSeen, `${what}: ${bitsRatio!.state}`);
      if (distance > 0) assert(bitsRatio!["state+memory"] < 0.5, `${what}: ${bitsRatio!["state+memory"]}`);
    }
  });

  it("reads the text once, and asks from states along it", async () => {
    const runs: { at: number; tokens: readonly number[] }[] = [];
    await run({ runs });
    const stream = await streamFor(windowModel(WINDOW));
    const reading = runs.filter(({ at, tokens }) => tokens.every((token, i) => token === stream.tokens[at + i]));
    let position = 0;
    for (const { at, tokens } of reading.filter(({ tokens }) => tokens.length > 1)) {
      if (at === position) position += tokens.length;
    }
    assert.equal(position, Math.max(...stream.facts.map(({ end }) => end)) + 3_000);
    // All else is questions, a line or two each.
    const asked = runs.filter((one) => !reading.includes(one)).map(({ tokens }) => tokens.length);
    assert(asked.length > 0 && Math.max(...asked) < 100, `${Math.max(...asked)} tokens in a question`);
  });

  it("measures the text itself in bins that double, as far as it is one repository, without the facts", async () => {
    const stream = await streamFor(windowModel(WINDOW));
    const rows = summarizeRecall(whole.results).positions;
    assert.deepEqual(
      rows.map(({ position }) => position),
      [128, 256, 512, 1_024, 2_048],
    );
    const told = stream.facts.reduce((sum, { start, end }) => {
      const from = Math.max(start, 128);
      return sum + Math.max(0, Math.min(end, stream.documentEnd, 4_096) - from);
    }, 0);
    const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
    // A token is a byte. Where one run holds parts of two files, those of the second are left out.
    const all = Math.min(stream.documentEnd, 4_096) - 128 - told;
    assert(bytes <= all && bytes > all - 128, `${bytes} of ${all}`);
  });

  it("goes on where it was cut short, with the very same results", async () => {
    let left = 30;
    const cut = await run({ goesOn: () => left-- > 0 });
    assert.equal(cut.isDone, false);
    const known = cut.results;
    assert(known.length > 0 && known.length < whole.results.length);
    const rest = await run({ known });
    const sorted = (results: readonly RecallResult[]) =>
      [...results].sort((a, b) => (a.id + a.condition < b.id + b.condition ? -1 : 1));
    assert.deepEqual(sorted([...known, ...rest.results]), sorted(whole.results));
  });

  it("reads nothing when all is known", async () => {
    const runs: { at: number; tokens: readonly number[] }[] = [];
    await run({ known: whole.results, runs });
    assert.deepEqual(runs, []);
  });
});
