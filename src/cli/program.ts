// The `griffin` command: the engine without an editor. Its subcommands, and the exit code.

import { Command, CommanderError } from "commander";
import { addBenchCommand } from "./bench";
import { addChatCommand } from "./chat";
import { addCompleteCommand } from "./complete";
import { addConvertCommand } from "./convert";
import { addDoctorCommand } from "./doctor";
import { endWithReader } from "./endings";
import { addEvalCommand } from "./eval";
import { addIngestCommand } from "./ingest";
import { addLogitsCommand } from "./logits";
import { addReplayCommand } from "./replay";
import { sentenceOf } from "./sentence";
import { complain } from "./tell";
import { UsageError } from "./usageError";

const COMMANDS = [
  addCompleteCommand,
  addChatCommand,
  addIngestCommand,
  addConvertCommand,
  addLogitsCommand,
  addEvalCommand,
  addReplayCommand,
  addBenchCommand,
  addDoctorCommand,
];

/** esbuild.mjs writes package.json's here. */
const VERSION = process.env.GRIFFIN_VERSION ?? "development";
const USAGE_ERROR = 2;

/** Runs one command; what goes wrong is said on stderr, and in the process's exit code. */
export async function run(argv: readonly string[]): Promise<void> {
  endWithReader();
  const program = new Command("griffin")
    .description("Code completion and repository chat from a model on your own machine.")
    .version(VERSION)
    .exitOverride();
  for (const add of COMMANDS) add(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = exitCode(error);
  }
}

/** 0 done, 1 failed (one sentence, with the next step), 2 wrong usage. */
function exitCode(error: unknown): number {
  // Commander has said what is wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR;
  complain(`griffin: ${sentenceOf(error)}\n`);
  if (process.env.GRIFFIN_DEBUG) process.stderr.write(`${(error as Error).stack}\n`);
  return error instanceof UsageError ? USAGE_ERROR : 1;
}
