// Whether a token costs the same after a little and after a lot was read: decode time and resident memory along a trunk.
//
// Up to READ_TOKENS the model reads every token. Further states are the same numbers at a later position: a state's size
// does not depend on what was read, so this costs minutes less and measures the same run. The exact memory is filled for
// real, because it does grow.

import { CHUNK_TOKENS } from "../../engine/decoding/sequence";
import { ExactMemory } from "../../engine/exactMemory/exactMemory";
import { Recall } from "../../engine/exactMemory/recall";
import type { LanguageModel } from "../../engine/model/languageModel";
import type { TokenId } from "../../engine/model/model";
import { atPosition, type State } from "../../engine/model/state";
import { median } from "../../engine/model/timing";
import { readStretch } from "./stretch";

export interface FlatPoint {
  readonly tokens: number;
  /** Median; and the median of its ratio to the first point's in the same round, which other work falls out of. */
  readonly decodeMs: number;
  readonly timeRatio: number;
  readonly residentMb: number;
  /** Whether the model has read all of them, or its state was moved there. */
  readonly isRead: boolean;
}

const POINTS = [1_000, 10_000, 100_000, 500_000];
const READ_TOKENS = 10_000;
/** The points take turns, so that what else the machine does falls on all of them. */
const ROUNDS = 40;
const TOKENS_A_ROUND = 4;
/** Tokens of one document in the exact memory. */
const DOCUMENT_TOKENS = 2_000;

export async function measureFlatness(lm: LanguageModel, text: (length: number) => TokenId[]): Promise<FlatPoint[]> {
  const { model } = lm;
  const tokens = text(POINTS.at(-1)! + TOKENS_A_ROUND);
  const memory = new ExactMemory();
  const places: { tokens: number; state: State; residentMb: number; isRead: boolean; times: number[] }[] = [];
  let last = model.emptyState;
  for (const point of POINTS) {
    const isRead = point <= READ_TOKENS;
    if (isRead) last = (await readStretch(model, tokens.slice(last.position, point), last, CHUNK_TOKENS)).state;
    remember(memory, tokens, point);
    const state = isRead ? last : atPosition(last, point, (kv) => kv.window);
    await decode(lm, tokens, state, memory);
    places.push({ tokens: point, state, residentMb: residentMb(), isRead, times: [] });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const place of places) place.times.push(await decode(lm, tokens, place.state, memory));
  }
  const first = places[0]!.times;
  return places.map(({ tokens: point, residentMb: mb, isRead, times }) => {
    const timeRatio = median(times.map((ms, round) => ms / first[round]!));
    return { tokens: point, decodeMs: median(times), timeRatio, residentMb: mb, isRead };
  });
}

function remember(memory: ExactMemory, tokens: readonly TokenId[], end: number): void {
  for (let at = memory.tokenCount; at < end; at += DOCUMENT_TOKENS) {
    memory.setDocument(String(at), tokens.slice(at, Math.min(at + DOCUMENT_TOKENS, end)));
  }
  while (memory.work());
}

/** Milliseconds of one written token: the run, and the choice with the exact memory's say. */
async function decode(
  { model }: LanguageModel,
  tokens: readonly TokenId[],
  from: State,
  memory: ExactMemory,
): Promise<number> {
  const recall = new Recall({ memory, context: tokens.slice(from.position - 500, from.position) });
  let state = from;
  let token = tokens[from.position]!;
  const began = performance.now();
  for (let i = 0; i < TOKENS_A_ROUND; i++) {
    const result = await model.forward([token], state, [0]);
    token = recall.pick(result.logits);
    recall.push(token);
    ({ state } = result);
  }
  return (performance.now() - began) / TOKENS_A_ROUND;
}

function residentMb(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 1e6;
}
