// The repositories of evaluation tasks: written to a folder, read as the editor would read them, and shared by all tasks
// that name the same files.

import { randomUUID } from "node:crypto";
import { mkdirSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { insideOf } from "../../engine/files/insideOf";
import type { LanguageModel } from "../../engine/model/languageModel";
import type { DocumentOffer } from "../../engine/repository/offer";
import type { Repository } from "../../engine/repository/repository";
import { removeLeftFolders } from "../../machine/leftFolders";
import { isAlive } from "../../machine/processes";
import { removeAtEnd } from "../endings";
import { openRepository } from "../openRepository";
import { hashOf } from "./hash";
import type { RepoFile } from "./tasks";

export interface TaskRepositoriesOptions {
  readonly lm: LanguageModel;
  /** Where states are kept, so that another run reads nothing again. Absent: nowhere. */
  readonly stateFolder?: string | undefined;
  /** The trunk reads at most so many tokens; 0: there is none. */
  readonly maxTokens: number;
}

interface Opened {
  readonly key: string;
  readonly folder: string;
  readonly repository: Repository;
  /** Removes the folder. */
  readonly remove: () => Promise<void>;
}

export class TaskRepositories {
  /** The last one: tasks come repository by repository, and a trunk's states are large. */
  #opened: Opened | undefined;

  constructor(private readonly options: TaskRepositoriesOptions) {}

  /** What the repository of these files offers for one more file, of that path. */
  async contextOf(files: readonly RepoFile[], path: string): Promise<DocumentOffer> {
    const known = files.find((file) => file.path === path);
    // Its text would be the answer.
    if (known !== undefined) throw new Error(`The repository of ${path} must not hold this file itself.`);
    const { folder, repository } = await this.#open(files);
    return repository.offerFor(pathToFileURL(pathIn(folder, path)).href);
  }

  /** Forgets what is open and removes its files; saved states stay. */
  async close(): Promise<void> {
    this.#opened?.repository.close();
    await this.#opened?.remove();
    this.#opened = undefined;
  }

  async #open(files: readonly RepoFile[]): Promise<Opened> {
    const key = hashOf(files);
    if (this.#opened?.key === key) return this.#opened;
    await this.close();
    const { lm, stateFolder, maxTokens } = this.options;
    if (stateFolder === undefined) await removeLeftFolders(RUN_FOLDER, ([, pid]) => !isAlive(Number(pid)));
    const wanted = folderFor(key, stateFolder);
    // Before it is there, and filled in one turn: who stops the command finds nothing left, nor half written.
    const forget = removeAtEnd(wanted);
    const remove = async () => {
      await rm(wanted, { recursive: true, force: true });
      forget();
    };
    try {
      const folder = writeFolder(wanted, files);
      const states = stateFolder === undefined ? undefined : join(stateFolder, "states");
      const repository = await openRepository(lm, { folder, maxTokens, stateFolder: states });
      this.#opened = { key, folder, repository, remove };
      return this.#opened;
    } catch (error) {
      await remove();
      throw error;
    }
  }
}

/** With the process that made it. */
const RUN_FOLDER = /^griffin-eval-(\d+)-/;

/** Saved states are found by the folder's path, so with a place for them the path is the same in every run. */
function folderFor(key: string, stateFolder: string | undefined): string {
  if (stateFolder !== undefined) return join(stateFolder, "folders", key);
  return join(tmpdir(), `griffin-eval-${process.pid}-${randomUUID()}`);
}

/** Returns the folder's real path. */
function writeFolder(wanted: string, files: readonly RepoFile[]): string {
  rmSync(wanted, { recursive: true, force: true });
  mkdirSync(wanted, { recursive: true, mode: 0o700 });
  const folder = realpathSync(wanted);
  for (const { path, text } of files) write(pathIn(folder, path), text);
  return folder;
}

/** Throws when a path leads out of the folder: task files come from anywhere. */
function pathIn(folder: string, path: string): string {
  const whole = join(folder, path);
  if (!insideOf(folder, whole)) throw new Error(`"${path}" does not lie in its repository.`);
  return whole;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  // The trunk's order, where there is no history.
  utimesSync(path, 0, 0);
}
