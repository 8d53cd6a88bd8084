// griffin replay RECORDING...: what recorded typing costs the engine, key by key.

import { type Command, InvalidArgumentError, Option } from "commander";
import { loadLanguageModel } from "../engine/loadLanguageModel";
import { parseRecording } from "../text/recording";
import { namedRepository, openRepository, type RepositoryOptions, withRepositoryOptions } from "./openRepository";
import { jsonOption, modelOption, threadsOption } from "./options";
import { print } from "./print";
import { parseInput } from "./readable";
import type { RunTime } from "./replay/meteredModel";
import { type Keystroke, play } from "./replay/player";
import { formatSummary, summarize } from "./replay/summary";

interface Options extends RepositoryOptions {
  readonly model: string;
  readonly threads: number;
  readonly patient?: boolean;
  readonly as?: RunTime;
  readonly json?: boolean;
}

export function addReplayCommand(program: Command): void {
  const command = program
    .command("replay")
    .description("play recorded typing against the engine and say what each keystroke cost")
    .argument("<recordings...>", 'recordings, made with "Griffin: Record Typing" or found in test/recordings')
    .addOption(
      new Option(
        "--patient",
        "wait for every answer, so that the figures do not depend on the machine's speed",
      ).conflicts("as"),
    )
    .option(
      "--as <N,M>",
      "simulate a machine that reads N tokens a second and writes one in M ms, such as 800,15; the figures are the same on " +
        "every machine, and requests are cancelled as they would be there",
      parseRates,
    );
  withRepositoryOptions(command)
    .addOption(modelOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(replay);
}

async function replay(files: readonly string[], options: Options): Promise<void> {
  const named = await namedRepository(options);
  const recordings = await Promise.all(
    files.map(async (file) => ({ file, recording: await parseInput(file, parseRecording) })),
  );
  const lm = await loadLanguageModel(options.model, { threads: options.threads });
  const repository = named && { folder: named.folder, contents: await openRepository(lm, named) };
  const all: Keystroke[] = [];
  const sessions = [];
  for (const { file, recording } of recordings) {
    const keystrokes = await play(lm, recording, {
      runTime: options.patient === true ? () => 0 : (options.as ?? ((_, tookMs) => tookMs)),
      ...(repository && { repository }),
    });
    all.push(...keystrokes);
    const summary = summarize(keystrokes);
    sessions.push({ file, ...summary });
    if (!options.json) print(formatSummary(file, summary));
  }
  repository?.contents.close();
  await lm.model.dispose();
  const total = summarize(all);
  if (options.json) process.stdout.write(`${JSON.stringify({ model: lm.about.name, total, sessions })}\n`);
  else if (sessions.length > 1) process.stdout.write(formatSummary(`all ${sessions.length} sessions`, total));
}

/** A run takes what one written token does, and more for every further token. */
function parseRates(text: string): RunTime {
  const [perSecond, stepMs] = /^\d+,\d+$/.test(text) ? text.split(",").map(Number) : [];
  if (!perSecond || !stepMs) throw new InvalidArgumentError("It must be two whole numbers above 0, such as 800,15.");
  return (tokens) => stepMs + ((tokens - 1) * 1000) / perSecond;
}
