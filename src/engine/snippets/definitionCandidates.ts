// Which definitions of other files may help: those of names used near the cursor, those of imported names, and the
// members of the classes among them.

import type { Corpus } from "./corpus";
import type { IndexedFile } from "./files";
import { importsIn } from "./imports/parse";
import { resolveImport } from "./imports/resolve";
import { languageOf } from "./languages";
import type { LiveWindow } from "./liveWindow";
import type { Definition } from "./outline";
import { nearness } from "./pathIndex";
import type { SnippetReason, SnippetRequest } from "./snippet";
import { forEachTerm } from "./terms";
import { basesOfClassAround, receiverAt, typesOfVariables } from "./typeHints";

/** One definition of a file's outline. */
export interface DefinitionCandidate {
  readonly path: string;
  readonly index: number;
  readonly score: number;
  readonly reason: SnippetReason;
}

/** A name that more files define than this says nothing about which is meant, unless one is imported. */
const MOST_DEFINING_FILES = 12;
/** Files looked into for one answer: each must be unpacked. */
const MOST_FILES = 24;
const MOST_MEMBERS = 40;

// Weights found by holding out lines of real repositories; the names that the line needs must be in the snippets.
const IMPORTED = 1.4;
const ELSEWHERE = 0.8;
const IMPORTED_UNUSED = 0.3;
const OF_IMPORTED_MODULE = 0.35;
const GUESSED_TYPE = 0.55;
const MEMBER = 0.6;
const RECEIVER = 1.5;
/** A member of that name may belong to any class. */
const KIND_WEIGHT: Readonly<Record<string, number>> = { method: 0.6, field: 0.3, variable: 0.6, module: 0.3 };
/** In no chunk at all. */
const NO_TERM = -1;

export function definitionCandidates(
  corpus: Corpus,
  request: SnippetRequest,
  window: LiveWindow,
  accept: (path: string) => boolean,
): DefinitionCandidate[] {
  const family = languageOf(request.path)?.family;
  if (family === undefined) return [];
  const search = new DefinitionSearch(corpus, request, window, family, accept);
  search.addUsedNames();
  search.addImports();
  return search.found();
}

class DefinitionSearch {
  readonly #corpus: Corpus;
  readonly #request: SnippetRequest;
  readonly #window: LiveWindow;
  readonly #accept: (path: string) => boolean;
  /** Files that the live file imports → names from it; empty: all. */
  readonly #imported: Map<string, Set<string>>;
  readonly #importedNames: ReadonlySet<string>;
  readonly #receiver: string | undefined;
  readonly #opened = new Set<string>();
  readonly #best = new Map<string, DefinitionCandidate>();

  constructor(
    corpus: Corpus,
    request: SnippetRequest,
    window: LiveWindow,
    family: string,
    accept: (path: string) => boolean,
  ) {
    this.#corpus = corpus;
    this.#request = request;
    this.#window = window;
    this.#receiver = receiverAt(window.lineBeforeCursor);
    this.#accept = (path) => path !== request.path && languageOf(path)?.family === family && accept(path);
    const head = `${this.#headOfLiveFile()}\n${request.prefix}`;
    const statements = importsIn(family, head);
    this.#imported = new Map();
    this.#importedNames = new Set(statements.flatMap(({ names }) => names));
    for (const statement of statements) {
      for (const path of resolveImport(family, statement, request.path, corpus.paths)) {
        if (!this.#accept(path)) continue;
        const names = this.#imported.get(path);
        if (!names) this.#imported.set(path, new Set(statement.names));
        else for (const name of statement.names) names.add(name);
      }
    }
  }

  addUsedNames(): void {
    const own = this.#ownNames();
    for (const [name, weight] of this.#usedNames()) {
      if (!own.has(name)) this.#addName(name, weight, "definition");
    }
  }

  addImports(): void {
    for (const [path, names] of this.#imported) {
      for (const name of names) this.#addDefinitions(path, name, IMPORTED_UNUSED, "import");
      if (names.size === 0) this.#addWholeModule(path);
    }
    for (const name of this.#importedNames) {
      if (!this.#window.names.has(name)) this.#addName(name, IMPORTED_UNUSED, "import");
    }
  }

  /** Names near the cursor, and the types that they may have. */
  #usedNames(): Map<string, number> {
    const used = new Map(this.#window.names);
    const raise = (name: string, weight: number) => {
      if ((used.get(name) ?? 0) < weight) used.set(name, weight);
    };
    const types = typesOfVariables(this.#request.prefix);
    for (const [name, weight] of this.#window.names) {
      const own = name === this.#receiver ? RECEIVER : weight;
      for (const type of types.get(name) ?? []) raise(type, own);
      // `const queryCache = …` is often a QueryCache.
      const type = pascalCase(name);
      if (type !== name) raise(type, own * GUESSED_TYPE);
      if (name === this.#receiver) raise(name, RECEIVER);
    }
    if (/^(self|this|super|cls|s|c|r)$/.test(this.#receiver ?? "")) {
      for (const base of basesOfClassAround(this.#request.prefix)) raise(base, RECEIVER);
    }
    return used;
  }

  found(): DefinitionCandidate[] {
    return [...this.#best.values()].sort(
      (a, b) => b.score - a.score || (a.path === b.path ? a.index - b.index : a.path < b.path ? -1 : 1),
    );
  }

  #addName(name: string, weight: number, reason: SnippetReason): void {
    const count = this.#corpus.definitionCount(name);
    if (count === 0) return;
    const all = this.#corpus.pathsDefining(name).filter(this.#accept);
    const imported = all.filter((path) => this.#imported.has(path));
    const paths = imported.length > 0 ? imported : all;
    if (paths.length > MOST_DEFINING_FILES) return;
    const rare = this.#rarityOf(name);
    for (const path of paths) {
      const near = 0.5 + 0.5 * nearness(path, this.#request.path);
      const certainty = imported.length > 0 || this.#importedNames.has(name) ? IMPORTED : ELSEWHERE;
      this.#addDefinitions(path, name, (weight * certainty * near * rare) / Math.sqrt(paths.length), reason);
    }
  }

  /** 1 for a name of one place, less for one that everybody uses: it is known, or means something else. */
  #rarityOf(name: string): number {
    let rarity = 0;
    forEachTerm(name, 0, name.length, (term, isWhole) => {
      if (isWhole) rarity = this.#corpus.rarity(term);
    });
    return Math.sqrt(rarity / Math.max(1, this.#corpus.rarity(NO_TERM)));
  }

  #addDefinitions(path: string, name: string, score: number, reason: SnippetReason): void {
    const file = this.#open(path);
    if (!file) return;
    for (const [index, definition] of file.outline.entries()) {
      if (definition.name !== name) continue;
      this.#add({ path, index, score: score * (KIND_WEIGHT[definition.kind] ?? 1), reason });
      if (hasMembers(definition)) this.#addMembers(path, file, index, score * MEMBER, reason);
    }
  }

  #addMembers(path: string, file: IndexedFile, container: number, score: number, reason: SnippetReason): void {
    const name = file.outline[container]!.name;
    const isMethodOfIt = new RegExp(`^func \\(\\w* ?\\*?${name}\\b`); // Go's stand outside of their type
    let count = 0;
    for (const [index, member] of file.outline.entries()) {
      if (member.container !== container && !isMethodOfIt.test(member.signature)) continue;
      if (++count > MOST_MEMBERS) return;
      this.#add({ path, index, score: score * this.#memberWeight(member, name), reason });
    }
  }

  #addWholeModule(path: string): void {
    const file = this.#open(path);
    if (!file) return;
    const weight = this.#isReceiver(path) ? RECEIVER : OF_IMPORTED_MODULE;
    for (const [index, definition] of file.outline.entries()) {
      const isTop = definition.container < 0 || file.outline[definition.container]!.kind === "module";
      if (!isTop || definition.kind === "module") continue;
      this.#add({ path, index, score: weight * this.#memberWeight(definition, ""), reason: "import" });
    }
  }

  #memberWeight(member: Definition, container: string): number {
    const isConstructor =
      /^(constructor|__init__|new|initialize|__construct)$/.test(member.name) || member.name === container;
    if (isConstructor) return 0.9;
    if (isPrivate(member)) return 0.15;
    return 0.4 + Math.min(0.6, this.#relevance(member));
  }

  /** Whether the cursor is right after the module's name: Go's packages and C++'s namespaces are called by their folder. */
  #isReceiver(path: string): boolean {
    const receiver = this.#receiver;
    return receiver !== undefined && new RegExp(`(^|/)${receiver.replaceAll("$", "\\$")}(/[^/]*|\\.\\w+)$`).test(path);
  }

  /** How much of the definition's name and signature is spoken of near the cursor. */
  #relevance(definition: Definition): number {
    let sum = 0;
    let total = 0;
    const text = `${definition.name} ${definition.signature}`;
    forEachTerm(text, 0, text.length, (term) => {
      const rarity = this.#corpus.rarity(term);
      total += rarity;
      sum += rarity * Math.min(1, this.#window.terms.get(term) ?? 0);
    });
    return total === 0 ? 0 : sum / total;
  }

  #add(candidate: DefinitionCandidate): void {
    const key = `${candidate.index} ${candidate.path}`;
    const known = this.#best.get(key);
    if (!known || known.score < candidate.score) this.#best.set(key, candidate);
  }

  #open(path: string): IndexedFile | undefined {
    if (!this.#opened.has(path) && this.#opened.size >= MOST_FILES) return undefined;
    this.#opened.add(path);
    return this.#corpus.file(path);
  }

  /** Where the imports stand, if the window begins below them. */
  #headOfLiveFile(): string {
    const lines = this.#corpus.file(this.#request.path)?.lines ?? [];
    return lines.slice(0, 120).join("\n");
  }

  /** Names that the live file defines itself: as last indexed. */
  #ownNames(): Set<string> {
    return new Set(this.#corpus.file(this.#request.path)?.outline.map(({ name }) => name));
  }
}

function hasMembers({ kind }: Definition): boolean {
  return kind === "class" || kind === "interface" || kind === "implementation" || kind === "enum";
}

function isPrivate({ name, signature }: Definition): boolean {
  return /^[_#]/.test(name) || /^\s*private\b/.test(signature);
}

function pascalCase(name: string): string {
  const words = name
    .replace(/^[_$]+/, "")
    .split("_")
    .filter((word) => word !== "");
  return words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
}
