// griffin chat "question": what the repository says of it, and one answer, streamed.

import { resolve } from "node:path";
import type { Command } from "commander";
import { Chatter } from "../engine/chat/chatter";
import { loadLanguageModel } from "../engine/loadLanguageModel";
import { undisturbed } from "../engine/modelAccess";
import {
  type ChatAttachment,
  type ChatContext,
  type ChatFindings,
  type ChatParams,
  isInPrompt,
} from "../protocol/engine";
import {
  type NamedRepository,
  namedRepository,
  openRepository,
  pathIn,
  type RepositoryOptions,
  withRepositoryOptions,
} from "./openRepository";
import { countFromOne, jsonOption, modelOption, threadsOption } from "./options";
import { piecePrinter, print } from "./print";
import { checkInput } from "./readable";
import { complain } from "./tell";
import { tunedLoad } from "./tunedLoad";
import { UsageError } from "./usageError";

interface Options extends RepositoryOptions {
  readonly file?: readonly string[];
  readonly model: string;
  readonly threads: number;
  readonly maxTokens: number;
  readonly json?: boolean;
}

export function addChatCommand(program: Command): void {
  const command = program
    .command("chat")
    .description("ask one question, about a repository or anything else")
    .argument("<question>", "the question");
  withRepositoryOptions(command)
    .option("--file <path>", "with --repo: a file in it that the question is about; can be repeated", append)
    .option("--max-tokens <n>", "write at most this many tokens", countFromOne, 256)
    .addOption(modelOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(chat);
}

async function chat(question: string, options: Options): Promise<void> {
  const named = await namedRepository(options);
  const attachments = await Promise.all((options.file ?? []).map((file) => attached(named, file)));
  const lm = await loadLanguageModel(options.model, tunedLoad(options.threads));
  const repository = named && (await openRepository(lm, named));
  const chatter = new Chatter({ lm, ...(repository && { folders: () => repository.folders() }) });
  const params: ChatParams = {
    turns: [{ role: "user", text: question }],
    maxTokens: options.maxTokens,
    useRepository: true,
    attachments,
  };
  let answer = "";
  const printPiece = piecePrinter();
  let findings: ChatFindings | undefined;
  let context: ChatContext | undefined;
  const listener = {
    onFindings: (found: ChatFindings) => {
      findings = found;
      for (const refusal of found.refusals) complain(`${refusal}\n`);
      if (!options.json) print(heading(found, lm.about.trained.instructions));
    },
    onContext: (told: ChatContext) => {
      context = told;
    },
    onText: (text: string) => {
      answer += text;
      if (!options.json) printPiece(text);
    },
  };
  const result = await chatter.answer(params, listener, undisturbed);
  const citations = chatter.citationsIn(answer);
  // None when a saved state had read all.
  const readTokens = repository?.report().folders[0]?.readTokens ?? 0;
  void repository?.close();
  await lm.model.dispose();
  const told = { ...result, answer, citations, ...findings, ...context, readTokens };
  if (options.json) process.stdout.write(`${JSON.stringify(told)}\n`);
  else printPiece("\n");
}

/** What --file names. Throws where the repository has no such file, which else would be said after it is read. */
async function attached(repository: NamedRepository | undefined, file: string): Promise<ChatAttachment> {
  if (repository === undefined) throw new UsageError("--file names a file of a repository: give --repo, too.");
  const { folder } = repository;
  const whole = resolve(folder, file);
  await checkInput(whole);
  return { type: "file", folder: resolve(folder), path: await pathIn(folder, whole) };
}

/** The places, ranked; what a model that was not trained to answer says below is marked as what it is. */
function heading({ sources }: ChatFindings, isTuned: boolean): string {
  const places = sources.map((source, index) => {
    const { name, startLine, endLine } = source;
    return `${index + 1}. ${name}:${startLine}-${endLine}${isInPrompt(source) ? "" : " (not read: no room)"}\n`;
  });
  const mark = isTuned ? "" : "Draft of the model (it was not trained to answer questions):\n";
  return `${places.join("")}${places.length > 0 ? "\n" : ""}${mark}`;
}

function append(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
