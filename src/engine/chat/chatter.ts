// Answers in a chat: what the question is about, from the repository; the prompt; sampling, and an end at the model's or
// the transcript's own mark.

import type { ChatContext, ChatParams, ChatResult, ChatTurn, FinishReason } from "../../protocol/engine";
import { stopAtRepetition } from "../../text/filters/stopAtRepetition";
import type { BaseChoice } from "../baseChoice";
import { generate } from "../generate";
import type { LanguageModel } from "../languageModel";
import type { FolderContext } from "../repository/folderContext";
import { makeSampler } from "../sampler";
import { type Advance, Sequence } from "../sequence";
import type { Turn } from "../turn";
import { AnswerText } from "./answerText";
import { ChatBase } from "./chatBase";
import { type ChatPrompt, chatPrompt, sourceText } from "./chatPrompt";
import { checkCitations } from "./citations";
import { gatherSources } from "./sources";

/** Mild randomness: greedy answers of small models run in circles. */
const SAMPLING = { temperature: 0.6, topK: 40, topP: 0.9 };

export interface ChatterOptions {
  readonly lm: LanguageModel;
  /** The folders that may be drawn on, the one of the document `near` first. */
  readonly folders?: (near?: string) => readonly FolderContext[];
  /** The text of a file that is open in the editor. */
  readonly openText?: (folder: string, path: string) => string | undefined;
  /** Milliseconds. */
  readonly now?: () => number;
}

export interface ChatListener {
  /** Once, before the first text. */
  onContext(context: ChatContext): void;
  /** The answer, piece by piece. */
  onText(text: string): void;
}

export class Chatter {
  readonly #lm: LanguageModel;
  readonly #sequence: Sequence;
  readonly #base: ChatBase;
  readonly #now: () => number;

  constructor(private readonly options: ChatterOptions) {
    this.#lm = options.lm;
    this.#sequence = new Sequence(options.lm.model);
    this.#base = new ChatBase(options.lm);
    this.#now = options.now ?? (() => performance.now());
  }

  /** Answers the last of the turns. Rejects with `Cancelled` when its turn is refused. */
  async answer(params: ChatParams, listener: ChatListener, turn: Turn): Promise<ChatResult> {
    await turn.next();
    const folders = this.options.folders?.(params.near) ?? [];
    const { sources, refusals } = await gatherSources(params, {
      folders,
      openText: this.options.openText ?? (() => undefined),
      countTokens: async (source) => (await this.#lm.tokenizer.encode(sourceText(source))).length,
    });
    const prompt = await chatPrompt(this.#lm, await allowedTurns(params.turns, folders), sources);
    const base = await this.#base.choose(params.useRepository ? folders[0] : undefined, prompt.tokens, turn);
    const { bos } = this.#lm.about.tokens;
    const opening = base.choice === "empty" ? [bos] : [];
    const tokens = [...opening, ...prompt.tokens];
    listener.onContext(contextOf(base, prompt, { sources, refusals }, tokens.length));

    const began = this.#now();
    const landmarks = [opening.length + prompt.questionStart];
    const advance = await this.#sequence.advance(tokens, landmarks, turn, base.state);
    const prefilled = this.#now();
    const { text, count, finish } = await this.#generate(prompt, advance, params.maxTokens, listener, turn);
    return {
      ...{ type: "success", finish, generatedTokens: count },
      ...{ reusedTokens: advance.reused, replayedTokens: advance.replayed },
      ...{ prefillMs: prefilled - began, decodeMs: this.#now() - prefilled },
      citations: checkCitations(text, folders),
    };
  }

  async #generate(prompt: ChatPrompt, advance: Advance, maxTokens: number, listener: ChatListener, turn: Turn) {
    const { model, tokenizer } = this.#lm;
    const pick = makeSampler({ ...SAMPLING, seed: prompt.tokens.length });
    const stream = tokenizer.stream();
    let text = "";
    const answer = new AnswerText(prompt.stopTexts, (piece) => {
      text += piece;
      listener.onText(piece);
    });
    let stopped = false;
    let count = 0;
    const options = { pick, stop: prompt.stop, maxTokens };
    for await (const token of generate(model, this.#sequence, advance, options, turn)) {
      count++;
      stopped = answer.push(stream.push(token)) || (prompt.isTranscript && isLoop(text));
      if (stopped) break;
    }
    answer.push(stream.end());
    answer.end();
    const finish: FinishReason = !stopped && count === maxTokens ? "length" : "stop";
    return { text, count, finish };
  }
}

/** A model that was not trained to end its answers says the same line over and over. */
function isLoop(text: string): boolean {
  const context = { prefix: "", suffix: "", languageId: "markdown", multiline: true };
  return stopAtRepetition(text, context, false) !== undefined;
}

/** Without the answers that drew on what may not be read any more, and without their questions. */
async function allowedTurns(turns: readonly ChatTurn[], folders: readonly FolderContext[]): Promise<ChatTurn[]> {
  const allowed: ChatTurn[] = [];
  for (const turn of turns) {
    if (await drawsOnForbidden(turn, folders)) allowed.pop();
    else allowed.push(turn);
  }
  return allowed;
}

async function drawsOnForbidden({ drewOn = [] }: ChatTurn, folders: readonly FolderContext[]): Promise<boolean> {
  for (const { folder, path } of drewOn) {
    const context = folders.find((one) => one.folder.path === folder);
    // A folder that is not read any more is forbidden as a whole.
    if (context === undefined || (await context.refusal(path)) !== undefined) return true;
  }
  return false;
}

function contextOf(
  { choice, reason }: BaseChoice,
  { earlierTurns }: ChatPrompt,
  gathered: Pick<ChatContext, "sources" | "refusals">,
  promptTokens: number,
): ChatContext {
  return { ...gathered, earlierTurns, promptTokens, base: { choice, reason } };
}
