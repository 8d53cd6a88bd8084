// Which grammar reads a file, by its path. What is not listed here is still indexed, cut at blank lines.

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

export interface Language {
  readonly grammar: GrammarName;
  /** Finds the definitions; queries/README.md. */
  readonly query: string;
  /** Languages of one family may define names for each other. */
  readonly family: string;
  readonly extensions: readonly string[];
}

/** C is read by C++'s grammar, which covers all but a few names; that saves a grammar. */
const LANGUAGES: readonly Language[] = [
  { grammar: "typescript", query: typescript, family: "javascript", extensions: ["ts", "mts", "cts"] },
  { grammar: "tsx", query: typescript, family: "javascript", extensions: ["tsx"] },
  { grammar: "javascript", query: javascript, family: "javascript", extensions: ["js", "mjs", "cjs", "jsx"] },
  { grammar: "python", query: python, family: "python", extensions: ["py", "pyi"] },
  { grammar: "go", query: go, family: "go", extensions: ["go"] },
  { grammar: "rust", query: rust, family: "rust", extensions: ["rs"] },
  { grammar: "java", query: java, family: "java", extensions: ["java"] },
  {
    grammar: "cpp",
    query: cpp,
    family: "c",
    extensions: ["c", "h", "cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "inl", "ipp", "cu", "cuh"],
  },
  { grammar: "c-sharp", query: csharp, family: "c-sharp", extensions: ["cs"] },
  { grammar: "ruby", query: ruby, family: "ruby", extensions: ["rb", "rake", "gemspec"] },
  { grammar: "php", query: php, family: "php", extensions: ["php"] },
];

const BY_EXTENSION = new Map(
  LANGUAGES.flatMap((language) => language.extensions.map((extension) => [extension, language] as const)),
);

export function languageOf(path: string): Language | undefined {
  return BY_EXTENSION.get(path.slice(path.lastIndexOf(".") + 1).toLowerCase());
}
