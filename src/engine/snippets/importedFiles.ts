// The files of the index that the live file imports, and what it takes from each.

import { lineBreaks } from "../../text/lines";
import type { Corpus } from "./corpus";
import { ImportScope } from "./imports/importScope";
import { importsIn } from "./imports/parse";
import { resolveImport } from "./imports/resolve";
import { type Aliases, type ImportStatement, WHOLE_MODULE } from "./imports/statement";
import { codeOf, type Family, languageOf } from "./languages";
import { folderOf, nameOf, stemOf } from "./pathIndex";
import { addTo } from "./setsByKey";
import type { SnippetRequest } from "./snippet";

export interface ImportedFiles {
  /** Path → names taken from it; none: all of it. */
  readonly byPath: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names that some import statement names, whether its file is known or not. */
  readonly names: ReadonlySet<string>;
  /** What the live file calls otherwise → the name where it is defined. */
  readonly aliases: Aliases;
  /** What the live file calls a module → the module's files. */
  readonly modules: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Where imports stand, if the live window begins below them: also among the first definitions, but mostly above. */
const HEAD_LINES = 120;
const MOST_HEAD_LINES = 600;

export function importedFiles(
  corpus: Corpus,
  family: Family,
  request: SnippetRequest,
  accept: (path: string) => boolean,
): ImportedFiles {
  const texts = [headOf(corpus, request), request.prefix];
  const statements = texts.flatMap((text) => importsIn(family, text));
  const scope = new ImportScope(request.path, corpus, accept);
  const byPath = new Map<string, Set<string>>();
  const modules = new Map<string, Set<string>>();
  const aliases = new Map(statements.flatMap((statement) => [...(statement.aliases ?? [])]));
  for (const statement of statements) {
    for (const path of meantFiles(corpus, family, statement, scope)) {
      for (const [alias, name] of statement.aliases ?? []) {
        if (name === WHOLE_MODULE || isModule(path, name)) addTo(modules, alias, path);
      }
      // `from package import module` takes the whole module.
      const names = statement.names.filter((name) => !isModule(path, name));
      const known = byPath.get(path);
      if (!known) byPath.set(path, new Set(names));
      else for (const name of names) known.add(name);
    }
  }
  return { byPath, names: new Set(statements.flatMap(({ names }) => names)), aliases, modules };
}

/** Of a namespace of C#, from which an alias takes one type, only the files that define it. */
function meantFiles(corpus: Corpus, family: Family, statement: ImportStatement, scope: ImportScope): readonly string[] {
  const files = resolveImport(family, statement, scope);
  const [name] = statement.names;
  if (family !== "c-sharp" || name === undefined) return files;
  return corpus.pathsDefining(name, (path) => files.includes(path));
}

/** Up to the first definition, as far as the index knows where that is. In some languages, other text comes before the code. */
function headOf(corpus: Corpus, { path, document }: SnippetRequest): string {
  const file = corpus.file(path);
  const code = codeOf(languageOf(path), document ?? file?.lines.join("\n") ?? "");
  const head = code.trimStart();
  const firstLine = lineBreaks(code, 0, code.length - head.length);
  const definitions = (file?.outline[0]?.startLine ?? Number.POSITIVE_INFINITY) - firstLine;
  const lines = head.split("\n", MOST_HEAD_LINES);
  return lines.slice(0, Math.max(HEAD_LINES, definitions)).join("\n");
}

/** Whether the path is what a program calls by the name: a/name.py, a/name/b.go. */
export function isModule(path: string, name: string): boolean {
  return stemOf(path) === name || (nameOf(folderOf(path)) === name && !/^[A-Z]/.test(name));
}
