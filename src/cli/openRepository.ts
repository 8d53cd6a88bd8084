// A repository read by the command line: the same parts as in the engine, with nobody to wait for.

import { basename, dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { insideOf } from "../engine/files/insideOf";
import type { LanguageModel } from "../engine/model/languageModel";
import { undisturbed } from "../engine/modelAccess";
import { Repository } from "../engine/repository/repository";
import { realPath } from "../machine/realPath";
import type { LogLevel, ReadingProgress } from "../protocol/engine";
import { DEFAULT_REPOSITORY_TOKENS, repoTokensOption } from "./options";
import { checkInputFolder } from "./readable";
import { complain, tell } from "./tell";
import { UsageError } from "./usageError";
import { checkFolderName } from "./writable";

export interface NamedRepository {
  readonly folder: string;
  /** Where states are kept; absent: nowhere. */
  readonly stateFolder?: string | undefined;
  readonly maxTokens: number;
  /** A state that was made elsewhere, to begin with. */
  readonly importFile?: string | undefined;
}

const STATE_BUDGET_BYTES = 1024 * 2 ** 20;

/** What commands say that may draw on a repository. */
export interface RepositoryOptions {
  readonly repo?: string;
  readonly state?: string;
  readonly repoTokens?: number;
}

export function withRepositoryOptions(command: Command): Command {
  return command
    .option("--repo <dir>", "read this repository first, and draw on it")
    .option(
      "--state <dir>",
      "folder for the repository's saved state, such as `griffin ingest` makes; without it nothing is saved",
    )
    .addOption(repoTokensOption());
}

/**
 * The repository that --repo names, if it does. Throws where it cannot be read or its states cannot lie where --state says, and
 * a sentence where something else is said of one, and it is not named.
 */
export async function namedRepository({
  repo,
  state,
  repoTokens: maxTokens = DEFAULT_REPOSITORY_TOKENS,
}: RepositoryOptions): Promise<NamedRepository | undefined> {
  if (repo !== undefined) {
    await checkInputFolder(repo);
    await checkFolderName(state);
    return { folder: repo, maxTokens, stateFolder: state };
  }
  if (state !== undefined) throw new UsageError("--state saves what was read of a repository: give --repo, too.");
  if (maxTokens !== DEFAULT_REPOSITORY_TOKENS)
    throw new UsageError("--repo-tokens says how much of a repository is read: give --repo, too.");
  return undefined;
}

/** The file's path in the repository, whatever links lead to either. Throws a sentence when it does not lie there. */
export async function pathIn(folder: string, file: string): Promise<string> {
  const path = insideOf(await realPath(folder), join(await realPath(dirname(file)), basename(file)));
  if (!path) throw new Error(`${file} does not lie in ${folder}. Name the repository that it belongs to.`);
  return path;
}

/** Reads the whole folder, which may take minutes and is told meanwhile. Throws a sentence when it cannot be read. */
export async function openRepository(
  lm: LanguageModel,
  { folder, stateFolder, maxTokens, importFile }: NamedRepository,
  onProgress: (progress: ReadingProgress) => void = () => {},
): Promise<Repository> {
  const path = resolve(folder);
  let failure: string | undefined;
  const repository = new Repository({
    lm,
    background: (_priority, work) => work(undisturbed),
    onProgress: (progress) => {
      if (progress.phase === "failed") failure = progress.message;
      const { filesRead, filesTotal } = progress;
      if (filesTotal > 0) tell(`reading ${filesRead} of ${filesTotal} files`);
      onProgress(progress);
    },
    log: (level, message) => {
      // What the reading fails of is reported right after it is logged, and then thrown: it need not be said twice.
      queueMicrotask(() => failure === undefined && warn(level, message));
    },
    settleMs: 0,
    savesAtOnce: true,
  });
  const workspace = {
    folders: [{ name: basename(path), path }],
    repository: { read: true, exclude: [], maxTokens, stateBudgetBytes: STATE_BUDGET_BYTES },
    ...(stateFolder === undefined ? {} : { stateFolder: resolve(stateFolder) }),
  };
  try {
    const reading = repository.open(workspace);
    if (importFile !== undefined) await repository.importState(path, importFile);
    await reading;
  } catch (error) {
    void repository.close();
    throw error;
  }
  tell("");
  if (failure !== undefined) throw new Error(failure);
  return repository;
}

function warn(level: LogLevel, message: string): void {
  if (level === "warn" || level === "error") complain(`${withoutStack(message)}\n`);
}

/** An error is logged with the places in the code where it was thrown. */
function withoutStack(message: string): string {
  return process.env.GRIFFIN_DEBUG ? message : message.replace(/(\n {4}at .*)+$/, "");
}
