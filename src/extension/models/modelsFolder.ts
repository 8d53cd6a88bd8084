// The folder of models on this machine: what is installed, and what a stopped installation has left.
//
//   <root>/recurrentgemma-2b-int8/        a model folder; it has this name only when it is whole
//   <root>/.recurrentgemma-2b-int8.…      one that grows, or is about to go
//   <root>/.downloads/recurrentgemma-2b/  a checkpoint as the hub has it
//   <root>/.lock                          held by the one window that works here
//   <root>/.installing, .checkpoints.json: see folderNotes.ts

import { readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readModelFolder } from "../../engine/model/modelFolder";
import { isClaimed } from "../../machine/claim";
import { allocatedBytesIn, bytesIn } from "../../machine/diskRoom";
import { renamePatiently } from "../../machine/renamePatiently";
import { swapFault } from "./faults";
import { FolderNotes } from "./folderNotes";

/** A model, whole or not. */
export interface NamedModel {
  readonly folder: string;
  /** The folder's own name. */
  readonly folderName: string;
  readonly displayName: string;
}

/** One that can say what it is. */
export interface InstalledModel extends NamedModel {
  /** Of the weights and everything else. */
  readonly bytes: number;
}

export interface Leftover {
  readonly folder: string;
  readonly name: string;
  readonly bytes: number;
}

const DOWNLOADS = ".downloads";
/** A conversion; a replacement that waits; a model that is about to go. */
const UNFINISHED = /^\.+(.+)\.(?:new\.converting|new|old)$/;
/** A window restarts its engine some seconds after the settings name another model. */
const LETTING_GO_MS = 6_000;
/** A virus scanner looks at all files of a new model. */
const NEW_PATIENCE_MS = 10_000;
const RETRY_MS = 500;

export class ModelsFolder {
  constructor(readonly root: string) {}

  get lockPath(): string {
    return join(this.root, ".lock");
  }

  get notes(): FolderNotes {
    return new FolderNotes(this.root);
  }

  /** Where a model of this name is, or would be. */
  pathOf(folderName: string): string {
    return join(this.root, folderName);
  }

  /** Where a model of this name grows: the old one may still be needed. */
  replacementOf(folderName: string): string {
    return join(this.root, `.${folderName}.new`);
  }

  downloadOf(id: string): string {
    return join(this.root, DOWNLOADS, id);
  }

  async installed(): Promise<InstalledModel[]> {
    const names = (await this.folders()).filter((name) => !name.startsWith("."));
    const models = await Promise.all(names.map((name) => describeModelFolder(this.pathOf(name))));
    return models.filter((model) => model !== undefined);
  }

  /** Whether this window or another one works here just now. */
  isBusy(): Promise<boolean> {
    return isClaimed(this.lockPath);
  }

  /** Folders that should hold a model, and hold none that can be read. */
  async unreadable(): Promise<Leftover[]> {
    const names = (await this.folders()).filter((name) => !name.startsWith("."));
    const whole = new Set((await this.installed()).map(({ folderName }) => folderName));
    return weighed(names.filter((name) => !whole.has(name)).map((name) => ({ folder: this.pathOf(name), name })));
  }

  /** Downloads and halves of conversions that nobody works on, which make a later attempt shorter; and what is unreadable. */
  async leftovers(): Promise<Leftover[]> {
    if (await this.isBusy()) return [];
    const halves = (await this.folders()).flatMap((name) => {
      const model = UNFINISHED.exec(name)?.[1];
      return model === undefined ? [] : [{ folder: this.pathOf(name), name: `unfinished ${model}` }];
    });
    const found = [
      ...(await this.downloads()).map((name) => ({ folder: this.downloadOf(name), name: `download of ${name}` })),
      ...halves,
    ];
    return [...(await weighed(found)), ...(await this.unreadable())];
  }

  /** What there is of downloads, by the ids of their models. */
  async downloadedBytes(): Promise<Readonly<Record<string, number>>> {
    const ids = await this.downloads();
    return Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await bytesIn(this.downloadOf(id))])));
  }

  /** What halves of conversions take on the disk, by the names of their models. */
  async convertedBytes(): Promise<Readonly<Record<string, number>>> {
    const found = (await this.folders()).filter((name) => name.endsWith(".converting"));
    const bytes = found.map(async (name) => [UNFINISHED.exec(name)?.[1], await allocatedBytesIn(this.pathOf(name))]);
    return Object.fromEntries(await Promise.all(bytes));
  }

  /**
   * First out of sight, at once; a folder that is half removed must not look like a model. What is half gone goes at the next try.
   * Other windows let go of a model that is not used any more a little later than this one.
   */
  async remove(folderName: string, patienceMs = LETTING_GO_MS): Promise<void> {
    const aside = this.asideOf(folderName);
    const deadline = performance.now() + patienceMs;
    for (;;) {
      try {
        await rm(aside, { recursive: true, force: true });
        await rename(this.pathOf(folderName), aside).catch(ignoreMissing);
        await rm(aside, { recursive: true, force: true });
        return;
      } catch (error) {
        const fault = swapFault(error, folderName);
        if (fault.kind !== "inUse" || performance.now() > deadline) throw fault;
        await sleep(RETRY_MS);
      }
    }
  }

  /** Puts `replacementOf(folderName)` in the model's place. After a fault the old one is there, and the new one waits. */
  async replace(folderName: string): Promise<void> {
    const [place, aside] = [this.pathOf(folderName), this.asideOf(folderName)];
    try {
      await rm(aside, { recursive: true, force: true });
      await renamePatiently(place, aside, { patienceMs: LETTING_GO_MS }).catch(ignoreMissing);
      await renamePatiently(this.replacementOf(folderName), place, { patienceMs: NEW_PATIENCE_MS });
    } catch (error) {
      // Does nothing when the old one is still there, or never was.
      await rename(aside, place).catch(() => {});
      throw swapFault(error, folderName);
    }
    // What cannot go now, because another process still uses it, is a leftover: the new one is in its place.
    await rm(aside, { recursive: true, force: true }).catch(() => {});
  }

  private downloads(): Promise<string[]> {
    return readdir(join(this.root, DOWNLOADS)).catch(() => []);
  }

  private async folders(): Promise<string[]> {
    const entries = await readdir(this.root, { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => !entry.isFile()).map(({ name }) => name);
  }

  private asideOf(folderName: string): string {
    return join(this.root, `.${folderName}.old`);
  }
}

function weighed(found: readonly Omit<Leftover, "bytes">[]): Promise<Leftover[]> {
  return Promise.all(found.map(async (item) => ({ ...item, bytes: await bytesIn(item.folder) })));
}

/** Whether an engine would take the model in `folder`, as far as can be told without reading every file. */
export async function canBeUsed(folder: string): Promise<boolean> {
  return readModelFolder(folder).then(
    () => true,
    () => false,
  );
}

/** What is said of the model in `folder`, whole or damaged; undefined when there is none. */
export async function describeModelFolder(folder: string): Promise<InstalledModel | undefined> {
  try {
    const { displayName, files } = JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
    const sizes = Object.values(files as Record<string, { bytes: number }>);
    const bytes = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    return { folder, folderName: basename(folder), displayName: String(displayName), bytes };
  } catch {
    return undefined;
  }
}

/** The model in a folder of the user's own, which is in no list; undefined when `folder` is one of `listed`, or holds none. */
export async function ownModel(folder: string, listed: readonly InstalledModel[]): Promise<InstalledModel | undefined> {
  if (listed.some((model) => isSameFolder(model.folder, folder))) return undefined;
  return describeModelFolder(folder);
}

/** Also where one of them was typed: with other capitals on Windows, or with a slash at its end. */
export function isSameFolder(one: string, other: string): boolean {
  return relative(one, other) === "";
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
