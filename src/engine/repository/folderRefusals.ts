// Why a file of a folder that is read may not be shown to a model: by the rules as they are when this is first asked, because the reader may not have come so far, and ignore files change.

import { loadRules, type ReadRules } from "../files/readRules";
import type { Refusal } from "../files/refusal";
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
  async of(path: string): Promise<Refusal | undefined> {
    if (this.reader.isSwitchedOff(path)) return "switchedOff";
    const rules = await this.rules().catch(() => undefined);
    return rules === undefined ? "unreadable" : rules.refusal(path);
  }
}
