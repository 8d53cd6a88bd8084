// What of the workspace may be shown to a model.

import type { ExactMemory } from "../exactMemory/exactMemory";
import type { State } from "../model/state";
import type { SnippetIndex } from "../snippets/snippetIndex";

/** A trunk as completions and questions see it. */
export interface TrunkState {
  readonly state: State;
  /** Raised when the trunk had to forget something: what was run after an earlier epoch's state must not be used. */
  readonly epoch: number;
  /** Raised when the trunk was read anew because files had changed: an earlier one is allowed, and out of date. */
  readonly renewal: number;
  /** Whether any of the last `tokens` tokens that it has read is the file's; absent: none is. */
  readonly hasLately?: (path: string, tokens: number) => boolean;
}

/** What there is of one folder. What is switched off or not there yet is absent. */
export interface FolderOffer {
  /** The state that has read the repository. */
  readonly trunk?: TrunkState;
  readonly snippets?: SnippetIndex;
  /** It may be empty: where it is switched on, what the document itself says counts, too. */
  readonly memory?: ExactMemory;
}

/** For one document. */
export interface DocumentOffer extends FolderOffer {
  /** Where the document and the files of the snippets lie; absent where there is no folder, as for texts to measure. */
  readonly folder?: string;
  /** The document's path in its folder; absent where it lies in none that is read. */
  readonly path?: string | undefined;
}
