// What opens a string or a comment of several lines in a language: in others, the same marks mean something else.

interface LanguageMarks {
  readonly marks: readonly string[];
  /** As editors name the languages. */
  readonly ids: readonly string[];
  readonly extensions: readonly string[];
}

const LANGUAGES: readonly LanguageMarks[] = [
  {
    marks: ["`", "/*"],
    ids: ["javascript", "javascriptreact", "typescript", "typescriptreact", "vue", "svelte", "astro", "go"],
    extensions: ["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "vue", "svelte", "astro", "go"],
  },
  { marks: ['"""', "'''"], ids: ["python", "toml"], extensions: ["py", "pyi", "toml"] },
  { marks: ['"""', "'''", "/*"], ids: ["dart", "groovy"], extensions: ["dart", "groovy", "gradle"] },
  {
    marks: ['"""', "/*"],
    ids: ["java", "kotlin", "scala", "swift", "csharp"],
    extensions: ["java", "kt", "kts", "scala", "swift", "cs"],
  },
  {
    marks: ['"""'],
    ids: ["julia", "elixir", "graphql"],
    extensions: ["jl", "ex", "exs", "graphql", "gql"],
  },
  {
    marks: ["/*"],
    ids: [
      ...["c", "cpp", "cuda-cpp", "objective-c", "objective-cpp", "rust", "php", "css", "scss", "less", "sql"],
      ...["verilog", "systemverilog", "proto", "proto3", "glsl", "hlsl", "solidity"],
    ],
    extensions: [
      ...["c", "h", "cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "inl", "ipp", "cu", "cuh", "mm"],
      ...["rs", "php", "css", "scss", "less", "sql", "sv", "svh", "proto", "glsl", "hlsl", "sol"],
    ],
  },
];

const BY_ID = new Map(LANGUAGES.flatMap(({ marks, ids }) => ids.map((id) => [id, marks] as const)));

const BY_EXTENSION = new Map(
  LANGUAGES.flatMap(({ marks, extensions }) => extensions.map((extension) => [extension, marks] as const)),
);

/** None where the language is not known, or has none. */
export function literalMarksOf(path: string | undefined, languageId: string): readonly string[] {
  const extension = /\.([^./\\]+)$/.exec(path ?? "")?.[1]?.toLowerCase();
  return BY_ID.get(languageId) ?? BY_EXTENSION.get(extension ?? "") ?? [];
}
