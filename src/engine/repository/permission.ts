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
  /** "old": those on disk are others. "loaded": somebody is to obey them first, which takes longer than to load them. */
  #rulesAre: "current" | "old" | "loaded" = "current";
  /** Of some of what was read nobody can say whether it may be. Over: it is done without, until somebody can. */
  #doubt: { readonly since: number; readonly isOver: boolean } | undefined;

  /** Files that were done without, and of which nobody has been able to say anything since. */
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

  /** Whether some of what changed says which files may be read. Where looking fails, it may: whoever loads the rules anew says why. */
  async rulesChanged(paths: readonly string[]): Promise<boolean> {
    if (this.#rules === undefined) return false;
    return rulesChanged(this.options.folder.path, this.#rules, paths).catch(() => true);
  }

  /** Sets the mark where rules have changed of which nobody tells. */
  async lookForNewRules(): Promise<void> {
    if (await this.#rules?.areOld()) this.markRulesOld();
  }

  /** For whoever obeys the rules that the mark speaks of, and takes it away. Throws NotNow. */
  async loadNew(): Promise<ReadRules> {
    // They may change again while they are loaded. Whoever obeyed others meanwhile has not obeyed these.
    this.#rulesAre = "loaded";
    return this.load();
  }

  /** Throws NotNow. */
  async load(): Promise<ReadRules> {
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

  /** For whoever obeys the rules that were loaded: all that was read has been judged. @returns what nobody can say for too long */
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
   * Whether it may still turn out soon whether these may be known, of which nobody can say. Then whoever asks may take what has
   * read them, and it is unsure from now on until all that was read has been judged.
   */
  mayWaitFor(unknown: ReadonlySet<string>): boolean {
    if ([...unknown].some((path) => this.#givenUp.has(path))) return false;
    this.#doubt = { since: this.#doubt?.since ?? this.options.clocks.elapsedMs(), isOver: false };
    return true;
  }

  /** Where the rules have changed meanwhile, the pass is ended by whoever saw that. */
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
