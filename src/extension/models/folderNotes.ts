// What is kept beside the models, as it is true of their machine alone. VS Code's own store is the user's on all machines, also
// where a window works on another one, over SSH for instance.

import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../../machine/wholeFile";
import { objectOf, parseJson } from "../../text/json";
import type { KnownCheckpoints } from "./checkpointId";

export class FolderNotes {
  /** @param root the folder of models */
  constructor(private readonly root: string) {}

  /** The folder's name of what is being installed from the hub, or was when its window ended. */
  async installing(): Promise<string | undefined> {
    return readFile(this.installingPath, "utf8").catch(() => undefined);
  }

  /**
   * Does `work`, an installation of `folderName`, for whoever holds the lock. Who closes the window does not come to the end of it,
   * and the note stays.
   */
  async whileInstalling<T>(folderName: string, work: () => Promise<T>): Promise<T> {
    // What cannot be noted is only not offered again.
    await this.write(this.installingPath, folderName).catch(() => {});
    try {
      return await work();
    } finally {
      await this.forgetInstalling();
    }
  }

  async forgetInstalling(): Promise<void> {
    await rm(this.installingPath, { force: true }).catch(() => {});
  }

  /** The checkpoints of the user's, by the names under which they were installed; those that can be read. */
  async checkpoints(): Promise<KnownCheckpoints> {
    const text = await readFile(this.checkpointsPath, "utf8").catch(() => "");
    const entries = Object.entries(objectOf(parseJson(text)));
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  }

  async setCheckpoints(known: KnownCheckpoints): Promise<void> {
    await this.write(this.checkpointsPath, JSON.stringify(known));
  }

  private get installingPath(): string {
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
