// From a document and a cursor to the text to suggest: prompt, token healing, generation, filters.

import type { CompleteParams, CompleteResult, CompletionTiming, FinishReason, Offset } from "../protocol/engine";
import { type FilterContext, finishCompletion, stopOffset } from "../text/filters";
import type { MirroredDocument } from "./documents";
import { generate } from "./generate";
import type { LanguageModel } from "./languageModel";
import type { TokenId } from "./model";
import { greedy } from "./sampler";
import { type Advance, Sequence } from "./sequence";
import { heal, Regrowth } from "./tokenHealing";
import type { Turn } from "./turn";

/** UTF-16 units of the text after the cursor that the filters compare with. */
const SUFFIX_LENGTH = 4_000;

/** Where to complete: the text around the cursor as the user will see it. */
interface Cursor {
  readonly prefix: string;
  readonly suffix: string;
}

interface Prompt {
  readonly tokens: readonly TokenId[];
  readonly landmarks: readonly number[];
  readonly wanted: Uint8Array;
}

/** Completes in one document, keeping the states that the next request will want. */
export class Completer {
  readonly #sequence: Sequence;

  constructor(
    private readonly lm: LanguageModel,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#sequence = new Sequence(lm.model);
  }

  /** Suggests what to insert. Rejects with `Cancelled` when its turn is refused. */
  async complete(document: MirroredDocument, params: CompleteParams, turn: Turn): Promise<CompleteResult> {
    // The text is taken now: edits that arrive while this request waits for its turn belong to later requests.
    const cursor = cursorOf(document, params);
    const context: FilterContext = { ...cursor, languageId: document.languageId, multiline: params.multiline };
    const started = this.now();
    await turn.next();
    const began = this.now();
    const prompt = await this.#prompt(cursor.prefix);
    const advance = await this.#sequence.advance(prompt.tokens, prompt.landmarks, turn);
    const prefilled = this.now();
    const generated = await this.#generate(advance, prompt.wanted, context, params.maxTokens, turn);
    const timing: CompletionTiming = {
      reusedTokens: advance.reused,
      replayedTokens: advance.replayed,
      generatedTokens: generated.count,
      recalledTokens: 0,
      draftedTokens: 0,
      queueMs: began - started,
      promptMs: 0,
      prefillMs: prefilled - began,
      decodeMs: this.now() - prefilled,
    };
    const text = finishCompletion(generated.text, context, generated.finish === "length");
    if (text === "")
      return { type: "empty", reason: generated.text === "" ? "the model ended at once" : "nothing worth showing" };
    return { type: "success", text, finish: generated.finish, timing };
  }

  /** Runs the prompt at `offset` ahead of time. */
  async prepare(document: MirroredDocument, offset: Offset, turn: Turn): Promise<void> {
    const prefix = normalizeLineEnds(document.prefix(offset));
    await turn.next();
    const prompt = await this.#prompt(prefix);
    await this.#sequence.advance(prompt.tokens, prompt.landmarks, turn);
  }

  async #prompt(prefix: string): Promise<Prompt> {
    const { tokenizer, about } = this.lm;
    const lineStart = prefix.lastIndexOf("\n") + 1;
    const before = [about.tokens.bos, ...(await tokenizer.encode(prefix.slice(0, lineStart)))];
    const line = heal(await tokenizer.encode(prefix.slice(lineStart)), tokenizer.vocabulary);
    return { tokens: [...before, ...line.tokens], landmarks: [before.length], wanted: line.wanted };
  }

  async #generate(advance: Advance, wanted: Uint8Array, context: FilterContext, maxTokens: number, turn: Turn) {
    const { model, tokenizer, about } = this.lm;
    const stream = tokenizer.stream();
    const regrowth = new Regrowth(tokenizer.vocabulary, wanted);
    const pick = (logits: Float32Array) => greedy(logits, regrowth.allowed);
    const options = { pick, stop: about.tokens.stop, maxTokens };
    let text = "";
    let count = 0;
    for await (const token of generate(model, this.#sequence, advance, options, turn)) {
      count++;
      text += stream.pushBytes(regrowth.take(token));
      if (stopOffset(text, context) !== undefined) return { text, count, finish: "stop" } as const;
    }
    const finish: FinishReason = count === maxTokens ? "length" : "stop";
    return { text: text + stream.end(), count, finish };
  }
}

/** The text around the cursor, as if the entry chosen in the suggestion list had been accepted. */
function cursorOf(document: MirroredDocument, { offset, selected }: CompleteParams): Cursor {
  const start = selected?.offset ?? offset;
  const end = selected === undefined ? offset : selected.offset + selected.deleted;
  return {
    prefix: normalizeLineEnds(document.prefix(start) + (selected?.text ?? "")),
    suffix: normalizeLineEnds(document.suffix(end, SUFFIX_LENGTH)),
  };
}

/** Models are trained on \n; the editor puts the document's own line ends back when it inserts. */
function normalizeLineEnds(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}
