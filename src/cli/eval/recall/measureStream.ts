// Reads one stream once, and measures along the way: what is still known of each fact at each distance, and how likely
// the text itself was.
//
// States are values: the one at a place is asked as many questions as there are, and reading goes on from it untouched.

import { CHUNK_TOKENS } from "../../../engine/decoding/sequence";
import type { LanguageModel } from "../../../engine/model/languageModel";
import type { State } from "../../../engine/model/state";
import { ask } from "./ask";
import { PositionBits } from "./positionBits";
import { ReadMemory } from "./readMemory";
import { CONDITIONS, type FactResult, type RecallResult } from "./results";
import type { Stream, ToldFact } from "./stream";

export interface StreamMeasure {
  /** Begins the results' ids. */
  readonly name: string;
  readonly distances: readonly number[];
  /** Whether an earlier run has this result. */
  readonly isKnown: (id: string) => boolean;
  readonly onResults: (results: readonly RecallResult[]) => Promise<void>;
  /** Asked before each run of the model: whether there is time for it. */
  readonly goesOn: (read: number, total: number) => boolean;
}

/** A place in the stream where something is asked. */
interface Stop {
  readonly at: number;
  readonly told: ToldFact;
  readonly distance: number;
  readonly id: string;
}

/** Measures what is not known yet. Returns whether it came to the end. */
export async function measureStream(lm: LanguageModel, stream: Stream, options: StreamMeasure): Promise<boolean> {
  const { name, isKnown, onResults, goesOn } = options;
  // Runs are cut at all stops, known or not, so that a run that was cut short goes on with the very same numbers.
  const stops = stopsOf(stream, options);
  const farthest = stops.at(-1)!.at;
  const positions = new PositionBits(lm, stream, Math.min(stream.documentEnd, farthest));
  const memory = new ReadMemory(stream);
  const toDo = stops.filter(({ id }) => !isKnown(id));
  const end = Math.max(0, positions.lastUnknown(name, isKnown), ...toDo.map(({ at }) => at));
  let state = lm.model.emptyState;
  while (true) {
    const at = state.position;
    for (const stop of toDo.filter((one) => one.at === at)) {
      if (!goesOn(at, end)) return false;
      memory.readTo(at);
      await onResults(await answersAt(lm, state, stop, memory));
    }
    if (at >= end) return true;
    if (!goesOn(at, end)) return false;
    const nextStop = stops.find((stop) => stop.at > at)!.at;
    state = await positions.read(state, Math.min(at + CHUNK_TOKENS, nextStop), memory);
    const finished = positions.takeFinished(state.position, name);
    await onResults(finished.filter(({ id }) => !isKnown(id)));
  }
}

function stopsOf({ facts }: Stream, { name, distances }: StreamMeasure): Stop[] {
  const stops = facts.flatMap((told, index) =>
    [0, ...distances].map((distance) => {
      const id = `${name}-${told.fact.kind}-${index + 1}-${distance}`;
      return { at: distance === 0 ? told.start : told.end + distance, told, distance, id };
    }),
  );
  return stops.sort((a, b) => a.at - b.at);
}

async function answersAt(
  lm: LanguageModel,
  state: State,
  { told: { fact }, distance, id }: Stop,
  { memory }: ReadMemory,
): Promise<FactResult[]> {
  const answers = await ask(lm, state, fact, [undefined, memory]);
  const facts = { id, kind: fact.kind, distance, bytes: Buffer.byteLength(fact.answer) };
  return answers.map((answer, i) => ({ ...facts, condition: CONDITIONS[i]!, ...answer }));
}
