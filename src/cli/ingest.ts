// griffin ingest DIR: lets the model's state read a repository, as the editor does in the background, and saves it.

import type { Command } from "commander";
import { loadLanguageModel } from "../engine/loadLanguageModel";
import type { FolderReport } from "../protocol/engine";
import { size } from "../text/size";
import { mostMemoryBytes } from "./machine";
import { openRepository } from "./openRepository";
import { jsonOption, modelOption, repoTokensOption, threadsOption } from "./options";
import { checkInput, checkInputFolder } from "./readable";
import { tunedLoad } from "./tunedLoad";
import { UsageError } from "./usageError";
import { checkFolder, checkReplaced } from "./writable";

interface Options {
  readonly state?: string;
  readonly import?: string;
  readonly export?: string;
  readonly model: string;
  readonly threads: number;
  readonly repoTokens: number;
  readonly json?: boolean;
}

export function addIngestCommand(program: Command): void {
  program
    .command("ingest")
    .description("read a repository into the model's state, continuing where an earlier run stopped")
    .argument("<dir>", "the repository")
    .option("--state <dir>", "folder for saved states; without it nothing is saved")
    .option("--import <file>", "with --state: start from a state that was exported elsewhere")
    .option(
      "--export <file>",
      "with --state: also write the state to a file, for --import or the editor's Import a Repository State",
    )
    .addOption(repoTokensOption())
    .addOption(modelOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(ingest);
}

async function ingest(folder: string, options: Options): Promise<void> {
  // Before the reading, which takes minutes.
  if (options.state === undefined && (options.import ?? options.export) !== undefined) {
    throw new UsageError("--import and --export need a folder for saved states: give --state, too.");
  }
  await checkInputFolder(folder);
  await checkInput(options.import);
  await checkFolder(options.state);
  await checkReplaced(options.export);
  const lm = await loadLanguageModel(options.model, tunedLoad(options.threads));
  const began = performance.now();
  let restoredTokens = 0;
  const repository = await openRepository(
    lm,
    {
      folder,
      maxTokens: options.repoTokens,
      stateFolder: options.state,
      importFile: options.import,
    },
    ({ phase, tokens }) => {
      if (phase === "listing") restoredTokens = tokens;
    },
  );
  const ms = performance.now() - began;
  const [report] = repository.report().folders;
  const summary = summarize(report!, restoredTokens, ms);
  process.stdout.write(options.json ? `${JSON.stringify(summary)}\n` : format(summary));
  if (options.export !== undefined) await repository.exportState(report!.progress.folder, options.export);
  void repository.close();
  await lm.model.dispose();
  if (options.state !== undefined && !report!.isSaved) {
    throw new Error(
      `What was read could not be saved in ${options.state}. Fix the problem named above, then run this again.`,
    );
  }
}

function summarize(report: FolderReport, restoredTokens: number, ms: number) {
  const { tokens, filesRead } = report.progress;
  const { readTokens } = report;
  return {
    files: filesRead,
    tokens,
    restoredTokens,
    restoredMs: report.restoredMs ?? null,
    readTokens,
    seconds: ms / 1000,
    tokensPerSecond: readTokens / (ms / 1000),
    memoryTokens: report.memoryTokens,
    peakMemoryBytes: mostMemoryBytes(),
    leftOut: report.leftOut,
  };
}

function format(summary: ReturnType<typeof summarize>): string {
  const leftOut = Object.entries(summary.leftOut).map(([reason, files]) => `  ${files} ${reason}`);
  const restored =
    summary.restoredMs === null
      ? []
      : [`${summary.restoredTokens} tokens restored in ${Math.round(summary.restoredMs)} ms`];
  return [
    `${summary.files} files, ${summary.tokens} tokens in the state`,
    ...restored,
    `${summary.readTokens} tokens read in ${summary.seconds.toFixed(1)} s (${Math.round(summary.tokensPerSecond)} a second)`,
    `${summary.memoryTokens} tokens in the exact memory`,
    `${size(summary.peakMemoryBytes)} of memory at most, with the model`,
    ...(leftOut.length > 0 ? ["left out:", ...leftOut] : []),
    "",
  ].join("\n");
}
