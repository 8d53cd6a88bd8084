// What is kept beside the models, as it is true of their machine alone. VS Code's own store is the user's on all machines, also
// where a window works on another one, over SSH for instance.

import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../../machine/wholeFile";
import { objectOf, parseJson } from "../../text/json";

/** What a window makes in the folder of models, by the name of its folder. */
export interface Making {
  readonly folderName: string;
  /** Whether there is such a model, which is to be replaced although it may look whole. */
  readonly isRepair: boolean;
}

/** In the note's second line. */
const REPAIR = "repair";

export class FolderNotes {
  /** @param root the folder of models */
  constructor(private readonly root: string) {}

  /** What is being made, or was when its window ended. */
  async making(): Promise<Making | undefined> {
    const note = await readFile(this.makingPath, "utf8").catch(() => undefined);
    if (note === undefined) return undefined;
    const [folderName, kind] = note.split("\n");
    return { folderName: folderName!, isRepair: kind === REPAIR };
  }

  /**
   * Does `work`, which makes a model, for whoever holds the lock. Who closes the window does not come to the end of it, and the
   * note stays.
   */
  async whileMaking<T>({ folderName, isRepair }: Making, work: () => Promise<T>): Promise<T> {
    // What cannot be noted is not offered again, and can be removed meanwhile.
    await this.write(this.makingPath, isRepair ? `${folderName}\n${REPAIR}` : folderName).catch(() => {});
    try {
      return await work();
    } finally {
      await this.forgetMaking();
    }
  }

  async forgetMaking(): Promise<void> {
    await rm(this.makingPath, { force: true }).catch(() => {});
  }

  /** The checkpoints of the user's, by the names under which they were installed; those that can be read. */
  async checkpoints(): Promise<Readonly<Record<string, string>>> {
    const text = await readFile(this.checkpointsPath, "utf8").catch(() => "");
    const entries = Object.entries(objectOf(parseJson(text)));
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  }

  /**
   * For a repair, by whoever holds the lock. Where it cannot be noted, the model has to be added again instead. Of what has been
   * removed nothing is known any more.
   */
  async setCheckpoint(name: string, checkpoint: string): Promise<void> {
    const folders = await readdir(this.root).catch(() => []);
    // In any form, also one that grows.
    const isThere = (one: string) => folders.some((folder) => folder.replace(/^\.+/, "").startsWith(`${one}-`));
    const known = Object.entries(await this.checkpoints()).filter(([one]) => isThere(one));
    const all = { ...Object.fromEntries(known), [name]: checkpoint };
    await this.write(this.checkpointsPath, JSON.stringify(all)).catch(() => {});
  }

  private get makingPath(): string {
    return join(this.root, ".installing");
  }

  private get checkpointsPath(): string {
    return join(this.root, ".checkpoints.json");
  }

  private async write(path: string, text: string): Promise<void> {
    await mkdir(this.root, { recursive: true });
    await writeWhole(path, [Buffer.from(text)]);
  }
}
