// Why a file of a folder that is read may not be shown to a model, as a sentence's end: by the rules as they are when this is
// first asked, because the reader may not have come so far, and ignore files change.

import { loadRules, type ReadRules } from "../files/readRules";
import { REFUSALS } from "../files/refusal";
import type { FolderReader } from "./folderReader";

export class FolderRefusals {
  #rules: Promise<ReadRules> | undefined;

  constructor(private readonly reader: FolderReader) {}

  /** Throws where they cannot be read. */
  rules(): Promise<ReadRules> {
    const { folder, exclude } = this.reader;
    this.#rules ??= loadRules(folder.path, { exclude });
    return this.#rules;
  }

  /** Undefined when it may. The file need not exist. */
  async of(path: string): Promise<string | undefined> {
    if (this.reader.isSwitchedOff(path)) return "it is switched off";
    const rules = await this.rules().catch(() => undefined);
    const refusal = rules === undefined ? "unreadable" : await rules.refusal(path);
    return refusal && REFUSALS[refusal];
  }
}
