// Tree-sitter in WebAssembly: the one file that knows the package. Grammars are loaded when a first file needs them.

import { setImmediate } from "node:timers/promises";
import type { Language, Parser, Query, QueryMatch, Tree } from "@vscode/tree-sitter-wasm";
import type { GrammarName } from "./languages";

/**
 * A parse reports its progress after every hundred steps or so; after this many reports it is given up. Counted, not
 * timed, so that the same file always has the same outline. A source of 170 kB takes 1,200.
 */
const MOST_PROGRESS_REPORTS = 4_000;
/** Matches of one query that may be open at a time; tree-sitter gives up on the oldest beyond that. */
const MATCH_LIMIT = 4_096;
/**
 * A tree that is one error with more parts than this is not asked: what one step of a query takes grows with the number of
 * parts (250,000 parentheses, none of which is closed, took 109 s).
 */
const MOST_PARTS_OF_AN_ERROR = 10_000;
/** Then what has come meanwhile goes first: parsing 250 kB in one go, a key would wait for it. */
const SLICE_MS = 8;
/**
 * The last resort, asked between the steps of parse and query. What is given up for it has an outline on a faster machine,
 * so it is far from what a source takes: 0.2 s for 250 kB.
 */
const MOST_MS = 2_000;
/**
 * One step can take all the memory that there is: errors make many versions of a tree, and 15 kB of text had 2 GB. A source
 * of 250 kB takes 40 MB, and all grammars together less than the 32 MB that the package begins with.
 */
const MOST_MEMORY_BYTES = 128 * 2 ** 20;
const PAGE_BYTES = 65_536;
const FIRST_PAGES = 512;

export type GrammarMatch = QueryMatch;
type UseMatches = (matches: readonly GrammarMatch[], isBroken: boolean) => void;

/** The package has one for the process, by its own design. With it ends whatever was made in it. */
interface Runtime {
  readonly treeSitter: TreeSitter;
  isUsable: boolean;
  /** Resolves when the last text is done with. */
  lastText: Promise<unknown>;
}

type TreeSitter = typeof import("@vscode/tree-sitter-wasm");

let current: Promise<Runtime> | undefined;

export async function loadGrammar(name: GrammarName, query: string): Promise<Grammar> {
  for (;;) {
    current ??= startRuntime();
    const starting = current;
    const runtime = await starting.catch((error) => {
      // There may be memory for it the next time.
      if (current === starting) current = undefined;
      throw error;
    });
    try {
      const { Language } = runtime.treeSitter;
      const language = await Language.load(require.resolve(`${PACKAGE}/wasm/tree-sitter-${name}.wasm`));
      if (runtime.isUsable) return new Grammar(runtime, language, query);
    } catch (error) {
      if (runtime.isUsable) throw error;
    }
    // Some text has ended the runtime meanwhile.
  }
}

const PACKAGE = "@vscode/tree-sitter-wasm";

async function startRuntime(): Promise<Runtime> {
  const treeSitter = loadPackage();
  const options = {
    locateFile: (file: string) => require.resolve(`${PACKAGE}/wasm/${file}`),
    wasmMemory: new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: MOST_MEMORY_BYTES / PAGE_BYTES }),
    printErr: () => {}, // It is thrown as well.
  };
  await treeSitter.Parser.init(options);
  return { treeSitter, isUsable: true, lastText: Promise.resolve() };
}

/** The package keeps its runtime for as long as it is loaded; a new one comes with the package loaded anew. */
function loadPackage(): TreeSitter {
  const file = require.resolve(PACKAGE);
  const before = require.cache[file];
  if (before !== undefined) {
    delete require.cache[file];
    // Else its memory would be held.
    module.children = module.children.filter((child) => child !== before);
  }
  return require(file) as TreeSitter;
}

/** A grammar with one query. */
export class Grammar {
  readonly #parser: Parser;
  readonly #query: Query;

  constructor(
    private readonly runtime: Runtime,
    language: Language,
    query: string,
  ) {
    const { Parser, Query } = runtime.treeSitter;
    this.#parser = new Parser().setLanguage(language);
    this.#query = new Query(language, query);
  }

  /** False when the runtime has come to its end: load it anew. */
  get isUsable(): boolean {
    return this.runtime.isUsable;
  }

  /**
   * Calls `use` with the matches in `text`, and with whether there is what the grammar does not understand; the nodes are gone
   * afterwards. Does not call it if the text takes too long, or more memory than there is. One text comes after the other, so that
   * no two are in memory. False if the runtime had come to its end before it was this one's turn.
   */
  match(text: string, use: UseMatches): Promise<boolean> {
    const { runtime } = this;
    const matched = runtime.lastText.then(() => this.#matchIfUsable(text, use));
    runtime.lastText = matched.catch(() => {});
    return matched;
  }

  async #matchIfUsable(text: string, use: UseMatches): Promise<boolean> {
    if (!this.isUsable) return false;
    try {
      await this.#match(text, use);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
      // Memory was full, or the stack: what is left in the runtime is not to be trusted.
      this.runtime.isUsable = false;
      current = undefined;
    }
    return true;
  }

  async #match(text: string, use: UseMatches): Promise<void> {
    const { tree, leftMs } = await this.#parse(text);
    if (tree === undefined) {
      this.#parser.reset(); // else the next text would go on with this one
      return;
    }
    // Then the query takes about a slice, too, and so does what is made of it.
    const isLong = leftMs < MOST_MS - SLICE_MS;
    try {
      if (isLong) await setImmediate();
      const { rootNode } = tree;
      if (rootNode.isError && rootNode.childCount > MOST_PARTS_OF_AN_ERROR) return;
      const endsAt = performance.now() + leftMs;
      let isGivenUp = false;
      const progressCallback = () => {
        isGivenUp = performance.now() > endsAt;
        // The declaration says void; the runtime stops at true.
        return isGivenUp;
      };
      const matches = this.#query.matches(rootNode, { matchLimit: MATCH_LIMIT, progressCallback });
      if (isGivenUp) return;
      use(matches, rootNode.hasError);
      if (isLong) await setImmediate();
    } finally {
      tree.delete();
    }
  }

  /** Also says how much time is left for the query. */
  async #parse(text: string): Promise<{ readonly tree: Tree | undefined; readonly leftMs: number }> {
    let leftMs = MOST_MS;
    let reports = 0;
    for (;;) {
      const startedAt = performance.now();
      const progressCallback = () =>
        ++reports > MOST_PROGRESS_REPORTS || performance.now() - startedAt > Math.min(SLICE_MS, leftMs);
      // Where it was stopped, it goes on.
      const tree = this.#parser.parse(text, null, { progressCallback }) ?? undefined;
      leftMs -= performance.now() - startedAt;
      if (tree !== undefined || reports > MOST_PROGRESS_REPORTS || leftMs <= 0) return { tree, leftMs };
      await setImmediate();
    }
  }
}
