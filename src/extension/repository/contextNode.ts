// A line of the view of what the model saw, as plain values; contextView.ts makes VS Code's tree items of them.

import type { ContextSource, FilePlace, FolderFile } from "../../protocol/engine";

export interface ContextNode {
  /** Another for each node; the same after each report, so that what is open stays open. */
  readonly id: string;
  readonly label: string;
  /** Beside the label, less bright. */
  readonly description?: string;
  readonly tooltip?: string;
  /** A codicon's name; files without one get that of their kind. */
  readonly icon?: string;
  /** Has a check mark: whether completions may draw on it, which SourceChoices knows. */
  readonly source?: ContextSource;
  /** What a click opens. */
  readonly place?: FilePlace | FolderFile;
  /** Asked when the node is opened: a repository has thousands of files. */
  children?(): readonly ContextNode[];
  /** Open until the user closes it. */
  readonly isOpen?: boolean;
}
