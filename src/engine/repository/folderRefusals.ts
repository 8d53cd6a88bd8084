// Why a file of a folder that is read may not be shown to a model: by the rules as they are when this is first asked, because the reader may not have come so far, and ignore files change.

import { inTime } from "../../machine/inTime";
import { loadRules, type ReadRules } from "../files/readRules";
import type { Refusal } from "../files/refusal";
import type { FolderReader } from "./folderReader";

/** A disk that has to wake up first may take longer; the next question finds it awake. */
export const JUDGING_PATIENCE_MS = 5_000;

export class FolderRefusals {
  #rules: Promise<ReadRules> | undefined;
  /** The disk has kept somebody waiting for too long. */
  #isSilent = false;

  constructor(
    private readonly reader: Pick<FolderReader, "folder" | "exclude" | "isSwitchedOff">,
    private readonly patienceMs = JUDGING_PATIENCE_MS,
  ) {}

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

  /** As `of`, for somebody who waits: for a disk that says nothing, as that of a share that has gone, only once and not for long. */
  async inTime(path: string): Promise<Refusal | undefined> {
    if (this.#isSilent) return "unreadable";
    return inTime(this.of(path), this.patienceMs, () => {
      this.#isSilent = true;
      return "unreadable";
    });
  }
}
