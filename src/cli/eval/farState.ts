// What a repository's state is worth by itself: the bits of a file of it, with so much foreign text between that no
// attention layer sees the repository any more, against the same file after the foreign text alone. And what the exact memory, which
// is kept with the state, adds to that.

import { CHUNK_TOKENS } from "../../engine/decoding/sequence";
import type { ExactMemory } from "../../engine/exactMemory/exactMemory";
import { Recall } from "../../engine/exactMemory/recall";
import { widestWindow } from "../../engine/model/architecture";
import type { LanguageModel } from "../../engine/model/languageModel";
import type { TokenId } from "../../engine/model/model";
import type { State } from "../../engine/model/state";
import { fileTokens, headerTokens } from "../../engine/repository/fileTokens";
import { readStretch } from "../bench/stretch";
import type { TextResult } from "./measure";
import type { RepoFile, Task } from "./tasks";
import { bitsAfter } from "./textBits";

/** The states from which a repository's files are measured: both have read the foreign text last. */
export interface FarStates {
  readonly none: State;
  readonly trunk: State;
}

/** More than an attention layer sees of what lies behind it. */
export function tokensOutOfSight({ model }: LanguageModel): number {
  return widestWindow(model.architecture) + 1;
}

/** @param foreign files of another repository; their first `length` tokens are read */
export async function farStates(
  lm: LanguageModel,
  trunk: State,
  foreign: readonly RepoFile[],
  length: number,
): Promise<FarStates> {
  const between: TokenId[] = [];
  for (const { path, text } of foreign) {
    if (between.length < length) between.push(...(await fileTokens(lm, path, text)));
  }
  if (between.length < length) {
    throw new Error(`Another repository must give ${length} tokens to stand between, and has ${between.length}.`);
  }
  const tokens = between.slice(0, length);
  return {
    none: (await readStretch(lm.model, [lm.about.tokens.bos, ...tokens], lm.model.emptyState, CHUNK_TOKENS)).state,
    trunk: (await readStretch(lm.model, tokens, trunk, CHUNK_TOKENS)).state,
  };
}

/**
 * A text task's results under both states, and under the trunk's with the exact memory of the same files. Its id tells that it was
 * measured from far.
 */
export async function measureFar(
  lm: LanguageModel,
  task: Pick<Task, "id" | "path" | "prefix" | "expected">,
  states: FarStates,
  memory?: ExactMemory,
): Promise<TextResult[]> {
  const given = [...(await headerTokens(lm, task.path)), ...(await lm.tokenizer.encode(task.prefix))];
  const expected = await lm.tokenizer.encode(task.expected);
  const recall = memory && new Recall({ memory, context: given, exclude: task.path });
  const began = performance.now();
  const [none] = await bitsAfter(lm, states.none, given, expected, [undefined]);
  const recalls = recall === undefined ? [undefined] : [undefined, recall];
  const [trunk, both] = await bitsAfter(lm, states.trunk, given, expected, recalls);
  const ms = (performance.now() - began) / 2;
  const facts = { id: farId(task.id), kind: "text", bytes: Buffer.byteLength(task.expected), ms } as const;
  return [
    { ...facts, condition: "none", base: "empty", bits: none! },
    { ...facts, condition: "trunk", base: "trunk", bits: trunk! },
    ...(both === undefined ? [] : [{ ...facts, condition: "trunk+memory", base: "trunk", bits: both } as const]),
  ];
}

/** `python-text-1` is `python-far-text-1`: one table for all kinds, and no result of another measurement. */
export function farId(id: string): string {
  return id.replace("-", "-far-");
}
