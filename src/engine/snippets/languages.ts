// Which grammar reads a file, by its path or its language's name. What is not listed here is still indexed, cut at blank lines.

import { isNotebook } from "../files/notebookCode";
import { UNNAMED } from "../fileUri";
import { frontMatterAndScripts, scripts, withoutClassMacros } from "./embeddedCode";
import csharp from "./queries/c-sharp.scm";
import cpp from "./queries/cpp.scm";
import go from "./queries/go.scm";
import java from "./queries/java.scm";
import javascript from "./queries/javascript.scm";
import php from "./queries/php.scm";
import python from "./queries/python.scm";
import ruby from "./queries/ruby.scm";
import rust from "./queries/rust.scm";
import typescript from "./queries/typescript.scm";

export type GrammarName =
  | "c-sharp"
  | "cpp"
  | "go"
  | "java"
  | "javascript"
  | "php"
  | "python"
  | "ruby"
  | "rust"
  | "tsx"
  | "typescript";

/** Languages of one family import and define names in the same ways, and for each other. */
export type Family = "c" | "c-sharp" | "go" | "java" | "javascript" | "php" | "python" | "ruby" | "rust";

export interface Language {
  readonly grammar: GrammarName;
  /** Finds the definitions; queries/README.md. */
  readonly query: string;
  readonly family: Family;
  readonly extensions: readonly string[];
  /** As editors name it. */
  readonly ids: readonly string[];
  /** Where only a part of the text is code that the grammar reads: that alone, with blanks for the rest. */
  readonly codeIn?: (text: string) => string;
}

/** Also in the components of Vue, Svelte and Astro. */
const TYPESCRIPT = { grammar: "typescript", query: typescript, family: "javascript" } as const;

/** C is read by C++'s grammar, which covers all but a few names; that saves a grammar. */
export const LANGUAGES: readonly Language[] = [
  { ...TYPESCRIPT, extensions: ["ts", "mts", "cts"], ids: ["typescript"] },
  { ...TYPESCRIPT, grammar: "tsx", extensions: ["tsx"], ids: ["typescriptreact"] },
  {
    grammar: "javascript",
    query: javascript,
    family: "javascript",
    extensions: ["js", "mjs", "cjs", "jsx"],
    ids: ["javascript", "javascriptreact"],
  },
  { ...TYPESCRIPT, extensions: ["vue"], ids: ["vue"], codeIn: scripts },
  { ...TYPESCRIPT, extensions: ["svelte"], ids: ["svelte"], codeIn: scripts },
  { ...TYPESCRIPT, extensions: ["astro"], ids: ["astro"], codeIn: frontMatterAndScripts },
  { grammar: "python", query: python, family: "python", extensions: ["py", "pyi", "ipynb"], ids: ["python"] },
  { grammar: "go", query: go, family: "go", extensions: ["go"], ids: ["go"] },
  { grammar: "rust", query: rust, family: "rust", extensions: ["rs"], ids: ["rust"] },
  { grammar: "java", query: java, family: "java", extensions: ["java"], ids: ["java"] },
  {
    grammar: "cpp",
    query: cpp,
    family: "c",
    extensions: ["c", "h", "cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "inl", "ipp", "cu", "cuh"],
    ids: ["c", "cpp", "cuda-cpp"],
    codeIn: withoutClassMacros,
  },
  { grammar: "c-sharp", query: csharp, family: "c-sharp", extensions: ["cs"], ids: ["csharp"] },
  { grammar: "ruby", query: ruby, family: "ruby", extensions: ["rb", "rake", "gemspec"], ids: ["ruby"] },
  { grammar: "php", query: php, family: "php", extensions: ["php"], ids: ["php"] },
];

const BY_EXTENSION = new Map(
  LANGUAGES.flatMap((language) => language.extensions.map((extension) => [extension, language] as const)),
);

const BY_ID = new Map(LANGUAGES.flatMap((language) => language.ids.map((id) => [id, language] as const)));

export function languageOf(path: string): Language | undefined {
  return BY_EXTENSION.get(/\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "");
}

/** A file's language by its name, or else by what the editor takes it for: a script, a notebook's cell, a new document. */
export function languageFor(path: string | undefined, languageId: string): Language | undefined {
  // Most notebooks hold Python, but not all.
  const byName = path === undefined || isNotebook(path) ? undefined : languageOf(path);
  return byName ?? BY_ID.get(languageId);
}

/** The text as the grammar reads it, each part of it where it was. */
export function codeOf(language: Language | undefined, text: string): string {
  return language?.codeIn?.(text) ?? text;
}

/** What a file would be called if it held code alone, as the model has met such files: of Python `untitled.py`, and a notebook `….py`. */
export function codePath(path: string, languageId: string): string {
  const extension = BY_ID.get(languageId)?.extensions[0];
  if (extension === undefined) return path;
  return path === UNNAMED ? `${path}.${extension}` : path.replace(/\.ipynb$/i, `.${extension}`);
}
