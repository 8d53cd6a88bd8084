// griffin bench: how fast the model reads and writes on this machine, what it takes in memory, how soon its state is
// back, and how soon a key gets a suggestion.

import { writeFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { greedy } from "../engine/decoding/logits";
import { chunkTokensOf } from "../engine/decoding/sequence";
import { loadLanguageModel } from "../engine/loadLanguageModel";
import type { Model, TokenId } from "../engine/model/model";
import type { State } from "../engine/model/state";
import { median } from "../engine/model/timing";
import { describeTuning } from "../engine/tuning/describe";
import { size } from "../text/size";
import { drawCurves } from "./bench/drawing";
import { type FlatPoint, measureFlatness } from "./bench/flat";
import { measureRestoring, type Restoring } from "./bench/restoring";
import { readStretch } from "./bench/stretch";
import { measureTyping, type Typing } from "./bench/typing";
import { mostMemoryBytes, processors } from "./machine";
import { jsonOption, modelOption, threadsOption } from "./options";
import { tunedLoad } from "./tunedLoad";
import { UsageError } from "./usageError";
import { checkFile } from "./writable";

interface Options {
  readonly model: string;
  readonly threads: number;
  readonly quick?: boolean;
  readonly flat?: boolean;
  readonly draw?: string;
  readonly json?: boolean;
}

interface Bench {
  readonly model: string;
  readonly machine: string;
  /** How the model is run here: threads, tokens of a run, provider. */
  readonly tuning: string;
  /** From nothing to the first logits. */
  readonly startMs: number;
  /** Tokens of the engine's own runs. */
  readonly ownChunk: number;
  /** Tokens a second from the sequence's beginning, by tokens in a run. */
  readonly prefillByChunk: readonly { readonly chunk: number; readonly tokensPerSecond: number }[];
  /** At a distance from the beginning: reading in the engine's own chunks, and writing one token (median). */
  readonly byPosition: readonly {
    readonly position: number;
    readonly prefillTokensPerSecond: number;
    readonly decodeMs: number;
  }[];
  /** Resident memory after the start, and the most that it ever was. */
  readonly residentMb: number;
  readonly peakMb: number;
  /** The state after all that was read, or why it could not be kept. */
  readonly restoring: Restoring | { readonly problem: string };
  readonly typing: Typing;
}

export function addBenchCommand(program: Command): void {
  program
    .command("bench")
    .description(
      "measure reading and writing speed, start-up time, memory, how soon a saved state is back, and how soon a key gets a suggestion",
    )
    .addOption(
      new Option("--quick", "measure only a few hundred tokens, for large models and slow machines").conflicts("flat"),
    )
    .option(
      "--flat",
      "measure instead what a token costs at positions 1,000 to 500,000 (beyond 10,000 the state is moved there, not read)",
    )
    .option("--draw <file>", "with --flat: write the curves as SVG")
    .addOption(modelOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action((options: Options) => {
      if (options.draw !== undefined && !options.flat)
        throw new UsageError("--draw draws what --flat measures: give --flat, too.");
      return options.flat ? benchFlat(options) : bench(options);
    });
}

const CHUNKS = [16, 64, 128, 256, 512];
const POSITIONS = [512, 2048, 4096, 8192];
/** Tokens of one prefill measurement. */
const STRETCH = 512;
/** While some code is typed, the engine is asked at every second key. */
const ASK_EVERY = 2;
/** With --quick: one measurement of each kind, and few of typing. */
const QUICK = { positions: [256], stretch: 256, askEvery: 12 };
const DECODED_TOKENS = 32;

async function bench(options: Options): Promise<void> {
  const began = performance.now();
  const lm = await loadLanguageModel(options.model, tunedLoad(options.threads));
  const { model, about, tuning } = lm;
  await model.forward([about.tokens.bos], model.emptyState, [0]);
  const startMs = performance.now() - began;
  const residentMb = process.memoryUsage.rss() / 1e6;

  const ownChunk = chunkTokensOf(model);
  const { chunks, positions, stretch, askEvery } = options.quick
    ? { chunks: [ownChunk], ...QUICK }
    : { chunks: CHUNKS, positions: POSITIONS, stretch: STRETCH, askEvery: ASK_EVERY };
  const tokens = pseudoText(Math.max(...positions) + stretch, about.architecture.vocabSize);
  const prefillByChunk = [];
  for (const chunk of chunks) {
    prefillByChunk.push({ chunk, tokensPerSecond: await prefillSpeed(model, tokens.slice(0, stretch), chunk) });
  }
  const { byPosition, state } = await measurePositions(model, tokens, positions, stretch);
  const peakMb = mostMemoryBytes() / 1e6;
  const result: Bench = {
    model: about.name,
    machine: `${processors()}, Node ${process.versions.node}`,
    tuning: tuning === undefined ? "Nothing was measured." : `${describeTuning(tuning)}.`,
    startMs,
    ownChunk,
    prefillByChunk,
    byPosition,
    residentMb,
    peakMb,
    restoring: await measureRestoring(lm, state),
    typing: await measureTyping(lm, askEvery),
  };
  await model.dispose();
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : format(result));
}

async function benchFlat(options: Options): Promise<void> {
  await checkFile(options.draw);
  const lm = await loadLanguageModel(options.model, tunedLoad(options.threads));
  const points = await measureFlatness(lm, (length) => pseudoText(length, lm.about.architecture.vocabSize));
  await lm.model.dispose();
  process.stdout.write(options.json ? `${JSON.stringify({ model: lm.about.name, points })}\n` : formatFlat(points));
  if (options.draw !== undefined) await writeFile(options.draw, drawFlat(lm.about.displayName, points));
}

function formatFlat(points: readonly FlatPoint[]): string {
  // The first point's windows are not full yet; the second's are.
  const [first, full, last] = [points[0]!, points[1]!, points.at(-1)!];
  const lines = points.map(({ tokens, decodeMs, residentMb, isRead }) => {
    const how = isRead ? "" : "  (the state moved there, not read)";
    return `${String(tokens).padStart(7)} tokens read  ${decodeMs.toFixed(1)} ms a token  ${Math.round(residentMb)} MB resident${how}`;
  });
  const ratio = (a: number, b: number) => (a / b).toFixed(3);
  return [
    ...lines,
    `last to first: ${last.timeRatio.toFixed(3)} in time, ${ratio(last.residentMb, first.residentMb)} in memory`,
    `last to ${full.tokens}: ${ratio(last.timeRatio, full.timeRatio)} in time, ${ratio(last.residentMb, full.residentMb)} in memory`,
    "",
  ].join("\n");
}

function drawFlat(model: string, points: readonly FlatPoint[]): string {
  return drawCurves(`${model}: what a token costs, by tokens read`, [
    {
      name: "time",
      unit: "ms a token",
      lines: [{ points: points.map(({ tokens, decodeMs }) => ({ x: tokens, y: decodeMs })) }],
    },
    {
      name: "memory",
      unit: "MB resident",
      lines: [{ points: points.map(({ tokens, residentMb }) => ({ x: tokens, y: residentMb })) }],
    },
  ]);
}

/** Tokens that look like nothing: speed does not depend on what is read. The same each time. */
function pseudoText(length: number, vocabSize: number): TokenId[] {
  return Array.from({ length }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 0) % vocabSize);
}

async function prefillSpeed(model: Model, tokens: readonly TokenId[], chunk: number): Promise<number> {
  const began = performance.now();
  await readStretch(model, tokens, model.emptyState, chunk);
  return (1000 * tokens.length) / (performance.now() - began);
}

async function measurePositions(
  model: Model,
  tokens: readonly TokenId[],
  positions: readonly number[],
  stretch: number,
): Promise<Pick<Bench, "byPosition"> & { readonly state: State }> {
  const chunk = chunkTokensOf(model);
  const byPosition = [];
  let state = model.emptyState;
  for (const position of positions) {
    ({ state } = await readStretch(model, tokens.slice(state.position, position), state, chunk));
    const decodeMs = await decodeTime(model, tokens[position]!, state);
    const began = performance.now();
    ({ state } = await readStretch(model, tokens.slice(position, position + stretch), state, chunk));
    const prefillTokensPerSecond = (1000 * stretch) / (performance.now() - began);
    byPosition.push({ position, prefillTokensPerSecond, decodeMs });
  }
  return { byPosition, state };
}

/** Milliseconds of one written token, the median of some: the run, and the choice from its logits. */
async function decodeTime(model: Model, first: TokenId, from: State): Promise<number> {
  const times: number[] = [];
  let token = first;
  let state = from;
  for (let i = 0; i < DECODED_TOKENS; i++) {
    const began = performance.now();
    const result = await model.forward([token], state, [0]);
    token = greedy(result.logits);
    state = result.state;
    times.push(performance.now() - began);
  }
  return median(times);
}

function format(bench: Bench): string {
  const lines = [
    `${bench.model} on ${bench.machine}`,
    bench.tuning,
    `start     ${Math.round(bench.startMs)} ms to the first logits`,
    `memory    ${Math.round(bench.residentMb)} MB resident after the start, ${Math.round(bench.peakMb)} MB at most`,
    ...bench.prefillByChunk.map(
      ({ chunk, tokensPerSecond }) => `prefill   ${speed(tokensPerSecond)} from the beginning, ${chunk} tokens a run`,
    ),
    ...bench.byPosition.map(
      ({ position, prefillTokensPerSecond }) =>
        `prefill   ${speed(prefillTokensPerSecond)} from token ${position}, ${bench.ownChunk} tokens a run`,
    ),
    ...bench.byPosition.map(
      ({ position, decodeMs }) => `decode    ${decodeMs.toFixed(1)} ms a token at token ${position}`,
    ),
    `restore   ${formatRestoring(bench.restoring)}`,
    `keystroke ${formatTyping(bench.typing)}`,
  ];
  return `${lines.join("\n")}\n`;
}

function formatRestoring(restoring: Bench["restoring"]): string {
  if ("problem" in restoring) return `not measured: ${restoring.problem}`;
  const { tokens, bytes, saveMs, restoreMs } = restoring;
  return `${Math.round(restoreMs)} ms for a state of ${size(bytes)}, which has read ${tokens} tokens; saved in ${Math.round(saveMs)} ms`;
}

function formatTyping({ keys, suggestions, msToSuggestion: { median, p95 } }: Typing): string {
  if (suggestions === 0) return `none of ${keys} keys got a suggestion`;
  return `${Math.round(median)} ms to a suggestion, ${Math.round(p95)} ms at the 95th percentile; ${suggestions} of ${keys} keys got one`;
}

function speed(tokensPerSecond: number): string {
  return `${String(Math.round(tokensPerSecond)).padStart(5)} tok/s`;
}
