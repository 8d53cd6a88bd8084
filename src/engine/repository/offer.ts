// What of the workspace may be shown to a model.

import type { ExactMemory } from "../exactMemory/exactMemory";
import type { SnippetIndex } from "../snippets/snippetIndex";
import type { TrunkState } from "./trunkKeeper";

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
