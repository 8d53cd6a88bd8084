// Writes what comes after a task's prompt: first what was cut off its end, then on to where the text has a sensible end.

import type { CompletionTiming, FinishReason } from "../../protocol/engine";
import { type FilterContext, finishCompletion, stopOffset } from "../../text/filters";
import { wordAtEnd } from "../../text/lines";
import { type Beginning, generate, MOST_UNSETTLED } from "../decoding/generate";
import type { Advance } from "../decoding/sequence";
import { Recall } from "../exactMemory/recall";
import { controlTokens, type LanguageModel } from "../model/languageModel";
import type { TokenId } from "../model/model";
import { forkOf, type State } from "../model/state";
import type { ModelAccess } from "../modelAccess";
import type { Branch, Branches } from "./branches";
import { type FirstLine, LEAST_SURE, type LineEnds } from "./firstLine";
import { type Prompt, readPrompt, type Task } from "./task";
import { Regrowth, regrow, runCut } from "./tokenHealing";

/** How somebody asks for a text. */
export interface Asked {
  readonly maxTokens: number;
  /** Nobody has asked yet: then writing ends as soon as the first line is not sure enough. */
  readonly isAutomatic: boolean;
}

export interface Writing extends Asked {
  readonly start: Regrown | Given;
  /** Gets the choices of the first line. Absent: nobody wants to know how it was chosen. */
  readonly firstLine?: FirstLine;
  /** ln p of the first line below which it is given up. */
  readonly least?: number;
  /** By `performance.now`, and now: from then on writing ends with the line that it is in. */
  readonly until?: (() => number) | undefined;
  /** How long whoever waits goes on waiting, now. What is not whole then ends with a word; once it is over, all is written. */
  readonly leftMs?: (() => number) | undefined;
  readonly onText?: ((text: string) => void) | undefined;
}

/** It begins with whatever most likely spells what was cut off the prompt's end. */
interface Regrown {
  readonly type: "regrow";
  /** Gets the states along it, as the sequence does. */
  readonly branches?: Branches;
}

/** It begins with these tokens, as one line among others, which mostly is given up after a few tokens. */
interface Given {
  readonly type: "given";
  readonly tokens: readonly TokenId[];
  /** The states along the lines that were written before: it goes on from the nearest, and its own go there alone. */
  readonly branches: Branches;
}

interface Generated {
  readonly text: string;
  readonly tokens: readonly TokenId[];
  readonly finish: FinishReason;
  /** Whether the first line is sure enough; true where nobody asked how it was chosen. */
  readonly isSure: boolean;
  /** There would have been more, but whoever waits had no time for it. */
  readonly isCutShort?: boolean;
}

export interface Written extends Generated {
  readonly cost: Cost;
}

type Cost = Omit<CompletionTiming, "queueMs" | "promptMs">;

/** Reads the prompt, as far as its sequence has not read it already, and writes what comes after it. */
export async function write(lm: LanguageModel, task: Task, writing: Writing, access: ModelAccess): Promise<Written> {
  const began = performance.now();
  const advance = await readPrompt(task, access);
  const prefilled = performance.now();
  const recall = await recallAfter(task, lm.tokenizer);
  const { start } = writing;
  const writer = new Writer(lm, task, recall, writing, access);
  const opening = await writer.open(advance);
  let handed = 0;
  const generated = await writer.goOn(opening, (branch) => {
    if (start.type === "regrow") task.sequence.extend(advance, branch.tokens.slice(handed), branch.state);
    handed = branch.tokens.length;
    start.branches?.add(branch);
  });
  const { recalled, drafted } = recall.counts;
  const cost = {
    reusedTokens: advance.reused,
    replayedTokens: advance.replayed,
    generatedTokens: generated.tokens.length - (start.type === "given" ? start.tokens.length : 0),
    recalledTokens: recalled,
    draftedTokens: drafted,
    prefillMs: prefilled - began,
    decodeMs: performance.now() - prefilled,
  };
  return { ...generated, cost };
}

/** What is worth offering of it; the empty string: nothing. */
export function offered({ text, finish, isCutShort }: Written, context: FilterContext): string {
  const ending = isCutShort ? "cut short" : finish === "length" ? "cut off" : "whole";
  return finishCompletion(text, context, ending);
}

/** What a text costs that was written before. */
export function costOfKnown({ tokens }: Prompt): Cost {
  return {
    reusedTokens: tokens.length,
    replayedTokens: 0,
    generatedTokens: 0,
    recalledTokens: 0,
    draftedTokens: 0,
    prefillMs: 0,
    decodeMs: 0,
  };
}

/** What ends a line. After a control token comes another file, or another's words. */
export function lineEnds(lm: LanguageModel): LineEnds {
  return { stop: controlTokens(lm), newline: lm.tokenizer.vocabulary.beginningWith(NEWLINE) };
}

const NEWLINE = Buffer.from("\n");
/** A line break at the end, with the next line's indentation. */
const LINE_END = /\n[ \t]*$/;

/** What writing begins with, and a state after some of these tokens. */
interface Opening {
  readonly tokens: readonly TokenId[];
  readonly seen: readonly TokenId[];
  readonly from: Beginning;
}

/** What is remembered at the prompt's end: where the exact memory is switched off, the prompt itself, for drafts. */
async function recallAfter(
  { live, far, repository, prompt: { frame, tokens } }: Task,
  tokenizer: LanguageModel["tokenizer"],
): Promise<Recall> {
  if (repository?.memory === undefined) return new Recall({ context: tokens });
  const { memory, path } = repository;
  const after = await tokenizer.encode(live.suffix.slice(frame.told));
  return new Recall({ memory, context: tokens, after, far, exclude: path });
}

/** Writes one text. */
class Writer {
  constructor(
    private readonly lm: LanguageModel,
    private readonly task: Task,
    private readonly recall: Recall,
    private readonly writing: Writing,
    private readonly access: ModelAccess,
  ) {}

  /** Finds what it begins with, and where to go on. */
  async open({ state, logits }: Advance): Promise<Opening> {
    const { start } = this.writing;
    // Most of what is written is not accepted: it goes into logs of its own, and the prompt's have room for the next key.
    const fork = forkOf(state);
    if (start.type === "given") {
      const { tokens } = start;
      this.recall.follow(tokens);
      const from = start.branches.before(tokens) ?? { tokens: [], state: fork };
      return { tokens, seen: from.tokens, from: { state: from.state, unsettled: tokens.slice(from.tokens.length) } };
    }
    const { cut } = this.task.prompt;
    if (cut.length === 0) return { tokens: [], seen: [], from: { state: fork, logits } };
    if (cut.length > 1) await this.access.nextRun();
    const begun = await runCut(this.lm.model, { state: fork, logits }, cut);
    const tokens = this.#beginLine(begun.logits);
    // All but the last token are the ones that were cut off, so the state after them is there already.
    return tokens.length === cut.length
      ? { tokens, seen: begun.tokens, from: { state: begun.state, unsettled: tokens.slice(-1) } }
      : { tokens, seen: [], from: { state: fork, unsettled: tokens } };
  }

  /** @param onBranch gets each state along the text */
  async goOn(opening: Opening, onBranch: (branch: Branch) => void): Promise<Generated> {
    const { maxTokens, isAutomatic, firstLine, onText, start } = this.writing;
    const { least = isAutomatic ? LEAST_SURE : -Infinity } = this.writing;
    const { until = () => Infinity, leftMs = () => Infinity } = this.writing;
    const { model, tokenizer } = this.lm;
    const { context, prompt } = this.task;
    const { recall } = this;
    const stream = tokenizer.stream();
    const regrowth = new Regrowth(tokenizer.vocabulary, prompt.wanted);
    const tokens: TokenId[] = [];
    let text = "";
    /** What of it is sure to end with a whole word. */
    let whole = { text, tokens: 0 };
    /** Takes a token; false when it is enough. */
    const take = (token: TokenId): boolean => {
      const piece = stream.pushBytes(regrowth.take(token));
      // Where a token is a part of a character, nothing has been said yet.
      if (piece !== "" && !goesOn(text, piece)) whole = { text, tokens: tokens.length };
      tokens.push(token);
      text += piece;
      if (wordAtEnd(text) === "") whole = { text, tokens: tokens.length };
      if (piece !== "") onText?.(piece);
      const isGivenUp = firstLine !== undefined && firstLine.logShare < least;
      return !isGivenUp && stopOffset(text, context) === undefined;
    };
    const pick = (logits: Float32Array) => {
      const next = recall.next(logits);
      const token = next.likeliest;
      if (firstLine !== undefined && !text.trimStart().includes("\n")) {
        const { named } = recall;
        firstLine.noteChosen({ index: tokens.length, text, token, logits, named, probability: next.probability });
      }
      recall.push(token);
      return token;
    };
    let seen = opening.seen;
    const options = {
      pick,
      stop: controlTokens(this.lm),
      maxTokens: maxTokens - opening.tokens.length,
      draft: (max: number) => recall.draft(max),
      mostUnsettled: start.type === "given" ? MOST_UNSETTLED : 0,
      onState: (state: State, added: readonly TokenId[]) => {
        seen = [...seen, ...added];
        onBranch({ tokens: seen, state });
      },
    };
    // The token that ends the text is not run: nothing comes after it.
    const stopped = () => ({ text, tokens, finish: "stop", isSure: firstLine?.isSure ?? true }) as const;
    if (!opening.tokens.every(take)) return stopped();
    const isInTime = (runMs: number) => {
      const left = leftMs();
      return left <= 0 || left >= runMs || whole.text.trim() === "";
    };
    try {
      for await (const token of generate(model, opening.from, options, whileInTime(this.access, isInTime))) {
        if (!take(token)) return stopped();
        if (performance.now() >= until() && text.trim() !== "" && LINE_END.test(text)) {
          return { ...stopped(), finish: "length" };
        }
      }
    } catch (error) {
      if (!(error instanceof NoTimeLeft)) throw error;
      const written = { text: whole.text, tokens: tokens.slice(0, whole.tokens) };
      return { ...stopped(), ...written, finish: "length", isCutShort: true };
    }
    const finish: FinishReason = tokens.length >= maxTokens ? "length" : "stop";
    // No `stream.end()`: half a character at the limit is dropped. An empty text counts as sure, as there is no line to doubt.
    return { text, tokens, finish, isSure: text === "" || (firstLine?.isSure ?? true) };
  }

  /**
   * Writes again what was cut off the prompt, and tells `firstLine` and `recall`.
   * @param rows logits before each token that was cut off
   */
  #beginLine(rows: Float32Array): readonly TokenId[] {
    const { recall } = this;
    const { prompt } = this.task;
    const { firstLine } = this.writing;
    const { tokens, logShare, allowed } = regrow(prompt, rows, this.lm.tokenizer.vocabulary, recall);
    const size = rows.length / prompt.cut.length;
    const index = tokens.length - 1;
    for (const token of tokens.slice(0, index)) recall.push(token);
    const token = tokens[index]!;
    const logits = rows.subarray(index * size, (index + 1) * size);
    const { probability } = recall.next(logits);
    firstLine?.startWith(logShare);
    firstLine?.noteRegrown({ index, text: "", token, logits, allowed, probability });
    recall.push(token);
    return tokens;
  }
}

/** Whether this piece goes on with the word that `text` ends with. */
function goesOn(text: string, piece: string): boolean {
  const last = wordAtEnd(text).slice(-1);
  return last !== "" && wordAtEnd(last + piece.slice(0, 1)).length > 1;
}

/** Ends a text early: what is written by then is the answer. Not `TooLate`, with which whoever asks gets nothing of the text. */
class NoTimeLeft extends Error {}

/** The same access, until a run that takes as long as the longest so far would be too late: then it rejects with `NoTimeLeft`. */
function whileInTime(access: ModelAccess, isInTime: (runMs: number) => boolean): ModelAccess {
  let began: number | undefined;
  let longestMs = 0;
  return {
    async nextRun() {
      if (began !== undefined) longestMs = Math.max(longestMs, performance.now() - began);
      if (!isInTime(longestMs)) throw new NoTimeLeft();
      await access.nextRun();
      began = performance.now();
    },
  };
}
