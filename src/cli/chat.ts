// griffin chat "question": one answer, streamed.

import type { Command } from "commander";
import { Chatter } from "../engine/chatter";
import { loadLanguageModel } from "../engine/languageModel";
import { undisturbed } from "../engine/turn";
import { count, jsonOption, modelOption, threadsOption } from "./options";

interface Options {
  readonly model: string;
  readonly threads: number;
  readonly maxTokens: number;
  readonly json?: boolean;
}

export function addChatCommand(program: Command): void {
  program
    .command("chat")
    .description("ask the model one question")
    .argument("<question>", "the question")
    .option("--max-tokens <n>", "upper bound of generated tokens", count, 256)
    .addOption(modelOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(chat);
}

async function chat(question: string, options: Options): Promise<void> {
  const lm = await loadLanguageModel(options.model, { threads: options.threads });
  let answer = "";
  const onText = (text: string) => {
    answer += text;
    if (!options.json) process.stdout.write(text);
  };
  const params = { turns: [{ role: "user", text: question }], maxTokens: options.maxTokens } as const;
  const result = await new Chatter(lm).answer(params, onText, undisturbed);
  await lm.model.dispose();
  process.stdout.write(options.json ? `${JSON.stringify({ ...result, answer })}\n` : "\n");
}
