// Which definitions that the prompt does not hold may help: those of names used near the cursor, those of imported names, and the
// members of the classes among them.

import type { Corpus } from "./corpus";
import { nameLine } from "./excerpt";
import { type ImportedFiles, importedFiles, isModule } from "./importedFiles";
import { languageFor, languageOf } from "./languages";
import type { LiveWindow } from "./liveWindow";
import { type Definition, hasMembers, type Kind, receivingType } from "./outline";
import { ownPackageFolders } from "./ownPackage";
import type { ParsedFile } from "./packedFiles";
import { folderOf, nearness } from "./pathIndex";
import type { SnippetReason, SnippetRequest } from "./snippet";
import { forEachTerm } from "./terms";
import { MOST_SORTED_OUT, RECEIVER, wantedNames } from "./wantedNames";

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
/** Of these, for the module before the dot, which may be large: the others are for names that are used. */
const MOST_MODULE_FILES = 16;
/** And for methods of a type that stand in other files than the type. */
const MOST_METHOD_FILES = 8;
const MOST_MEMBERS = 40;

// Weights found by holding out lines of real repositories; the names that the line needs must be in the snippets.
const IMPORTED = 1.4;
const ELSEWHERE = 0.8;
const IMPORTED_UNUSED = 0.3;
const OF_IMPORTED_MODULE = 0.35;
const MEMBER = 0.8;
const BEGUN = 0.5;
/** A member of that name may belong to any class. */
const KIND_WEIGHT: Partial<Record<Kind, number>> = { method: 0.6, field: 0.3, variable: 0.6, module: 0.3 };

export function definitionCandidates(
  corpus: Corpus,
  request: SnippetRequest,
  window: LiveWindow,
): DefinitionCandidate[] {
  const family = languageFor(request.path, request.languageId)?.family;
  if (family === undefined) return [];
  const isOfFamily = (path: string) => languageOf(path)?.family === family;
  const imported = importedFiles(corpus, family, request, isOfFamily);
  const ownFolders = ownPackageFolders(family, request.path, corpus.paths);
  const search = new DefinitionSearch(corpus, request.path, window, imported, ownFolders, isOfFamily);
  search.addReceivingModules();
  search.addNames(wantedNames(corpus, request, window, imported.aliases, isOfFamily));
  search.addImports();
  search.addUnfinished();
  return search.found();
}

class DefinitionSearch {
  readonly #opened = new Set<string>();
  readonly #best = new Map<string, DefinitionCandidate>();

  constructor(
    private readonly corpus: Corpus,
    private readonly livePath: string,
    private readonly window: LiveWindow,
    private readonly imported: ImportedFiles,
    private readonly ownFolders: ReadonlySet<string>,
    private readonly accept: (path: string) => boolean,
  ) {}

  /** After `module.`, what is in the module comes first. */
  addReceivingModules(): void {
    const { receiver } = this.window;
    if (receiver === undefined) return;
    const called = this.imported.modules.get(receiver);
    const module = called ?? [...this.imported.byPath.keys()].filter((path) => isModule(path, receiver));
    for (const path of [...module].slice(0, MOST_MODULE_FILES)) this.#addModule(path, RECEIVER);
  }

  addNames(names: ReadonlyMap<string, number>): void {
    const heaviestFirst = [...names].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    for (const [name, weight] of heaviestFirst) this.#addName(name, weight, "definition");
  }

  addImports(): void {
    for (const [path, names] of this.imported.byPath) {
      for (const name of names) this.#addDefinitions(path, name, IMPORTED_UNUSED, "import");
      if (names.size === 0) this.#addModule(path, OF_IMPORTED_MODULE);
    }
    for (const name of this.imported.names) this.#addName(name, IMPORTED_UNUSED, "import");
  }

  /** What begins as the word at the cursor does, of what is imported and of the imported files that were opened anyway. */
  addUnfinished(): void {
    if (this.window.receiver !== undefined) return;
    const names = new Set(this.imported.names);
    for (const path of [this.livePath, ...this.#opened]) {
      const isSeen = path === this.livePath || this.imported.byPath.has(path) || this.#isOfOwnPackage(path);
      const file = isSeen ? this.corpus.file(path) : undefined;
      if (!file) continue;
      for (const one of file.outline) if (isAtTop(one, file)) names.add(one.name);
    }
    const begun = new Set([...names].filter((name) => this.#isBegun(name)));
    for (const [alias, name] of this.imported.aliases) if (this.#isBegun(alias)) begun.add(name);
    for (const name of begun) this.#addName(name, 1 / Math.sqrt(begun.size), "definition");
  }

  found(): DefinitionCandidate[] {
    return [...this.#best.values()].sort(
      (a, b) => b.score - a.score || (a.path === b.path ? a.index - b.index : a.path < b.path ? -1 : 1),
    );
  }

  #addName(name: string, weight: number, reason: SnippetReason): void {
    if (this.corpus.definitionCount(name) === 0) return;
    const isImported = (path: string) => this.imported.byPath.has(path);
    const isOwn = (path: string) => path === this.livePath || (this.#isOfOwnPackage(path) && this.accept(path));
    const reached = this.corpus.pathsDefining(name, (path) => isImported(path) || isOwn(path));
    const imported = reached.filter(isImported);
    const paths = imported.length > 0 ? imported : this.#ownOrAllDefining(name, reached);
    if (paths.length > MOST_DEFINING_FILES) return;
    // What everybody uses is known, or means something else.
    const rare = this.corpus.chunks.rarityOfName(name);
    for (const path of paths) {
      const near = 0.5 + 0.5 * nearness(path, this.livePath);
      const certainty = imported.length > 0 || this.imported.names.has(name) ? IMPORTED : ELSEWHERE;
      this.#addDefinitions(path, name, (weight * certainty * near * rare) / Math.sqrt(paths.length), reason);
    }
  }

  /** @param own the live file and those of its package: only they are given, if one hides all others or there are too many others */
  #ownOrAllDefining(name: string, own: string[]): string[] {
    const hides = (path: string) => this.#isOfOwnPackage(path) && this.#hidesOthers(path, name);
    if (own.length > MOST_DEFINING_FILES || own.some(hides)) return own;
    if (this.corpus.definitionCount(name) > MOST_SORTED_OUT) return own;
    const all = this.corpus.pathsDefining(name, this.accept);
    return all.length > MOST_DEFINING_FILES ? own : all;
  }

  /** A member hides no other object's member, nor does a function of the live file itself, which the prompt mostly holds. */
  #hidesOthers(path: string, name: string): boolean {
    const file = this.#open(path);
    if (!file) return false;
    const meant = file.outline.filter((one) => one.name === name && isAtTop(one, file) && one.kind !== "method");
    return path === this.livePath ? meant.some(hasMembers) : meant.length > 0;
  }

  #addDefinitions(path: string, name: string, score: number, reason: SnippetReason): void {
    const file = this.#open(path);
    if (!file) return;
    for (const [index, definition] of file.outline.entries()) {
      if (definition.name !== name) continue;
      this.#add({ path, index, score: score * (KIND_WEIGHT[definition.kind] ?? 1), reason });
      if (!hasMembers(definition)) continue;
      this.#addMembers(path, file, index, score * MEMBER, reason);
      this.#addMethodsElsewhere(path, name, score * MEMBER, reason);
    }
  }

  #addMembers(path: string, file: ParsedFile, container: number, score: number, reason: SnippetReason): void {
    const { name, signature } = file.outline[container]!;
    const members: DefinitionCandidate[] = [];
    for (const [index, member] of file.outline.entries()) {
      if (member.container !== container && receivingType(member) !== name) continue;
      members.push({ path, index, score: score * this.#memberWeight(member, name), reason });
      // `typedef struct item {…} item_t;`
      if (hasMembers(member) && /^typedef\b/.test(signature)) this.#addMembers(path, file, index, score, reason);
    }
    this.#addBest(members);
  }

  #addMethodsElsewhere(path: string, type: string, score: number, reason: SnippetReason): void {
    const isOfPackage = (other: string) =>
      other !== path &&
      folderOf(other) === folderOf(path) &&
      this.accept(other) &&
      (!isTest(other) || this.#seesTest(other));
    // For each platform there may be a file with the same methods.
    const bySignature = new Map<string, DefinitionCandidate>();
    for (const other of this.corpus.pathsWithMethodsOf(type, isOfPackage).slice(0, MOST_METHOD_FILES)) {
      for (const [index, method] of this.#open(other)?.outline.entries() ?? []) {
        if (receivingType(method) !== type || bySignature.has(method.signature)) continue;
        const weight = this.#memberWeight(method, type);
        bySignature.set(method.signature, { path: other, index, score: score * weight, reason });
      }
    }
    this.#addBest([...bySignature.values()]);
  }

  /** What Go's tests define is there for the tests of their package alone. */
  #seesTest(path: string): boolean {
    return isTest(this.livePath) && folderOf(this.livePath) === folderOf(path);
  }

  #addModule(path: string, score: number): void {
    const file = this.#open(path);
    if (!file) return;
    for (const [index, definition] of file.outline.entries()) {
      if (!isAtTop(definition, file)) continue;
      this.#add({ path, index, score: score * this.#memberWeight(definition, ""), reason: "import" });
    }
  }

  #memberWeight(member: Definition, container: string): number {
    const isConstructor =
      /^(constructor|__init__|new|initialize|__construct)$/.test(member.name) || member.name === container;
    if (isConstructor) return 0.9;
    const isBegun = this.#isBegun(member.name);
    if (isPrivate(member) && !isBegun) return 0.15;
    return (isBegun ? BEGUN : 0) + 0.4 + Math.min(0.6, this.#relevance(member));
  }

  /** What the file's own package defines needs no import. */
  #isOfOwnPackage(path: string): boolean {
    return this.ownFolders.has(folderOf(path));
  }

  #isBegun(name: string): boolean {
    const { word } = this.window;
    return word !== "" && name.startsWith(word);
  }

  /** How much of the definition's name and signature is spoken of near the cursor. */
  #relevance(definition: Definition): number {
    let sum = 0;
    let total = 0;
    const text = `${definition.name} ${definition.signature}`;
    forEachTerm(text, (term) => {
      const rarity = this.corpus.chunks.rarity(term);
      total += rarity;
      sum += rarity * Math.min(1, this.window.terms.get(term) ?? 0);
    });
    return total === 0 ? 0 : sum / total;
  }

  #addBest(members: readonly DefinitionCandidate[]): void {
    const best = members.toSorted((a, b) => b.score - a.score).slice(0, MOST_MEMBERS);
    for (const member of best) this.#add(member);
  }

  #add(candidate: DefinitionCandidate): void {
    const { path, index } = candidate;
    // What the prompt holds of the live file is not told again.
    if (path === this.livePath && this.window.holdsLine(nameLine(this.corpus.file(path)!, index))) return;
    const key = `${index} ${path}`;
    const known = this.#best.get(key);
    if (!known || known.score < candidate.score) this.#best.set(key, candidate);
  }

  #open(path: string): ParsedFile | undefined {
    const isAllowed = path === this.livePath || this.#opened.has(path) || this.#opened.size < MOST_FILES;
    if (!isAllowed) return undefined;
    this.#opened.add(path);
    return this.corpus.file(path);
  }
}

function isTest(path: string): boolean {
  return path.endsWith("_test.go");
}

function isAtTop({ kind, container }: Definition, file: ParsedFile): boolean {
  return kind !== "module" && (container < 0 || file.outline[container]!.kind === "module");
}

function isPrivate({ name, signature }: Definition): boolean {
  return /^[_#]/.test(name) || /^\s*private\b/.test(signature);
}
