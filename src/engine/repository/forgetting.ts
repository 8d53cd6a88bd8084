// What of a folder may not be known any more, and where it may still be: in the index, in the trunk, in states on disk. Says
// what goes, and takes it away; `permission.ts` says what may be read.

import type { ReadRules } from "../files/readRules";
import type { ModelAccess } from "../modelAccess";
import { Slices } from "../slices";
import type { ChainLink } from "../stateStore/keys";
import type { FolderIndexer } from "./folderIndexer";
import type { Judged, Permission } from "./permission";
import type { Trunk } from "./trunk";
import type { TrunkKeeper } from "./trunkKeeper";

/** What it takes to judge files. */
export interface Judging {
  readonly permission: Permission;
  readonly indexer: FolderIndexer;
}

export interface ForgettingParts extends Judging {
  readonly keeper: TrunkKeeper;
}

export class Forgetting {
  /** Files that the trunk may have read, or states on disk, and that are still to be forgotten there. */
  readonly #marked = new Set<string>();

  constructor(private readonly parts: ForgettingParts) {}

  switchOff(path: string): void {
    const { permission, indexer } = this.parts;
    permission.switchOff(path);
    indexer.forget(path);
    this.#marked.add(path);
  }

  /** Whether the trunk still has to forget something: until then, nothing of it may be shown to a model. */
  concerns(trunk: Trunk): boolean {
    for (const path of this.#marked) if (trunk.hasRead(path)) return true;
    return false;
  }

  /** Forgets what is switched off without asking for the rules, which may not be known just now. */
  async forgetMarked(): Promise<void> {
    await this.#forgetMarkedBy((marked) => this.parts.keeper.forgetFiles(marked));
  }

  /** Loads the rules that hold now, and does without what they forbid, but for the trunk: see `settle`. Throws NotNow. */
  async obeyNewRules(access: ModelAccess): Promise<ReadRules> {
    const { permission, indexer, keeper } = this.parts;
    const rules = await permission.loadNew();
    // The names are forgotten, and not judged one by one: there may be too many, and the list that follows may have to wait.
    indexer.forgetNames();
    try {
      await this.review(indexer.index.paths, access);
      await this.review(await keeper.savedPaths(), access);
    } catch (error) {
      // Ended half-way: the next pass obeys them from the beginning.
      permission.markRulesOld();
      throw error;
    }
    return rules;
  }

  /** Forgets those of these files that may not be read any more, in the index; also those that nobody can judge. */
  async review(paths: Iterable<string>, { signal }: ModelAccess): Promise<void> {
    const { permission, indexer } = this.parts;
    const { forbidden, unknown } = await permission.judgeAll([...paths], signal);
    for (const path of forbidden) this.#marked.add(path);
    const slices = new Slices();
    for (const path of [...forbidden, ...unknown]) {
      // A new rule may forbid thousands. While nothing is shown to a model, others go in between.
      if (permission.isUnsure) await slices.rest();
      indexer.forget(path);
    }
  }

  /** Judges all that was read, and forgets what may not be known any more, in memory and on disk. Throws NotNow. */
  async settle(access: ModelAccess): Promise<void> {
    const { permission, keeper } = this.parts;
    await this.#forgetMarkedBy(async (marked) => {
      const judged = await judge(keeper.known, this.parts, access);
      const { forbidden } = judged;
      // A file that nobody can judge is forgotten by the trunk alone: the states on disk stay, for when somebody can.
      const doubtful = permission.noteVerdict(judged);
      await keeper.forgetFiles(new Set([...forbidden, ...doubtful]), new Set([...forbidden, ...marked]));
    });
    permission.throwIfInDoubt();
  }

  /** A mark goes once its file is forgotten, not before. */
  async #forgetMarkedBy(forget: (marked: ReadonlySet<string>) => Promise<void>): Promise<void> {
    const marked = new Set(this.#marked);
    await forget(marked);
    for (const path of marked) this.#marked.delete(path);
  }
}

/** Which of these files a trunk may not have read. One that is gone was no secret. */
export async function judge(
  files: readonly ChainLink[],
  { permission, indexer: { index } }: Judging,
  { signal }: ModelAccess,
): Promise<Judged> {
  const unlisted = files.filter(({ path }) => index.get(path) === undefined);
  const secret = unlisted.filter((link) => index.isSecret(link)).map(({ path }) => path);
  const paths = unlisted.map(({ path }) => path);
  const { forbidden, unknown } = await permission.judgeAll(paths, signal);
  return { forbidden: new Set([...forbidden, ...secret]), unknown };
}
