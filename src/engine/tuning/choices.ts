// Decisions from measurements, in plain values: how many threads, how many tokens a run, which provider.

import type { LinearTimes, ProviderTrial, ThreadTimes } from "../../protocol/modelJobs";

/** Numbers of threads worth measuring on a machine with so many processors, the fewest first. */
export function threadCandidates(processors: number, modelBytes: number): number[] {
  const most = Math.min(processors, modelBytes > LARGE_BYTES ? MOST_THREADS_OF_LARGE : MOST_THREADS);
  // Half of them: where two are one core's, the second adds next to nothing and takes it from other programs.
  const candidates = [2, 4, 8, 16, 32, Math.ceil(processors / 2), processors].filter((count) => count <= most);
  return [...new Set(candidates)].filter((count) => count >= Math.min(2, processors)).sort((a, b) => a - b);
}

/** Short steps gain nothing from more, and every step waits for its slowest thread. */
const MOST_THREADS = 16;
/** Its steps are longer. */
const MOST_THREADS_OF_LARGE = 32;
const LARGE_BYTES = 1e9;

/** More threads must be worth this much: they take processors from the editor, the compiler and the user. */
const WORTHWHILE = 1.05;

/** The number that reads and writes fastest, both counting the same; fewer when more gain next to nothing. */
export function chooseThreads(times: readonly ThreadTimes[]): number {
  const cost = ({ oneRowMs, manyRowsMs }: ThreadTimes) => Math.sqrt(oneRowMs * manyRowsMs);
  const best = Math.min(...times.map(cost));
  const fewestFirst = [...times].sort((a, b) => a.threads - b.threads);
  return fewestFirst.find((entry) => cost(entry) <= WORTHWHILE * best)!.threads;
}

/** A run cannot be interrupted; a key that is pressed waits for its end. */
export const LONGEST_RUN_MS = 300;
/** Who asked in the chat waits for all of the reading, and types little meanwhile. */
export const LONGEST_LONG_RUN_MS = 1200;
/** Kernels read every weight once a run, so runs of a few tokens waste memory's time. */
const CHUNK_SIZES = [128, 64, 32, 16];

/** Tokens of the probe's longer run. */
export const PROBE_ROWS = 32;

/** Milliseconds for each token that is read, by what the linears alone take; undefined: not measured with so many threads. */
export function tokenMsOf({ byThreads, share }: LinearTimes, threads: number): number | undefined {
  const times = byThreads.find((entry) => entry.threads === threads);
  return times && times.manyRowsMs / PROBE_ROWS / share;
}

/** Tokens of one run: the largest size that takes no longer than `longestMs`. */
export function chooseChunkTokens(tokenMs: number, longestMs: number): number {
  return CHUNK_SIZES.find((size) => size * tokenMs <= longestMs) ?? CHUNK_SIZES.at(-1)!;
}

/** Where nothing is measured yet: what is short even on a slow machine. */
export function unmeasuredChunkTokens(modelBytes: number): number {
  return modelBytes < 256e6 ? CHUNK_SIZES[0]! : CHUNK_SIZES.at(-1)!;
}

export type Verdict = "faster" | "slower" | "different";

/**
 * Two ways of rounding activations to 8 bits, or none at all, move the bundled model's logits by 3 to 4 %, on two machines;
 * a wrong kernel moves them by all that they are.
 */
const LARGEST_DIFFERENCE = 0.1;
/** Below this a graphics card is not worth the memory that it takes from what draws the screen. */
const WORTHWHILE_PROVIDER = 1.2;

export function judgeProvider(trial: ProviderTrial): Verdict {
  if (!(trial.difference <= LARGEST_DIFFERENCE)) return "different"; // Also when it is not a number.
  const { prefill, decode } = ratios(trial);
  return Math.min(prefill, decode) >= 1 && gainOf(trial) >= WORTHWHILE_PROVIDER ? "faster" : "slower";
}

/** How many times as fast as the processor it is, reading and writing counting the same. */
export function gainOf(trial: ProviderTrial): number {
  const { prefill, decode } = ratios(trial);
  return Math.sqrt(prefill * decode);
}

function ratios({ cpu, other }: ProviderTrial): { readonly prefill: number; readonly decode: number } {
  return { prefill: cpu.prefillMs / other.prefillMs, decode: cpu.decodeMs / other.decodeMs };
}

/** Of those that are faster than the processor the one that gains most: the first may be a small card beside a large one. */
export function fastestProvider(
  names: readonly string[],
  findings: Readonly<Record<string, { readonly verdict: string; readonly gain?: number }>>,
): string | undefined {
  const gain = (name: string) => findings[name]?.gain ?? 1;
  const faster = names.filter((name) => findings[name]?.verdict === "faster");
  return faster.sort((a, b) => gain(b) - gain(a))[0];
}
