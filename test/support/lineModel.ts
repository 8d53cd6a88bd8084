// A model without arithmetic that knows how likely each whole line is, and from that what comes next in one that has begun.

import type { ForwardResult, Model, TokenId } from "../../src/engine/model/model";
import type { RecurrentState, State } from "../../src/engine/model/state";
import type { Tokenizer } from "../../src/engine/model/tokenizer";
import { FakeModel } from "./fakeModel";

/** ln p of what no line has. */
const NEVER = -40;

export class LineModel implements Model {
  readonly #inner = new FakeModel();
  readonly emptyState = this.#inner.emptyState;
  readonly architecture;
  /** The tokens of every run, in order. */
  readonly runs = this.#inner.runs;
  /** What each state has seen, by what a fork of it shares with it. */
  readonly #seen = new WeakMap<object, readonly TokenId[]>();

  /**
   * @param lines with their probabilities, from the line's start to its end, without the end
   * @param below what comes behind such a line for certain, from its end on; behind others, anything may
   */
  constructor(
    private readonly lines: Readonly<Record<string, number>>,
    private readonly tokenizer: Tokenizer,
    vocabSize: number,
    private readonly below: Readonly<Record<string, string>> = {},
  ) {
    this.architecture = { ...this.#inner.architecture, vocabSize };
  }

  /** Runs whose states were made. */
  get statesMade(): number {
    return this.#inner.statesMade;
  }

  async forward(tokens: readonly TokenId[], state: State, rows: readonly number[]): Promise<ForwardResult> {
    const before = this.#seen.get(keyOf(state)) ?? [];
    const run = await this.#inner.forward(tokens, state, []);
    const { vocabSize } = this.architecture;
    const logits = new Float32Array(rows.length * vocabSize);
    for (const [index, row] of rows.entries()) {
      logits.set(await this.#logitsAfter([...before, ...tokens.slice(0, row + 1)]), index * vocabSize);
    }
    const seen = this.#seen;
    return {
      logits,
      get state() {
        seen.set(keyOf(run.state), [...before, ...tokens]);
        return run.state;
      },
    };
  }

  async dispose(): Promise<void> {}

  async #logitsAfter(tokens: readonly TokenId[]): Promise<Float32Array> {
    const text = this.tokenizer.decode(tokens);
    const below = await this.#belowAfter(text);
    if (below !== undefined) return below;
    const begun = text.split("\n").at(-1)!;
    const shares = new Map<TokenId, number>();
    let total = 0;
    for (const [line, share] of Object.entries(this.lines)) {
      if (!line.startsWith(begun)) continue;
      const [next] = await this.#rest(`${line}\n`, begun.length);
      shares.set(next!, (shares.get(next!) ?? 0) + share);
      total += share;
    }
    const logits = new Float32Array(this.architecture.vocabSize).fill(NEVER);
    for (const [token, share] of shares) logits[token] = Math.log(share / total);
    return logits;
  }

  async #belowAfter(text: string): Promise<Float32Array | undefined> {
    for (const [line, below] of Object.entries(this.below)) {
      const at = `\n${text}`.lastIndexOf(`\n${line}\n`);
      const written = text.slice(at + line.length);
      if (at === -1 || !below.startsWith(written)) continue;
      const [next] = await this.#rest(below, written.length);
      const logits = new Float32Array(this.architecture.vocabSize).fill(NEVER);
      if (next !== undefined) logits[next] = 0;
      return logits;
    }
    return undefined;
  }

  /** The tokens of a line from this character on. */
  async #rest(line: string, from: number): Promise<readonly TokenId[]> {
    const tokens = await this.tokenizer.encode(line);
    let length = 0;
    const at = tokens.findIndex((token) => {
      if (length >= from) return true;
      length += this.tokenizer.decode([token]).length;
      return false;
    });
    return length === from ? tokens.slice(at) : this.tokenizer.encode(line.slice(from));
  }
}

function keyOf({ layers }: State): object {
  return (layers[0] as RecurrentState).rgLruState;
}
