// How likely the stream's own text is, by how much was read before: bits in bins that double.

import { bitsOf } from "../../../engine/decoding/logits";
import { CHUNK_TOKENS } from "../../../engine/decoding/sequence";
import { Recall } from "../../../engine/exactMemory/recall";
import { LONGEST_MATCH } from "../../../engine/exactMemory/segment";
import type { LanguageModel } from "../../../engine/model/languageModel";
import type { State } from "../../../engine/model/state";
import { keyOf, type ReadMemory } from "./readMemory";
import { CONDITIONS, type PositionResult } from "./results";
import type { Stream } from "./stream";

/** Before this position a text's own beginning decides. */
const FIRST_BIN = 128;
/** Of a larger bin so many tokens are measured, in chunks that are spread over it: each token wants its logits. */
const BIN_TOKENS = 2_048;

interface Bin {
  readonly start: number;
  readonly end: number;
  /** One for each of CONDITIONS. */
  readonly bits: number[];
  bytes: number;
}

export class PositionBits {
  readonly #bins: readonly Bin[];
  #reported = 0;

  /** @param end positions from here on are not measured */
  constructor(
    private readonly lm: LanguageModel,
    private readonly stream: Stream,
    end: number,
  ) {
    const bins: Bin[] = [];
    // A bin that is cut short by more than half would say little.
    for (let start = FIRST_BIN; 1.5 * start <= end; start *= 2) {
      bins.push({ start, end: Math.min(2 * start, end), bits: CONDITIONS.map(() => 0), bytes: 0 });
    }
    this.#bins = bins;
  }

  /** Up to where must be read for the bins that are not known; 0 when all are. */
  lastUnknown(name: string, isKnown: (id: string) => boolean): number {
    return Math.max(0, ...this.#bins.filter(({ start }) => !isKnown(idOf(name, start))).map(({ end }) => end));
  }

  /** Reads up to `next` and measures on the way what is its turn. */
  async read(state: State, next: number, memory: ReadMemory): Promise<State> {
    const { model } = this.lm;
    const at = state.position;
    const chunk = this.stream.tokens.slice(at, next);
    const rows = this.#isMeasured(at) ? [...chunk.keys()].filter((row) => this.#counts(at, at + row + 1)) : [];
    const result = await model.forward(chunk, state, rows);
    if (rows.length > 0) this.#add(at, rows, result.logits, memory);
    return result.state;
  }

  /** The bins that reading up to `position` has finished since the last call. */
  takeFinished(position: number, name: string): PositionResult[] {
    const results: PositionResult[] = [];
    for (; this.#reported < this.#bins.length; this.#reported++) {
      const { start, end, bits, bytes } = this.#bins[this.#reported]!;
      if (end > position) break;
      const facts = { id: idOf(name, start), kind: "position", position: start, bytes } as const;
      results.push(...CONDITIONS.map((condition, i) => ({ ...facts, condition, bits: bits[i]! })));
    }
    return results;
  }

  #isMeasured(at: number): boolean {
    const bin = this.#binOf(at + 1);
    if (bin === undefined) return false;
    const every = Math.ceil((bin.end - bin.start) / BIN_TOKENS);
    return Math.floor(at / CHUNK_TOKENS) % every === 0;
  }

  /** Of a chunk that begins at `at`, whether the token at `target` counts: it is of the same file, and of no fact. */
  #counts(at: number, target: number): boolean {
    const { files, facts } = this.stream;
    const file = files.find(({ end }) => end > at + 1)!;
    const isTold = facts.some(({ start, end }) => start <= target && target < end);
    return this.#binOf(target) !== undefined && file.start <= target && target < file.end && !isTold;
  }

  #add(at: number, rows: readonly number[], logits: Float32Array, memory: ReadMemory): void {
    const { tokens, files } = this.stream;
    const { vocabulary } = this.lm.tokenizer;
    const file = files.find(({ end }) => end > at + 1)!;
    // As in the product: of the file itself the model knows enough.
    memory.readTo(file.start);
    const size = this.lm.model.architecture.vocabSize;
    const first = at + rows[0]! + 1;
    const context = tokens.slice(Math.max(0, first - LONGEST_MATCH), first);
    const recall = new Recall({ memory: memory.memory, context, exclude: keyOf(file) });
    let seen = first;
    rows.forEach((row, index) => {
      const target = at + row + 1;
      for (; seen < target; seen++) recall.push(tokens[seen]!);
      const bin = this.#binOf(target)!;
      const predicting = logits.subarray(index * size, (index + 1) * size);
      const token = tokens[target]!;
      bin.bits[0]! += bitsOf(predicting, token);
      bin.bits[1]! += recall.bits(predicting, token);
      bin.bytes += vocabulary.bytes(token).length;
    });
  }

  #binOf(position: number): Bin | undefined {
    return this.#bins.find(({ start, end }) => start <= position && position < end);
  }
}

function idOf(name: string, start: number): string {
  return `${name}-position-${start}`;
}
