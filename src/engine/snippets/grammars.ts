// Tree-sitter in WebAssembly: the one file that knows the package. Grammars are loaded when a first file needs them.

import { Language, Parser, Query, type QueryMatch } from "@vscode/tree-sitter-wasm";
import type { GrammarName } from "./languages";

/**
 * A parse reports its progress after every hundred steps or so; after this many reports it is given up. Counted, not
 * timed, so that the same file always has the same outline. A source of 170 kB takes 1,200.
 */
const MOST_PROGRESS_REPORTS = 4_000;
/** Matches of one query that may be open at a time; tree-sitter gives up on the oldest beyond that. */
const MATCH_LIMIT = 4_096;

export type GrammarMatch = QueryMatch;

/** A grammar with one query. */
export interface Grammar {
  /** Calls `use` with the matches in `text`; the nodes are gone afterwards. False if the text took too long. */
  match(text: string, use: (matches: readonly GrammarMatch[]) => void): boolean;
}

let runtime: Promise<void> | undefined;

export async function loadGrammar(name: GrammarName, query: string): Promise<Grammar> {
  // The runtime is one for the process, by its own design.
  runtime ??= Parser.init();
  await runtime;
  const language = await Language.load(require.resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`));
  const parser = new Parser().setLanguage(language);
  return new TreeSitterGrammar(parser, new Query(language, query));
}

class TreeSitterGrammar implements Grammar {
  readonly #parser: Parser;
  readonly #query: Query;

  constructor(parser: Parser, query: Query) {
    this.#parser = parser;
    this.#query = query;
  }

  match(text: string, use: (matches: readonly GrammarMatch[]) => void): boolean {
    let reports = 0;
    // The declaration says void; the runtime stops at true.
    const progressCallback = () => ++reports > MOST_PROGRESS_REPORTS;
    const tree = this.#parser.parse(text, null, { progressCallback });
    if (!tree) {
      this.#parser.reset(); // else the next text would go on with this one
      return false;
    }
    try {
      use(this.#query.matches(tree.rootNode, { matchLimit: MATCH_LIMIT }));
    } finally {
      tree.delete();
    }
    return true;
  }
}
