// Why a file of a folder may not be shown to a model: by the rules as they are when this is first asked, because the reader may not have come so far, and ignore files change.

import { inTime } from "../../machine/inTime";
import { loadRules, type ReadRules, type RuleOptions } from "../files/readRules";
import type { Refusal } from "../files/refusal";

/** A disk that has to wake up first may take longer; the next question finds it awake. */
const JUDGING_PATIENCE_MS = 5_000;

/** A folder, and by what its files are judged. */
export interface JudgedFolder extends RuleOptions {
  readonly folder: { readonly path: string };
  isSwitchedOff(path: string): boolean;
}

export class FolderRefusals {
  #rules: Promise<ReadRules> | undefined;
  /** The disk has kept somebody waiting for too long. */
  #isSilent = false;

  constructor(
    private readonly judged: JudgedFolder,
    private readonly patienceMs = JUDGING_PATIENCE_MS,
  ) {}

  /** Throws where they cannot be read. */
  rules(): Promise<ReadRules> {
    this.#rules ??= loadRules(this.judged.folder.path, this.judged);
    return this.#rules;
  }

  /** Undefined when it may. The file need not exist. */
  async of(path: string): Promise<Refusal | undefined> {
    if (this.judged.isSwitchedOff(path)) return "switchedOff";
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
