// The models of this machine: installs, removes, checks and repairs them, and says which one is used. It shows progress,
// and asks nothing: the questions are modelCommands.ts'.

import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import { checkpointName } from "../../text/checkpointName";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import type { Log } from "../log";
import type { Reading } from "../repository/reading";
import { AddressSecrets } from "../secrets/addressSecrets";
import {
  BUNDLED_MODEL,
  isModelSetByWorkspace,
  keepDownloads,
  modelFolder,
  modelsEndpoint,
  modelsFolder,
  setModelPath,
  userModelFolder,
} from "../settings/config";
import { type CatalogueModel, folderNameOf, type ModelForm, modelOfFolder, partsOfFolder } from "./catalogue";
import { Fault, secretsFault, swapFault } from "./faults";
import type { Machine, Probe } from "./fit";
import { Hub, hubEndpointOf, silenceOf } from "./hub";
import {
  alteredFiles,
  type FolderInstall,
  type HubInstall,
  type JobContext,
  makeFromFolder,
  makeFromHub,
} from "./install";
import { tokenQuestion } from "./installText";
import { withJobProgress } from "./jobProgress";
import { BundledSpeed, machineNow } from "./machine";
import type { RunJob } from "./modelJob";
import {
  describeModelFolder,
  type InstalledModel,
  isSameFolder,
  type Leftover,
  type ModelsFolder,
  type NamedModel,
  ownModel,
} from "./modelsFolder";
import { ModelsFolders } from "./modelsFolders";

export interface ModelManagerParts {
  readonly context: vscode.ExtensionContext;
  readonly supervisor: EngineSupervisor;
  readonly reading: Pick<Reading, "pausedDuring">;
  readonly runJob: RunJob;
  readonly log: Log;
}

/** What was under way when its window was closed, so that nobody was told how it ended. */
export type Interrupted =
  | { readonly type: "installation"; readonly model: CatalogueModel; readonly form: ModelForm }
  | { readonly type: "repair"; readonly model: NamedModel };

/** What a model is made from, and the folder of models in which it lies. */
type Origin =
  | Pick<HubInstall, "models" | "model" | "form">
  | Pick<FolderInstall, "models" | "checkpoint" | "name" | "form">;

export class ModelManager {
  readonly folders: ModelsFolders;
  /** One for each hub, so that a mirror never gets the token of another. */
  readonly tokens: AddressSecrets;
  private readonly bundledFolder: string;
  private readonly speed: BundledSpeed;

  constructor(private readonly parts: ModelManagerParts) {
    const { context } = parts;
    this.folders = new ModelsFolders(vscode.Uri.joinPath(context.globalStorageUri, "models").fsPath, modelsFolder);
    this.tokens = new AddressSecrets(context.secrets, { prefix: "griffin.hubToken", question: tokenQuestion });
    this.bundledFolder = context.asAbsolutePath(BUNDLED_MODEL);
    this.speed = new BundledSpeed({ ...parts, bundled: () => this.bundled() });
  }

  /** Where models come from now on. */
  get models(): ModelsFolder {
    return this.folders.current;
  }

  /** Throws a Fault when the setting is no address. */
  get endpoint(): string {
    return hubEndpointOf(modelsEndpoint());
  }

  /** The access token that is kept for a hub. Throws a Fault when it cannot be read. */
  async tokenOf(origin: string): Promise<string | undefined> {
    try {
      return await this.tokens.get(origin);
    } catch (error) {
      throw secretsFault(error);
    }
  }

  get currentFolder(): string {
    return modelFolder(this.bundledFolder);
  }

  async bundled(): Promise<InstalledModel> {
    const { bundledFolder: folder } = this;
    const found = await describeModelFolder(folder);
    return found ?? { folder, folderName: basename(folder), displayName: "Bundled model", bytes: 0 };
  }

  /** The model in use, where it is neither bundled nor installed. */
  async own(): Promise<InstalledModel | undefined> {
    return ownModel(this.currentFolder, [await this.bundled(), ...(await this.folders.installed())]);
  }

  /** Models that can be repaired but are too damaged to say what they are. Those that can say it are among the installed ones. */
  async unreadable(): Promise<NamedModel[]> {
    const models = (await this.folders.unreadable()).map(({ folder }) => describeByName(folder));
    const canRepair = await Promise.all(models.map((model) => this.canRepair(model)));
    return models.filter((_, index) => canRepair[index]);
  }

  machine(): Promise<Machine> {
    return machineNow(this.models);
  }

  /** Undefined when it cannot be measured. */
  probe(): Promise<Probe | undefined> {
    return this.speed.get();
  }

  /** Uses the model in `folder` from now on; undefined: the bundled one. Who used the old one has let go of it then. */
  async use(folder: string | undefined): Promise<void> {
    await setModelPath(folder);
    this.parts.log.info(`Model chosen: ${folder ?? "the bundled one"}.`);
    await this.parts.supervisor.adoptSettings();
  }

  /** Downloads and converts, as far as it is not done yet. Resolves with the model's folder; throws Faults. */
  async install(model: CatalogueModel, form: ModelForm): Promise<string> {
    const models = await this.folders.writable();
    return this.make(`Griffin: Installing ${model.displayName}`, "install", { models, model, form });
  }

  /** On this machine. It is returned once. */
  async takeInterrupted(): Promise<Interrupted | undefined> {
    for (const models of this.folders.all) {
      const making = await models.notes.making();
      if (making === undefined || (await models.isBusy())) continue;
      const { folderName, isRepair } = making;
      // An installation would begin anew where models come from now.
      if (!isRepair && models.root !== this.models.root) continue;
      await models.notes.forgetMaking();
      const found = await (isRepair ? this.repairOf(models, folderName) : this.installationOf(folderName));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private async installationOf(folderName: string): Promise<Interrupted | undefined> {
    const found = modelOfFolder(folderName);
    if (!found || (await this.folders.usable(folderName)) !== undefined) return undefined;
    return { type: "installation", ...found };
  }

  /** What was to be repaired may look whole; it may have been removed since. */
  private async repairOf(models: ModelsFolder, folderName: string): Promise<Interrupted | undefined> {
    const folder = models.pathOf(folderName);
    if (!existsSync(folder) && !existsSync(models.replacementOf(folderName))) return undefined;
    const model = (await describeModelFolder(folder)) ?? describeByName(folder);
    return (await this.canRepair(model)) ? { type: "repair", model } : undefined;
  }

  async installFolder(checkpoint: string, name: string, form: ModelForm): Promise<string> {
    const models = await this.folders.writable();
    const ofForm = folderNameOf(name, form);
    const there = await this.folders.usable(ofForm);
    if (there !== undefined) throw new Fault("alreadyInstalled", { name: ofForm, folder: there });
    const title = `Griffin: Converting ${checkpointName(checkpoint)}`;
    return this.make(title, "install", { models, checkpoint, name, form });
  }

  /** Sentences that say what is wrong with the model's files; none when they are as they were made. */
  verify({ folder, displayName }: NamedModel): Promise<readonly string[]> {
    return this.withProgress(`Griffin: Checking ${displayName}`, STOPPED.check, (context) =>
      alteredFiles(context, folder),
    );
  }

  async canRepair({ folder }: NamedModel): Promise<boolean> {
    return (await this.originOf(folder)) !== undefined;
  }

  /** Makes the model anew from the hub, or from the user's checkpoint; what a kept download still has is not fetched again. */
  async repair({ folder, displayName }: NamedModel): Promise<void> {
    const origin = await this.originOf(folder);
    if (origin === undefined) throw new Fault("notOfHub", { model: displayName });
    await this.make(`Griffin: Repairing ${displayName}`, "repair", origin);
  }

  /** What the model in `folder` was made from, where that is known, and still there if it is the user's. */
  private async originOf(folder: string): Promise<Origin | undefined> {
    const models = this.folders.of(folder);
    const parts = partsOfFolder(basename(folder));
    // A folder of the user's own may have a hub model's name.
    if (models === undefined || parts === undefined) return undefined;
    const ofHub = modelOfFolder(basename(folder));
    if (ofHub !== undefined) return { models, ...ofHub };
    const { id: name, form } = parts;
    // In another folder of models the same name may stand for another checkpoint.
    const { [name]: checkpoint } = await models.notes.checkpoints();
    if (checkpoint === undefined || !existsSync(join(checkpoint, "config.json"))) return undefined;
    return { models, checkpoint, name, form };
  }

  /** Here, or in other windows because the user's settings name it. */
  isUsed({ folder }: Pick<NamedModel, "folder">): boolean {
    return [this.currentFolder, userModelFolder()].some((used) => used !== undefined && isSameFolder(folder, used));
  }

  async remove(model: InstalledModel): Promise<void> {
    const { folder, folderName, displayName } = model;
    // Since it was listed, somebody may have begun to repair it.
    if (await this.isBeingMade(model)) {
      throw new Error(`${displayName} is being repaired just now. Stop that, or try again when it has finished.`);
    }
    await this.letGo(folder, displayName);
    await this.folders.of(folder)?.remove(folderName);
  }

  /** Whether a window makes it anew just now: it would come back if it were removed. */
  async isBeingMade({ folder }: NamedModel): Promise<boolean> {
    const models = this.folders.of(folder);
    if (!models || !(await models.isBusy())) return false;
    const making = await models.notes.making();
    return making !== undefined && isSameFolder(models.pathOf(making.folderName), folder);
  }

  /** Also what is damaged may still be what the settings name. */
  async removeLeftover({ folder, name }: Leftover): Promise<void> {
    // Since it was listed, another window may have begun to go on with it.
    if (await this.folders.isBusy()) {
      throw new Error("Another window is working on models just now. Try again when it has finished.");
    }
    await this.letGo(folder, name);
    // What has a model's own name may still be in use in other windows.
    const models = this.folders.of(folder);
    if (folder === models?.pathOf(name)) return models.remove(name);
    await rm(folder, { recursive: true, force: true }).catch((error) => {
      throw swapFault(error, name);
    });
  }

  /**
   * Where the user's settings name it, the bundled one takes its place, in all windows. What this workspace names only the user
   * can change.
   */
  private async letGo(folder: string, name: string): Promise<void> {
    if (isSameFolder(folder, this.currentFolder) && isModelSetByWorkspace()) {
      throw new Fault("namedByWorkspace", { model: name });
    }
    // Some systems do not let go of files that are mapped, so the old engine has to be gone.
    if (this.isUsed({ folder })) await this.use(undefined);
  }

  /**
   * Does `work` while this window's engine does not have the model in `folder`, which may have been chosen meanwhile. An engine that
   * nobody has needed, or that was unloaded, stays so.
   */
  private async whileUnused(folder: string, work: () => Promise<void>): Promise<void> {
    if (!isSameFolder(folder, this.currentFolder)) return work();
    const { supervisor } = this.parts;
    const { status } = supervisor;
    await supervisor.stop(status.type === "stopped" ? status.why : "notNeeded");
    try {
      await work();
    } finally {
      if (status.type !== "stopped") await supervisor.restart();
    }
  }

  private make(title: string, how: HubInstall["how"], origin: Origin): Promise<string> {
    if ("checkpoint" in origin) {
      return this.withProgress(title, STOPPED.convert, (context) => makeFromFolder({ ...context, ...origin, how }));
    }
    return this.withProgress(title, STOPPED.install, async (context) =>
      makeFromHub({ ...context, ...origin, how, hub: this.newHub(), keepDownload: keepDownloads() }),
    );
  }

  private newHub(): Hub {
    const { endpoint } = this;
    return new Hub(endpoint, { tokenOf: (origin) => this.tokenOf(origin), silence: silenceOf(endpoint) });
  }

  private withProgress<T>(title: string, stopped: string, work: (context: JobContext) => Promise<T>): Promise<T> {
    const whileUnused: JobContext["whileUnused"] = (folder, work) => this.whileUnused(folder, work);
    return withJobProgress(title, stopped, { runJob: this.parts.runJob, whileUnused }, work);
  }
}

/** Of a model that does not say what it is. */
function describeByName(folder: string): NamedModel {
  const folderName = basename(folder);
  return { folder, folderName, displayName: modelOfFolder(folderName)?.model.displayName ?? folderName };
}

const STOPPED = {
  install: "Stopped. What has already been downloaded will not be fetched again.",
  convert: "Stopped. What has already been converted will not be converted again.",
  check: "Stopped before all files were checked.",
};
