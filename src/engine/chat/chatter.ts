// Answers in a chat: what the question is about, from the repository; the prompt; sampling, and an end at the model's or
// the transcript's own mark.

import type {
  ChatCitation,
  ChatContext,
  ChatFindings,
  ChatMessagesResult,
  ChatParams,
  ChatQuestion,
  ChatResult,
  FinishReason,
} from "../../protocol/engine";
import { stopAtRepetition } from "../../text/filters/stopAtRepetition";
import { BaseVerdict } from "../base/baseVerdict";
import { generateAfter } from "../decoding/generate";
import { makeSampler } from "../decoding/sampler";
import { type Advance, areSame, Sequence } from "../decoding/sequence";
import type { LanguageModel } from "../model/languageModel";
import type { TokenId } from "../model/model";
import type { ModelAccess } from "../modelAccess";
import type { ReadableFolder } from "../repository/readableFolder";
import { AnswerText } from "./answerText";
import { chatMessages } from "./chatMessages";
import { type ChatPrompt, chatPrompt } from "./chatPrompt";
import { checkCitations } from "./citations";
import { groundsOf, stillTold } from "./grounds";
import { OWN_ROOM, type SourceNeeds } from "./sources";

/** Mild randomness: greedy answers of small models run in circles. */
const SAMPLING = { temperature: 0.6, topK: 40, topP: 0.9 };

/** After an answer, the next one begins quickly for so long; then most of the memory for that is given back. */
const REST_MS = 5 * 60_000;

export interface ChatterOptions {
  readonly lm: LanguageModel;
  /** The folders that may be drawn on, the one of the document `near` first. */
  readonly folders?: (near?: string) => readonly ReadableFolder[];
  /** The text of a file that is open in the editor. */
  readonly openText?: (folder: string, path: string) => string | undefined;
  /** See SourceNeeds; asked for once a question. */
  readonly refusalsElsewhere?: () => SourceNeeds["refusalElsewhere"];
  /** For tests: runs `action` once after so many milliseconds; the returned function prevents it. */
  readonly after?: (delayMs: number, action: () => void) => () => void;
}

export interface ChatListener {
  /** Once, as soon as it is gathered. */
  onFindings(findings: ChatFindings): void;
  /** Once, before the first text. */
  onContext(context: ChatContext): void;
  /** The answer, piece by piece. */
  onText(text: string): void;
}

export class Chatter {
  readonly #lm: LanguageModel;
  readonly #base: BaseVerdict;
  readonly #folders: NonNullable<ChatterOptions["folders"]>;
  readonly #after: NonNullable<ChatterOptions["after"]>;
  #sequence: Sequence;
  #asked: { readonly tokens: readonly TokenId[]; readonly times: number } = { tokens: [], times: 0 };
  #underWay = 0;
  #cancelRest = () => {};

  constructor(private readonly options: ChatterOptions) {
    this.#lm = options.lm;
    this.#sequence = newSequence(options.lm);
    this.#base = new BaseVerdict(options.lm);
    this.#folders = options.folders ?? (() => []);
    this.#after = options.after ?? afterInBackground;
  }

  /** Answers the last of the turns. Rejects with `Cancelled` when access to the model is refused. */
  async answer(params: ChatParams, listener: ChatListener, access: ModelAccess): Promise<ChatResult> {
    this.#underWay++;
    this.#cancelRest();
    try {
      return await this.#answer(params, listener, access);
    } finally {
      this.#underWay--;
      if (this.#underWay === 0) this.#restLater();
    }
  }

  /** The last of the turns for a model elsewhere. Needs no access to the model, which does nothing. */
  messagesFor(asked: ChatQuestion): Promise<ChatMessagesResult> {
    return chatMessages(asked, this.#needs(asked.near));
  }

  /** The places that an answer names, whoever gave it, as far as they are there. */
  citationsIn(answer: string): ChatCitation[] {
    return checkCitations(answer, this.#folders());
  }

  async #answer(params: ChatParams, listener: ChatListener, access: ModelAccess): Promise<ChatResult> {
    // The places need no model, and are not to wait for it.
    const { turns, ...findings } = await groundsOf(params, this.#needs(params.near), OWN_ROOM);
    listener.onFindings(findings);
    await access.nextRun();
    // Meanwhile the folder may have read on, or forgotten.
    const told = await stillTold({ ...findings, turns }, this.#needs(params.near));
    const prompt = await chatPrompt(this.#lm, told.turns, told.sources, params.earlierTokens);
    const trunk = params.useRepository ? this.#folders(params.near)[0]?.trunk : undefined;
    const compared = async () => ({ header: [], live: prompt.tokens });
    const { choice, reason, state } = await this.#base.ask(trunk, compared, access);
    const { bos } = this.#lm.about.tokens;
    const opening = choice === "empty" ? [bos] : [];
    const tokens = [...opening, ...prompt.tokens];
    const { earlierTurns } = prompt;
    listener.onContext({ earlierTurns, promptTokens: tokens.length, base: { choice, reason } });

    const began = performance.now();
    const landmarks = [opening.length + prompt.questionStart];
    const advance = await this.#sequence.advance(tokens, landmarks, access, state);
    const prefilled = performance.now();
    const { count, finish } = await this.#generate(prompt, advance, params.maxTokens, listener, access);
    return {
      type: "success",
      finish,
      generatedTokens: count,
      reusedTokens: advance.reused,
      replayedTokens: advance.replayed,
      prefillMs: prefilled - began,
      decodeMs: performance.now() - prefilled,
    };
  }

  /** Once nobody has asked for a while; and again, as long as there is a trunk's state to let go when the trunk is another one. */
  #restLater(): void {
    this.#cancelRest = this.#after(REST_MS, () => {
      this.#rest();
      if (this.#sequence.base !== this.#lm.model.emptyState) this.#restLater();
    });
  }

  #rest(): void {
    const { model } = this.#lm;
    const isOnTrunk = this.#folders().some(({ trunk }) => trunk !== undefined && this.#base.isOn(trunk));
    const isOffered = this.#sequence.base === model.emptyState || isOnTrunk;
    if (isOffered) this.#sequence.shrink();
    else {
      this.#sequence = newSequence(this.#lm);
      this.#base.forget();
    }
  }

  #needs(near: string | undefined): SourceNeeds {
    const { openText = () => undefined, refusalsElsewhere } = this.options;
    const refusalElsewhere = refusalsElsewhere?.() ?? (async () => undefined);
    const countTokens = async (text: string): Promise<number> => (await this.#lm.tokenizer.encode(text)).length;
    return { folders: this.#folders(near), openText, refusalElsewhere, countTokens };
  }

  /** The same question gets the same answer, but not when it is asked for again: then that one was not enough. */
  #seedFor(tokens: readonly TokenId[]): number {
    const { tokens: before, times } = this.#asked;
    const isAgain = areSame(tokens, before);
    this.#asked = { tokens, times: isAgain ? times + 1 : 1 };
    return tokens.length + this.#asked.times - 1;
  }

  async #generate(
    prompt: ChatPrompt,
    advance: Advance,
    maxTokens: number,
    listener: ChatListener,
    access: ModelAccess,
  ) {
    const { model, tokenizer } = this.#lm;
    const pick = makeSampler({ ...SAMPLING, seed: this.#seedFor(prompt.tokens) });
    const stream = tokenizer.stream();
    let text = "";
    const answer = new AnswerText(prompt.stopTexts, (piece) => {
      text += piece;
      listener.onText(piece);
    });
    let stopped = false;
    let count = 0;
    const options = { pick, stop: prompt.stop, maxTokens };
    for await (const token of generateAfter(model, this.#sequence, advance, options, access)) {
      count++;
      stopped = answer.push(stream.push(token)) || (prompt.isTranscript && isLoop(text));
      if (stopped) break;
    }
    answer.end();
    const finish: FinishReason = !stopped && count === maxTokens ? "length" : "stop";
    return { count, finish };
  }
}

function newSequence({ model }: LanguageModel): Sequence {
  return new Sequence(model, undefined, () => model.runLengths?.longChunkTokens);
}

/** Does not keep the process alive. */
function afterInBackground(delayMs: number, action: () => void): () => void {
  const timer = setTimeout(action, delayMs).unref();
  return () => clearTimeout(timer);
}

/** A model that was not trained to end its answers says the same line over and over. */
function isLoop(text: string): boolean {
  const context = { prefix: "", suffix: "", multiline: true };
  return stopAtRepetition(text, context, false) !== undefined;
}
