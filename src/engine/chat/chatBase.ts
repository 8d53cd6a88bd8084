// From which state an answer begins. The model is asked, as for completions; the verdict holds while the trunk stays about
// what it was.

import { type BaseChoice, chooseBase, hasOutgrown, noTrunk } from "../baseChoice";
import type { LanguageModel } from "../languageModel";
import type { TokenId } from "../model";
import type { FolderContext } from "../repository/folderContext";
import type { Turn } from "../turn";

interface Verdict {
  readonly choice: BaseChoice;
  readonly folder: string;
  readonly epoch: number;
  readonly position: number;
}

export class ChatBase {
  #verdict: Verdict | undefined;

  constructor(private readonly lm: LanguageModel) {}

  /** @param tokens what comes after the base; it is compared on their end */
  async choose(folder: FolderContext | undefined, tokens: readonly TokenId[], turn: Turn): Promise<BaseChoice> {
    const trunk = folder?.trunk;
    if (folder === undefined || trunk === undefined) {
      this.#verdict = undefined;
      return noTrunk(this.lm);
    }
    const last = this.#verdict;
    // What was run after a state of an earlier epoch has read what is forbidden now.
    const isSame = last !== undefined && last.folder === folder.folder.path && last.epoch === trunk.epoch;
    if (isSame && !hasOutgrown(trunk, last.position)) return last.choice;
    const choice = await chooseBase(this.lm, trunk, [], tokens, turn);
    this.#verdict = { choice, folder: folder.folder.path, epoch: trunk.epoch, position: trunk.state.position };
    return choice;
  }
}
