// Learns what a folder has: obeys rules that are new, takes over what was saved of it, and brings its index up to date. Each
// step is a part of a pass, and ends with it.

import type { LogLevel, WorkspaceFolder } from "../../protocol/engine";
import { changedFiles } from "../files/changedFiles";
import type { ReadRules } from "../files/readRules";
import { Cancelled, type ModelAccess } from "../modelAccess";
import type { FolderIndexer } from "./folderIndexer";
import type { Forgetting } from "./forgetting";
import type { PendingChanges } from "./pendingChanges";
import type { Permission } from "./permission";
import type { ReadingReporter } from "./readingReporter";
import type { TrunkKeeper } from "./trunkKeeper";

export interface FolderSurveyParts {
  readonly folder: WorkspaceFolder;
  readonly permission: Permission;
  readonly indexer: FolderIndexer;
  readonly keeper: TrunkKeeper;
  readonly forgetting: Forgetting;
  readonly pending: PendingChanges;
  readonly reporter: ReadingReporter;
  readonly log: (level: LogLevel, message: string) => void;
}

export class FolderSurvey {
  constructor(private readonly parts: FolderSurveyParts) {}

  /** The beginning of a pass. Throws NotNow. */
  async learnWhatIsThere(access: ModelAccess): Promise<void> {
    const { permission, pending, forgetting, keeper } = this.parts;
    await forgetting.forgetMarked();
    await permission.lookForNewRules();
    const { rules, areRulesOld } = permission;
    const areNew = rules === undefined || areRulesOld;
    if (areNew) pending.addAny();
    const newRules = areNew ? await forgetting.obeyNewRules(access) : undefined;
    if (keeper.trunk.files.length === 0) await this.#restore(access);
    await forgetting.settle(access);
    await access.nextRun();
    await this.#lookAtChanges(access, newRules);
    await forgetting.settle(access);
  }

  /**
   * Looks at what has changed while the trunk reads, which goes on from where it is. Where the rules or more than can be named have
   * changed, that ends the pass: the next one looks.
   * @param access of the trunk's reading
   * @param index does the work with the priority of an index
   */
  async followChanges(
    { signal }: ModelAccess,
    index: (work: (access: ModelAccess) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const { folder, permission, pending, indexer } = this.parts;
    const { rules } = permission;
    if (pending.isAny) throw new Cancelled("any file may have changed");
    if (!pending.hasPaths || rules === undefined) return;
    // Rules outside the folder, too, whose changes nobody reports.
    await permission.lookForNewRules();
    if (permission.areRulesOld) throw new Cancelled("other files may be read now");
    await pending.takePaths(async (paths) => {
      const changes = await changedFiles(folder.path, rules, paths, signal);
      if (indexer.needList(changes)) throw new Cancelled("any file may have changed");
      await index((access) => indexer.takeIn(changes, rules, access));
    });
  }

  async #restore(access: ModelAccess): Promise<void> {
    const { folder, permission, keeper, reporter, log } = this.parts;
    reporter.report({ phase: "restoring" });
    if (!(await keeper.restore(access, (unknown) => permission.mayWaitFor(unknown)))) return;
    const { trunk, restoredMs = 0 } = keeper;
    log("info", `${folder.name}: a state of ${trunk.tokens} tokens restored in ${Math.round(restoredMs)} ms.`);
    reporter.report({ phase: "listing" });
  }

  /** Brings the index up to date. @param newRules if some have just been loaded */
  async #lookAtChanges(access: ModelAccess, newRules: ReadRules | undefined): Promise<void> {
    const { folder, permission, pending, indexer } = this.parts;
    await pending.take(async (paths, isAny) => {
      const { rules } = permission;
      if (isAny || rules === undefined) return this.#lookAtEverything(access, newRules);
      if (paths.length === 0) return;
      const changes = await changedFiles(folder.path, rules, paths, access.signal);
      if (indexer.needList(changes)) return this.#lookAtEverything(access);
      await indexer.takeIn(changes, rules, access);
    });
  }

  async #lookAtEverything(access: ModelAccess, newRules?: ReadRules): Promise<void> {
    const { permission, indexer, keeper, forgetting, reporter } = this.parts;
    reporter.report({ phase: "listing" });
    const rules = newRules ?? (await permission.load());
    // The rules may have changed since the states were saved, and nothing may have been judged by them yet.
    if (newRules === undefined) await forgetting.review(await keeper.savedPaths(), access);
    const listed = await indexer.list(rules, access);
    await forgetting.review(listed.unlisted, access);
    await indexer.forgetAll(listed.unlisted, access);
    // Before the files are looked into, which takes long: completions use the trunk meanwhile.
    await forgetting.settle(access);
    await indexer.lookIntoAll(listed, rules, access);
  }
}
