// The folders of models on this machine: the one that the user has chosen for what is installed from now on, and VS Code's own,
// in which earlier ones may lie. Nothing moves from one to the other by itself.

import { access, constants, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { Fault } from "./faults";
import { canBeUsed, type InstalledModel, isSameFolder, type Leftover, ModelsFolder } from "./modelsFolder";

/** In the folder that the user has chosen, who may keep other things beside it; or that folder itself. */
const FOLDER = "griffin-code-models";

export class ModelsFolders {
  /**
   * @param own in VS Code's storage
   * @param chosen as the user's settings have it; empty: none
   */
  constructor(
    private readonly own: string,
    private readonly chosen: () => string,
  ) {}

  /** Where models come from now on. */
  get current(): ModelsFolder {
    return this.all[0];
  }

  get all(): readonly [ModelsFolder, ...ModelsFolder[]] {
    const own = new ModelsFolder(this.own);
    const chosen = this.chosen();
    if (!isAbsolute(chosen) || isSameFolder(chosen, this.own)) return [own];
    return [new ModelsFolder(basename(chosen) === FOLDER ? chosen : join(chosen, FOLDER)), own];
  }

  /** The one in which `model` lies, under a name of its own. */
  of(model: string): ModelsFolder | undefined {
    return this.all.find(({ root }) => isSameFolder(dirname(model), root));
  }

  /**
   * Where models come from now on, if they can. The folder that the user has chosen is not made: where its disk is not connected,
   * that would fill another one. Throws a Fault.
   */
  async writable(): Promise<ModelsFolder> {
    const folder = this.chosen();
    if (folder === "") return this.current;
    if (!isAbsolute(folder)) throw new Fault("relativeFolder", { folder });
    if (isSameFolder(folder, this.own)) return this.current;
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory()) throw new Fault("missingFolder", { folder });
    await access(folder, constants.W_OK).catch((error) => {
      throw new Fault("closedFolder", { folder, cause: error.code }, error);
    });
    return this.current;
  }

  async installed(): Promise<InstalledModel[]> {
    return this.inAll((models) => models.installed());
  }

  /** See ModelsFolder. */
  async unreadable(): Promise<Leftover[]> {
    return this.inAll((models) => models.unreadable());
  }

  async leftovers(): Promise<Leftover[]> {
    return this.inAll((models) => models.leftovers());
  }

  /** Whether this window or another one works in one of them just now. */
  async isBusy(): Promise<boolean> {
    return (await Promise.all(this.all.map((models) => models.isBusy()))).includes(true);
  }

  /** Where the model of this name is that an engine would take. */
  async usable(folderName: string): Promise<string | undefined> {
    for (const models of this.all) {
      const path = models.pathOf(folderName);
      if (await canBeUsed(path)) return path;
    }
    return undefined;
  }

  private async inAll<T>(list: (models: ModelsFolder) => Promise<readonly T[]>): Promise<T[]> {
    return (await Promise.all(this.all.map(list))).flat();
  }
}
