// Answers in a chat: the conversation's prompt, sampling, and an end at the model's or the transcript's own mark.

import type { ChatParams, ChatResult, FinishReason } from "../protocol/engine";
import { generate } from "./generate";
import type { LanguageModel } from "./languageModel";
import { chatPrompt } from "./prompt";
import { makeSampler } from "./sampler";
import { Sequence } from "./sequence";
import type { Turn } from "./turn";

/** Mild randomness: greedy answers of small models run in circles. */
const SAMPLING = { temperature: 0.6, topK: 40, topP: 0.9 };

export class Chatter {
  readonly #sequence: Sequence;

  constructor(
    private readonly lm: LanguageModel,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#sequence = new Sequence(lm.model);
  }

  /** Streams the answer to `onText` piece by piece. Rejects with `Cancelled` when its turn is refused. */
  async answer(params: ChatParams, onText: (text: string) => void, turn: Turn): Promise<ChatResult> {
    const { model, tokenizer, about } = this.lm;
    const prompt = await chatPrompt(this.lm, params.turns);
    const advance = await this.#sequence.advance(prompt.tokens, [], turn);
    const began = this.now();
    const pick = makeSampler({ ...SAMPLING, seed: prompt.tokens.length });
    const options = { pick, stop: about.tokens.stop, maxTokens: params.maxTokens };
    const stream = tokenizer.stream();
    const answer = new AnswerText(prompt.stopTexts, onText);
    let stopped = false;
    let count = 0;
    for await (const token of generate(model, this.#sequence, advance, options, turn)) {
      count++;
      stopped = answer.push(stream.push(token));
      if (stopped) break;
    }
    answer.push(stream.end());
    answer.end();
    const finish: FinishReason = !stopped && count === params.maxTokens ? "length" : "stop";
    return { type: "success", finish, generatedTokens: count, decodeMs: this.now() - began };
  }
}

/** Passes text on as it comes, but holds back what may turn out to be the beginning of a stop text. */
export class AnswerText {
  #held = "";
  #begun = false;
  #stopped = false;

  constructor(
    private readonly stopTexts: readonly string[],
    private readonly onText: (text: string) => void,
  ) {}

  /** Returns true when a stop text has been seen: everything before it has been passed on. */
  push(text: string): boolean {
    if (this.#stopped) return true;
    this.#held += text;
    const stops = this.stopTexts.map((stop) => this.#held.indexOf(stop)).filter((at) => at !== -1);
    if (stops.length > 0) {
      this.#stopped = true;
      this.#emit(Math.min(...stops));
      this.#held = "";
      return true;
    }
    this.#emit(this.#held.length - this.#longestOpenEnd());
    return false;
  }

  /** Passes on what is still held back. */
  end(): void {
    if (!this.#stopped) this.#emit(this.#held.length);
  }

  #emit(length: number): void {
    let text = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    if (!this.#begun) text = text.trimStart();
    if (text === "") return;
    this.#begun = true;
    this.onText(text);
  }

  /** Units at the end that may still grow into a stop text. */
  #longestOpenEnd(): number {
    let longest = 0;
    for (const stop of this.stopTexts) {
      for (let length = Math.min(stop.length - 1, this.#held.length); length > longest; length--) {
        if (this.#held.endsWith(stop.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
