// Masked spans with and without the exact memory, and with its drafts: how often they are exact, and what decoding costs.
//
//   node tools/exactMemory/run.mjs spans PACKAGES.jsonl TASKS.jsonl [every n-th task]
//
// A package's memory holds all of its files but the one that the span is cut from.

import { readFileSync } from "node:fs";
import { isExact } from "../../src/cli/eval/similarity";
import { parseTasks, type Task } from "../../src/cli/eval/tasks";
import { type HealedPrompt, heal, Regrowth, regrow, runCut } from "../../src/engine/completion/tokenHealing";
import { generate } from "../../src/engine/decoding/generate";
import { greedy } from "../../src/engine/decoding/logits";
import { type Advance, Sequence } from "../../src/engine/decoding/sequence";
import { ExactMemory } from "../../src/engine/exactMemory/exactMemory";
import { Recall } from "../../src/engine/exactMemory/recall";
import { loadLanguageModel } from "../../src/engine/loadLanguageModel";
import type { LanguageModel } from "../../src/engine/model/languageModel";
import type { Model, TokenId } from "../../src/engine/model/model";
import { forkOf } from "../../src/engine/model/state";
import { undisturbed } from "../../src/engine/modelAccess";
import { finishCompletion, stopOffset } from "../../src/text/filters";
import { type PackageLine, readLines } from "./dump";

const MODES = ["model", "memory", "drafts"] as const;
type Mode = (typeof MODES)[number];

class Tally {
  tasks = 0;
  exact = 0;
  tokens = 0;
  runs = 0;
  rows = 0;
  confirmed = 0;
  drafted = 0;
  ms = 0;
  processorMs = 0;
  /** Of `ms`, what the model took. */
  modelMs = 0;
}

export async function spans([packages, tasks, every = "1"]: readonly string[]): Promise<void> {
  const lm = await loadLanguageModel("models/griffin-code-small", { threads: 0 });
  const tallies = new Map(MODES.map((mode) => [mode, new Tally()]));
  let differing = 0;
  const chosen = parseTasks(readFileSync(tasks!, "utf8")).filter(
    (task, index) => task.kind === "span" && index % Number(every) === 0,
  );
  for (const { package: name, files } of readLines<PackageLine>(packages!)) {
    const own = chosen.filter((task) => task.path.startsWith(`${name}-`));
    if (own.length === 0) continue;
    const memory = new ExactMemory();
    for (const { path, text } of files) {
      memory.setDocument(path, await lm.tokenizer.encode(text));
    }
    while (memory.work(1e6));
    for (const task of own) {
      const inner = task.path.slice(task.path.indexOf("/", name.length) + 1);
      const exclude = files.find(({ path }) => path.endsWith(inner))?.path;
      if (exclude === undefined) continue;
      const texts = await complete(lm, task, memory, exclude, tallies);
      if (texts.memory !== texts.drafts) differing++;
      console.log(task.id, JSON.stringify([task.expected, texts.model, texts.memory]));
    }
  }
  for (const [mode, tally] of tallies) console.log(mode.padEnd(7), JSON.stringify(tally));
  console.log(`${differing} texts differ with drafts`);
  await lm.model.dispose();
}

async function complete(
  lm: LanguageModel,
  task: Task,
  memory: ExactMemory,
  exclude: string,
  tallies: ReadonlyMap<Mode, Tally>,
) {
  const { tokenizer, about } = lm;
  const lineStart = task.prefix.lastIndexOf("\n") + 1;
  const before = [about.tokens.bos, ...(await tokenizer.encode(task.prefix.slice(0, lineStart)))];
  const line = heal(await tokenizer.encode(task.prefix.slice(lineStart)), tokenizer.vocabulary);
  const tokens = [...before, ...line.tokens];
  const sequence = new Sequence(lm.model);
  const advance = await sequence.advance(tokens, [], undisturbed);
  const after = await tokenizer.encode(task.suffix);
  const texts: Record<string, string> = {};
  for (const mode of MODES) {
    const tally = tallies.get(mode)!;
    const recall = new Recall({ memory, context: tokens, after, exclude });
    const text = await decode(lm, advance, mode, recall, line, task, tally);
    texts[mode] = text;
    tally.tasks++;
    if (isExact(text, task.expected)) tally.exact++;
  }
  return texts;
}

async function decode(
  { model, tokenizer, about }: LanguageModel,
  advance: Advance,
  mode: Mode,
  recall: Recall,
  line: HealedPrompt,
  task: Task,
  tally: Tally,
): Promise<string> {
  const counting: Model = {
    architecture: model.architecture,
    emptyState: model.emptyState,
    dispose: () => model.dispose(),
    forward: async (run, state, rows) => {
      tally.runs++;
      tally.rows += run.length;
      const began = performance.now();
      const result = await model.forward(run, state, rows);
      if (rows.length < 2) void result.state; // Made when it is read, and part of the run; a draft's may never be.
      tally.modelMs += performance.now() - began;
      return result;
    },
  };
  let count = 0;
  const stream = tokenizer.stream();
  const regrowth = new Regrowth(tokenizer.vocabulary, line.wanted);
  const began = performance.now();
  const before = process.cpuUsage();
  const { logits: rows } = await runCut(counting, advance, line.cut);
  const start = regrow(line, rows, tokenizer.vocabulary, mode === "model" ? undefined : recall).tokens;
  const context = { ...task, languageId: "", multiline: task.expected.includes("\n") };
  let text = "";
  /** Takes a token; false when it is enough. */
  const take = (token: TokenId): boolean => {
    count++;
    tally.tokens++;
    recall.push(token);
    text += stream.pushBytes(regrowth.take(token));
    return stopOffset(text, context) === undefined;
  };
  const draft = (max: number) => {
    const drafted = recall.draft(max);
    tally.drafted += drafted.length;
    return drafted;
  };
  const options = {
    pick: mode === "model" ? greedy : (logits: Float32Array) => recall.pick(logits),
    stop: about.tokens.stop,
    maxTokens: 64 - start.length,
    ...(mode === "drafts" && { draft }),
  };
  const state = forkOf(advance.state);
  const from = start.length === 0 ? { ...advance, state } : { state, unsettled: start };
  if (start.every(take)) {
    for await (const token of generate(counting, from, options, undisturbed)) if (!take(token)) break;
  }
  tally.ms += performance.now() - began;
  const used = process.cpuUsage(before);
  tally.processorMs += (used.user + used.system) / 1000;
  tally.confirmed += recall.counts.drafted;
  return finishCompletion(text, context, count === 64);
}
