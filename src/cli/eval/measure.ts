// Runs one evaluation task on a language model, under each of the conditions that are compared.

import { Completer } from "../../engine/completion/completer";
import type { LanguageModel } from "../../engine/model/languageModel";
import type { DocumentOffer } from "../../engine/repository/offer";
import { completeOnce } from "../completeOnce";
import { firstWord, isExact, similarity } from "./similarity";
import { type Condition, frameKey, only } from "./sources";
import type { Task } from "./tasks";
import { bitsInContexts, plainBits } from "./textBits";

export type Result = TextResult | SpanResult;

interface InContext {
  /** The condition's name; absent when the task has no repository. */
  readonly condition?: string;
  /** The state from which the model went on. */
  readonly base?: "trunk" | "empty";
}

export interface TextResult extends InContext {
  readonly id: string;
  readonly kind: "text";
  /** −log2 of the probability of `expected`, and its UTF-8 bytes. */
  readonly bits: number;
  readonly bytes: number;
  readonly ms: number;
}

export interface SpanResult extends InContext {
  readonly id: string;
  readonly kind: "span";
  readonly completion: string;
  readonly exact: boolean;
  /** Whether the first word is right: the name, where the span begins with one. */
  readonly named: boolean;
  readonly similarity: number;
  /** An editor would show it only to somebody who asks. */
  readonly isUnsure?: true;
  readonly ms: number;
}

/** A task's repository and the ways to use it. */
export interface Setting {
  readonly context: DocumentOffer;
  readonly conditions: readonly Condition[];
  /** Whether the model chooses between the trunk and the empty state, as in the editor; else it is the trunk. */
  readonly asksModel: boolean;
}

/** One result for each condition, in their order; one when there is no repository. */
export async function measure(lm: LanguageModel, task: Task, setting?: Setting): Promise<Result[]> {
  return task.kind === "text" ? measureText(lm, task, setting) : measureSpan(lm, task, setting);
}

async function measureText(lm: LanguageModel, task: Task, setting: Setting | undefined): Promise<TextResult[]> {
  const began = performance.now();
  const facts = { id: task.id, kind: "text", bytes: Buffer.byteLength(task.expected) } as const;
  if (setting === undefined) {
    const bits = await plainBits(lm, task);
    return [{ ...facts, bits, ms: performance.now() - began }];
  }
  const { conditions, context, asksModel } = setting;
  const contexts = conditions.map((condition) => only(condition, context));
  const measured = await bitsInContexts(lm, task, contexts, asksModel);
  const ms = (performance.now() - began) / conditions.length;
  return measured.map(({ bits, base }, index) => ({ ...facts, condition: conditions[index]!.name, base, bits, ms }));
}

/** Generated tokens at most; no expected span is longer. */
const MAX_TOKENS = 96;

async function measureSpan(lm: LanguageModel, task: Task, setting: Setting | undefined): Promise<SpanResult[]> {
  const { path, prefix, suffix, expected } = task;
  const extent = { multiline: expected.includes("\n"), maxTokens: MAX_TOKENS };
  const place = { path, text: prefix + suffix, offset: prefix.length, extent };
  if (setting === undefined) return [spanResult(task, await completeOnce(lm, place))];

  const { context, conditions, asksModel } = setting;
  // One for each prompt: what one condition has run, those with the same prompt need not run again.
  const completers = new Map<string, Completer>();
  let offered = context;
  let base: InContext["base"];
  const results: SpanResult[] = [];
  for (const condition of conditions) {
    offered = only(condition, context);
    const key = frameKey(offered);
    const completer =
      completers.get(key) ??
      new Completer({
        lm,
        repository: () => offered,
        onReport: (report) => {
          base = report.base.choice;
        },
      });
    completers.set(key, completer);
    const completed = await completeOnce(lm, place, { completer, isPrepared: asksModel });
    results.push({ ...spanResult(task, completed), condition: condition.name, ...(base && { base }) });
  }
  return results;
}

function spanResult({ id, expected }: Task, completed: Awaited<ReturnType<typeof completeOnce>>): SpanResult {
  const completion = completed.type === "success" ? completed.text : "";
  return {
    id,
    kind: "span",
    completion,
    exact: isExact(completion, expected),
    named: firstWord(completion) === firstWord(expected),
    similarity: similarity(completion.trimEnd(), expected.trimEnd()),
    ...(completed.type === "success" && completed.isUnsure && { isUnsure: true }),
    ms: completed.ms,
  };
}
