// What of one folder may be read: its rules as they were loaded last, and what the user has switched off. Rules that cannot
// be read make it unsure: nobody can say just then whether what was read still may be.

import type { Clocks } from "../../machine/clocks";
import type { WorkspaceFolder } from "../../protocol/engine";
import { rulesChanged } from "../files/changedFiles";
import { UnreadableSettings } from "../files/globalExcludes";
import { loadRules, type ReadRules } from "../files/readRules";
import { isPassing } from "../files/refusal";
import { someAtOnce } from "../files/someAtOnce";

/** For so long nothing is forgotten of a folder within, whose rules cannot be read. */
const PATIENCE_MS = 60_000;

/** Ends a pass, with a sentence: what may be read cannot be known just now. */
export class NotNow extends Error {}

export interface PermissionOptions {
  readonly folder: WorkspaceFolder;
  readonly exclude: readonly string[];
  /** From the beginning on. */
  readonly switchedOff: readonly string[];
  readonly clocks: Clocks;
}

/** The paths of files of which it was asked whether they may be known. */
export interface Judged {
  readonly forbidden: ReadonlySet<string>;
  /** Nobody can say. */
  readonly unknown: ReadonlySet<string>;
}

type Verdict = "allowed" | "forbidden" | "unknown";

export class Permission {
  readonly #switchedOff: Set<string>;
  #rules: ReadRules | undefined;
  /** Ends once the rules are loaded, or could not be. */
  #loading: Promise<unknown> | undefined;
  /** "old": the disk has other rules. "loaded": the new ones are known, but what was read has not been judged by them. */
  #rulesAre: "current" | "old" | "loaded" = "current";
  /** Since when some of the files that were read could not be judged. Over: we have stopped waiting, and do without them. */
  #doubt: { readonly since: number; readonly isOver: boolean } | undefined;

  /** Files that we do without because they could not be judged for too long, and still cannot. */
  readonly #givenUp = new Set<string>();

  constructor(private readonly options: PermissionOptions) {
    this.#switchedOff = new Set(options.switchedOff);
  }

  /** Undefined before they were loaded. */
  get rules(): ReadRules | undefined {
    return this.#rules;
  }

  /** The rules on disk are others than those that are known. */
  get areRulesOld(): boolean {
    return this.#rulesAre === "old";
  }

  /**
   * While new rules are not obeyed yet, or cannot be read, they may forbid what was read: then nothing of it may be shown to
   * a model. It is not forgotten, because most often they forbid nothing of it.
   */
  get isUnsure(): boolean {
    return this.#rulesAre !== "current" || this.#isInDoubt;
  }

  get switchedOff(): ReadonlySet<string> {
    return this.#switchedOff;
  }

  switchOff(path: string): void {
    this.#switchedOff.add(path);
  }

  switchOn(path: string): void {
    this.#switchedOff.delete(path);
  }

  markRulesOld(): void {
    this.#rulesAre = "old";
  }

  /**
   * Whether one of these files has rules about what may be read. True also if that cannot be found out: then loading the rules
   * says why.
   */
  async rulesChanged(paths: readonly string[]): Promise<boolean> {
    // The first rules may have been read by the time of the change, and say then which files have some.
    if (this.#rules === undefined) await this.#loading;
    if (this.#rules === undefined) return false;
    return rulesChanged(this.options.folder.path, this.#rules, paths).catch(() => true);
  }

  /** Marks the rules as old if some have changed that lie outside the folder, where nobody reports changes. */
  async lookForNewRules(): Promise<void> {
    if (await this.#rules?.areOld()) this.markRulesOld();
  }

  /** Loads the rules on disk for a caller who then judges by them whatever was read, and tells `noteVerdict`. Throws NotNow. */
  async loadNew(): Promise<ReadRules> {
    // Set before loading: if they change again meanwhile, they are marked as old, and have to be judged by once more.
    this.#rulesAre = "loaded";
    return this.load();
  }

  /** Throws NotNow. */
  load(): Promise<ReadRules> {
    const loading = this.#load();
    this.#loading = loading.catch(() => {});
    return loading;
  }

  async #load(): Promise<ReadRules> {
    const { folder, exclude } = this.options;
    try {
      const rules = await loadRules(folder.path, { exclude });
      if (rules.refusalOfAll !== undefined && isPassing(rules.refusalOfAll)) throw this.#unknownRules();
      this.#rules = rules;
      return rules;
    } catch (error) {
      this.markRulesOld();
      if (error instanceof NotNow) throw error;
      if (error instanceof UnreadableSettings) throw new NotNow(`Reading ${folder.name} is on hold: ${error.message}.`);
      throw new NotNow(couldNotBeRead(folder, error as Error));
    }
  }

  async judge(path: string): Promise<Verdict> {
    const verdict = await this.#verdictOf(path);
    if (verdict !== "unknown") this.#givenUp.delete(path);
    return verdict;
  }

  /** @throws the signal's reason when it is aborted */
  async judgeAll(paths: readonly string[], signal?: AbortSignal): Promise<Judged> {
    const verdicts = await someAtOnce(paths, (path) => this.judge(path), signal);
    const of = (verdict: Verdict) => new Set(paths.filter((_, index) => verdicts[index] === verdict));
    return { forbidden: of("forbidden"), unknown: of("unknown") };
  }

  /** Notes that all that was read has been judged. @returns files to do without: nobody could judge them for too long */
  noteVerdict({ unknown }: Judged): ReadonlySet<string> {
    if (this.#rulesAre === "loaded") this.#rulesAre = "current";
    const now = this.options.clocks.elapsedMs();
    const since = this.#doubt?.since ?? now;
    this.#doubt = unknown.size === 0 ? undefined : { since, isOver: now - since >= PATIENCE_MS };
    if (this.#isInDoubt) return new Set();
    for (const path of unknown) this.#givenUp.add(path);
    return unknown;
  }

  /**
   * Whether it is worth waiting for a verdict on these. If so, nothing is shown until there is one, or until it has taken too
   * long.
   */
  mayWaitFor(unknown: ReadonlySet<string>): boolean {
    if ([...unknown].some((path) => this.#givenUp.has(path))) return false;
    this.#doubt = { since: this.#doubt?.since ?? this.options.clocks.elapsedMs(), isOver: false };
    return true;
  }

  /** Looks at the doubt alone: if the rules have changed meanwhile, whoever saw that ends the pass. */
  throwIfInDoubt(): void {
    if (this.#isInDoubt) throw this.#unknownRules();
  }

  async #verdictOf(path: string): Promise<Verdict> {
    if (this.#switchedOff.has(path)) return "forbidden";
    const refusal = this.#rules === undefined ? "unreadable" : await this.#rules.refusal(path);
    if (refusal === undefined) return "allowed";
    return isPassing(refusal) ? "unknown" : "forbidden";
  }

  get #isInDoubt(): boolean {
    return this.#doubt?.isOver === false;
  }

  #unknownRules(): NotNow {
    const { name } = this.options.folder;
    return new NotNow(`Reading ${name} is on hold: an ignore file cannot be opened, or git is not responding.`);
  }
}

export function couldNotBeRead({ name }: WorkspaceFolder, { message }: Error): string {
  return `${name} could not be read: ${message}. Check that the folder exists and that you may read it.`;
}
