// The commands about models: what is asked, and what is said in the end.

import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { conversionSizes } from "../../engine/convert/conversionSizes";
import { readModelFolder } from "../../engine/model/modelFolder";
import { checkpointName } from "../../text/checkpointName";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import type { Log } from "../log";
import { sentenceOf } from "../modelFaults";
import { size } from "../phrases";
import { ask, offer, say } from "../say";
import { isModelSetByWorkspace, keepDownloads } from "../settings/config";
import { type CatalogueModel, folderNameOf, GEMMA_TERMS } from "./catalogue";
import { checkpointId } from "./checkpointId";
import { Fault } from "./faults";
import type { Sizes } from "./fit";
import { actionsFor, describeDownload, type FaultAction, tokenChoices } from "./installText";
import { Stopped } from "./jobProgress";
import { type FormChoice, formChoices, modelChoices } from "./modelChoices";
import type { ModelManager } from "./modelManager";
import { type InstalledModel, isSameFolder, type NamedModel } from "./modelsFolder";
import { placeAmong } from "./sameNames";

export function registerModelCommands(
  manager: ModelManager,
  supervisor: EngineSupervisor,
  log: Log,
): vscode.Disposable[] {
  const commands = new ModelCommands(manager, supervisor, log);
  const table: Readonly<Record<string, () => Promise<void>>> = {
    "griffin.chooseModel": () => commands.choose(),
    "griffin.addModelFromFolder": () => commands.addFromFolder(),
    "griffin.setHubToken": () => commands.setToken(),
    "griffin.removeModel": () => commands.remove(),
    "griffin.verifyModel": () => commands.verify(),
    "griffin.repairModel": () => commands.repair(),
  };
  return Object.entries(table).map(([id, run]) => vscode.commands.registerCommand(id, () => commands.orExplain(run)));
}

/** At a start: who has closed the window while a model came may wonder where it is. */
export async function offerInterrupted(manager: ModelManager, supervisor: EngineSupervisor, log: Log): Promise<void> {
  await new ModelCommands(manager, supervisor, log).offerInterrupted();
}

class ModelCommands {
  constructor(
    private readonly manager: ModelManager,
    private readonly supervisor: EngineSupervisor,
    private readonly log: Log,
  ) {}

  async choose(): Promise<void> {
    const chosen = await vscode.window.showQuickPick(this.modelChoices(), {
      title: "Griffin: Choose a Model",
      placeHolder: "Speeds are estimates; the first time, the bundled model is measured for some seconds",
      matchOnDescription: true,
    });
    switch (chosen?.type) {
      case "bundled":
        return this.use(undefined);
      case "installed":
        return this.useWhole(chosen.model);
      case "catalogue":
        return this.download(chosen.model);
      case "add":
        return this.addFromFolder();
      case "remove":
        return this.remove();
      case "separator":
      case undefined:
        return;
      default:
        chosen satisfies never;
    }
  }

  private async modelChoices() {
    const { manager } = this;
    const { folders } = manager;
    const [bundled, installed, own, leftovers, machine, probe] = await Promise.all([
      manager.bundled(),
      folders.installed(),
      manager.own(),
      folders.leftovers(),
      manager.machine(),
      manager.probe(),
    ]);
    return [
      ...modelChoices({ bundled, installed, own, machine, probe, current: manager.currentFolder }),
      ...[SEPARATOR, ADD],
      ...(installed.length + leftovers.length > 0 ? [REMOVE] : []),
    ];
  }

  /** A model folder is used where it is; a checkpoint is converted first. */
  async addFromFolder(): Promise<void> {
    const title = "Griffin: Add a Model from a Folder";
    const [uri] =
      (await vscode.window.showOpenDialog({
        title,
        canSelectFolders: true,
        canSelectFiles: false,
        openLabel: "Add",
      })) ?? [];
    if (!uri) return;
    const folder = uri.fsPath;
    if (existsSync(join(folder, "model.json"))) {
      await readModelFolder(folder);
      return this.use(folder);
    }
    if (!existsSync(join(folder, "config.json"))) {
      throw new Error(
        `${folder} is neither a model folder (no model.json) nor a Hugging Face checkpoint (no config.json). ` +
          "Choose the folder that holds one of them.",
      );
    }
    await this.manager.folders.writable();
    const name = checkpointId(folder);
    const sizes = { id: name, downloadBytes: 0, ...(await conversionSizes(folder)) };
    const chosen = await this.pickForm(sizes, title);
    if (!chosen) return;
    const { form } = chosen;
    const install = () => this.manager.installFolder(folder, name, form);
    await this.orExplain(() => this.useInstalled(checkpointName(folder), install));
  }

  async offerInterrupted(): Promise<void> {
    const { manager } = this;
    const found = await manager.takeInterrupted();
    if (found === undefined) return;
    const { displayName } = found.model;
    const goOn = "Go On";
    const text = `The ${found.type} of ${displayName} was interrupted. What has come of it is kept.`;
    if ((await offer(text, [goOn])) !== goOn) return;
    if (found.type === "repair") return this.repairModel(found.model);
    const { model, form } = found;
    await this.orExplain(() => this.useInstalled(displayName, () => manager.install(model, form)));
  }

  async setToken(): Promise<void> {
    const { tokens, endpoint } = this.manager;
    const choices = tokenChoices(endpoint);
    const options = { title: "Griffin: Set the Model Hub's Token", placeHolder: "Whose access token?" };
    const chosen = choices.length === 1 ? choices[0] : await vscode.window.showQuickPick(choices, options);
    if (chosen) await tokens.ask(chosen.address);
  }

  async remove(): Promise<void> {
    const { folders } = this.manager;
    const [installed, leftovers, isBusy] = await Promise.all([
      folders.installed(),
      folders.leftovers(),
      folders.isBusy(),
    ]);
    const isBeingMade = await Promise.all(installed.map((model) => this.manager.isBeingMade(model)));
    const removable = installed.filter((_, index) => !isBeingMade[index]);
    const [modelNames, leftoverNames] = [
      removable.map(({ folderName }) => folderName),
      leftovers.map(({ name }) => name),
    ];
    const items = [
      ...removable.map((model) => ({
        label: model.displayName,
        description: `${model.folderName}${placeAmong(modelNames, model.folderName, model.folder)}, ${size(model.bytes)}`,
        isUsed: this.manager.isUsed(model),
        remove: () => this.manager.remove(model),
      })),
      ...leftovers.map((leftover) => ({
        label: leftover.name,
        description: `no usable model${placeAmong(leftoverNames, leftover.name, leftover.folder)}, ${size(leftover.bytes)}`,
        isUsed: this.manager.isUsed(leftover),
        remove: () => this.manager.removeLeftover(leftover),
      })),
    ];
    if (items.length === 0) return say(isBusy ? BUSY : "No model is installed besides the bundled one.");
    const placeHolder = isBusy ? BUSY : "Which one?";
    const chosen = await vscode.window.showQuickPick(items, { title: "Griffin: Remove a Model", placeHolder });
    if (!chosen) return;
    const remove = "Remove";
    const question = `Remove ${chosen.label} (${chosen.description})?`;
    if ((await ask(question, chosen.isUsed ? IN_USE : "", [remove])) !== remove) return;
    await this.orExplain(async () => {
      await chosen.remove();
      say(`${chosen.label} was removed.`);
    });
  }

  async verify(): Promise<void> {
    const [bundled, own] = await Promise.all([this.manager.bundled(), this.manager.own()]);
    const model = await this.pickInstalled("Griffin: Check a Model's Files", [bundled, ...(own ? [own] : [])]);
    if (model) await this.orExplain(() => this.verifyModel(model, model.folder === bundled.folder));
  }

  private async verifyModel(model: NamedModel, isBundled: boolean): Promise<void> {
    const faults = await this.manager.verify(model);
    for (const fault of faults) this.log.warn(`${model.folderName}: ${fault}`);
    if (faults.length === 0) return say(`All files of ${model.displayName} are intact.`);
    const repair = "Repair";
    const actions = (await this.manager.canRepair(model)) ? [repair] : [];
    const next = actions.length > 0 ? "" : isBundled ? " Install the extension again." : " Add it again.";
    const text = `${model.displayName} is damaged. ${faults.join(" ")}${next}`;
    if ((await offer(text, actions, "error")) === repair) await this.repairModel(model);
  }

  async repair(): Promise<void> {
    const model = await this.pickInstalled("Griffin: Repair a Model", []);
    if (model) await this.repairModel(model);
  }

  private async repairModel(model: NamedModel): Promise<void> {
    await this.orExplain(async () => {
      await this.manager.repair(model);
      const others = this.manager.isUsed(model) ? ' Run "Griffin: Restart Engine" in other windows that use it.' : "";
      say(`${model.displayName} has been repaired.${others}`);
    });
  }

  private async pickInstalled(title: string, more: readonly NamedModel[]): Promise<NamedModel | undefined> {
    const models = [...more, ...(await this.manager.folders.installed()), ...(await this.manager.unreadable())];
    if (models.length === 0) return void say("No model is installed besides the bundled one.");
    const names = models.map(({ folderName }) => folderName);
    const items = models.map((model) => {
      const { displayName, folderName, folder } = model;
      return { label: displayName, description: `${folderName}${placeAmong(names, folderName, folder)}`, model };
    });
    return (await vscode.window.showQuickPick(items, { title }))?.model;
  }

  private async download(model: CatalogueModel): Promise<void> {
    const { manager } = this;
    const { endpoint } = manager;
    const chosen = await this.pickForm(model, `Griffin: ${model.displayName}`);
    if (!chosen) return;
    const there = await manager.folders.usable(folderNameOf(model.id, chosen.form));
    if (there !== undefined) return this.use(there);
    // Before anything is asked.
    await manager.folders.writable();
    if (!(await this.agreeToDownload(model, chosen.slowness))) return;
    // An empty token is an answer, too: a mirror may want none.
    const { origin } = new URL(endpoint);
    if ((await manager.tokenOf(origin)) === undefined && (await manager.tokens.ask(origin)) === undefined) return;
    await this.orExplain(() => this.useInstalled(model.displayName, () => manager.install(model, chosen.form)));
  }

  private async pickForm(sizes: Sizes, title: string): Promise<FormChoice | undefined> {
    const placeHolder = "How should the weights be stored? Speeds are measured the first time, for some seconds";
    return vscode.window.showQuickPick(this.formChoices(sizes), { title, placeHolder });
  }

  private async formChoices(sizes: Sizes): Promise<FormChoice[]> {
    const { manager } = this;
    const known = await Promise.all([manager.machine(), manager.probe(), manager.folders.installed()]);
    return formChoices(sizes, ...known);
  }

  /** Who goes to read the terms first is asked again afterwards. */
  private async agreeToDownload(model: CatalogueModel, slowness: string | undefined): Promise<boolean> {
    const [download, read] = ["Download", "Read the Terms"];
    const { endpoint, models } = this.manager;
    const place = { endpoint, folder: models.root, keepsDownload: keepDownloads() };
    const detail = describeDownload(model, place, slowness);
    const question = `Install ${model.displayName}?`;
    for (;;) {
      const answer = await ask(question, detail, [download, read], "information");
      if (answer !== read) return answer === download;
      await openPage(GEMMA_TERMS.url);
    }
  }

  /** Uses what `install` gives, unless another model was chosen meanwhile: it may have taken an hour. */
  private async useInstalled(name: string, install: () => Promise<string>): Promise<void> {
    const before = this.manager.currentFolder;
    const folder = await install();
    // Another window may have waited for the same model, and begun to use it.
    const { currentFolder } = this.manager;
    if ([before, folder].some((known) => isSameFolder(known, currentFolder))) return this.use(folder);
    const use = "Use It";
    if ((await offer(`${name} is installed.`, [use])) === use) await this.use(folder);
  }

  /** One that no engine would load is not put into use, which would be in all windows. */
  private async useWhole(model: InstalledModel): Promise<void> {
    const { manager } = this;
    try {
      await readModelFolder(model.folder);
    } catch (error) {
      if (!(await manager.canRepair(model))) throw error;
      const repair = "Repair";
      if ((await offer(sentenceOf(error as Error), [repair], "error")) !== repair) return;
      return this.orExplain(async () => {
        await manager.repair(model);
        await this.use(model.folder);
      });
    }
    await this.use(model.folder);
  }

  private async use(folder: string | undefined): Promise<void> {
    await this.manager.use(folder);
    // Who chooses a model wants it, also where the one before was unloaded.
    if (this.supervisor.isStopped("unloaded")) this.supervisor.start();
    if (isModelSetByWorkspace()) {
      say("This workspace names a model of its own in `griffin.model.path`; your choice holds everywhere else.");
    }
  }

  /**
   * Runs a command, or the last step of one; what goes wrong is said once, with what can be done. Whoever tries again is
   * asked nothing a second time that comes before the step.
   */
  async orExplain(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (error instanceof Stopped) return say(error.message);
      this.log.error(
        `${sentenceOf(error as Error)} ${error instanceof Fault && error.cause ? `(${String(error.cause)})` : ""}`,
      );
      await this.offerActions(error as Error, run);
    }
  }

  /** Who opens a page, to accept a licence or to make a token, is asked again: it was for the step. */
  private async offerActions(error: Error, run: () => Promise<void>): Promise<void> {
    const actions = new Map(actionsFor(error).map((action) => [ACTIONS[action.type], action]));
    for (;;) {
      const chosen = actions.get((await offer(sentenceOf(error), [...actions.keys()], "error")) ?? "");
      if (chosen === undefined) return;
      if (!("address" in chosen)) return this.act(chosen, run);
      await openPage(chosen.address);
    }
  }

  private async act(action: WithoutPage, run: () => Promise<void>): Promise<void> {
    switch (action.type) {
      case "tryAgain":
        return this.orExplain(run);
      case "use":
        return this.use(action.folder);
      case "openSettings":
        await vscode.commands.executeCommand("griffin.openSettings", "griffin.models");
        return;
      case "setToken":
        if ((await this.manager.tokens.ask(action.origin)) !== undefined) await this.orExplain(run);
        return;
      default:
        action satisfies never;
    }
  }
}

const SEPARATOR = { type: "separator", label: "", kind: vscode.QuickPickItemKind.Separator } as const;
const ADD = { type: "add", label: "$(folder-opened) Add a model from a folder…" } as const;
const REMOVE = { type: "remove", label: "$(trash) Remove a model…" } as const;

const BUSY = "A window is working on models just now: what it works on is not in this list.";
const IN_USE = "It is in use. The bundled model takes its place, in all windows.";

/** Those that do more than open a page. */
type WithoutPage = Exclude<FaultAction, { readonly address: string }>;

const ACTIONS: Readonly<Record<FaultAction["type"], string>> = {
  setToken: "Enter a Token",
  openModelPage: "Open the Model's Page",
  openTokensPage: "Open the Page of Tokens",
  tryAgain: "Try Again",
  use: "Use It",
  openSettings: "Open Settings",
};

async function openPage(address: string): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(address));
}
