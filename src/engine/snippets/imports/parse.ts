// Reads the import statements of a file, by language family. Regular expressions, not a parser: the file is being
// typed, its imports stand at a line's start, and a missed one costs little. Each statement is looked for
// only up to where the next one begins: a file of nothing but beginnings may not take time by the square of its length.

import type { Family } from "../languages";
import { type Aliases, aliasesIn, type ImportStatement, namesIn, WHOLE_MODULE } from "./statement";

/** Beyond this nobody imports. */
const LONGEST_HEAD = 40_000;
const MOST_IMPORTS = 400;

export function importsIn(family: Family, text: string): ImportStatement[] {
  // A comment between imported names may hold what ends a statement.
  const head = text.slice(0, LONGEST_HEAD).replace(COMMENTS[family], "$1");
  return PARSERS[family](head).slice(0, MOST_IMPORTS);
}

const SLASHES = /(^|\s)\/\/.*$/gm;
const HASH = /(^|\s)#.*$/gm;
const COMMENTS: Readonly<Record<Family, RegExp>> = {
  c: SLASHES,
  "c-sharp": SLASHES,
  go: SLASHES,
  java: SLASHES,
  javascript: SLASHES,
  php: SLASHES,
  python: HASH,
  ruby: HASH,
  rust: SLASHES,
};

const PARSERS: Readonly<Record<Family, (text: string) => ImportStatement[]>> = {
  javascript: (text) => [
    ...all(
      text,
      /^[ \t]*(?:import|export)\b((?:[^;'"`()\n]|\n(?![ \t]*(?:import|export)\b))*?)\bfrom\s*["']([^"']+)["']/gm,
      (clause, module) => ({
        module,
        names: namesInClause(clause),
        aliases: aliasesIn(clause),
      }),
    ),
    ...all(
      text,
      /\b(?:const|let|var|import)\s+(\{[^{}]*\}|[\w$]+)\s*=\s*(?:require|await\s+import)\(\s*["']([^"']+)["']\s*\)/g,
      (names, module) => ({
        module,
        names: names.startsWith("{") ? namesIn(names.slice(1, -1)) : [names],
        aliases: names.startsWith("{") ? aliasesIn(names) : wholeModule(names),
      }),
    ),
  ],
  python: (text) => [
    ...all(
      text,
      /^[ \t]*from\s+([.\w]+)\s+import\s+(\((?:[^)\n]|\n(?![ \t]*from\b))*\)|(?:[^\n\\]|\\\n)+)/gm,
      (module, names) => ({ module, names: namesIn(names.replace(/[()\\]/g, " ")), aliases: aliasesIn(names) }),
    ),
    ...all(
      text,
      /^[ \t]*import\s+([.\w]+(?:[ \t]+as[ \t]+\w+)?(?:[ \t]*,[ \t]*[.\w]+(?:[ \t]+as[ \t]+\w+)?)*)/gm,
      (modules) =>
        modules.split(",").map((one) => {
          const [, module, alias] = /([.\w]+)(?:\s+as\s+(\w+))?/.exec(one)!;
          return { module: module!, names: [], aliases: wholeModule(alias) };
        }),
    ),
  ],
  go: (text) => [
    ...all(text, /^import\s+(?:([\w.]+)\s+)?"([^"]+)"/gm, (alias, module) => ({
      module,
      names: [],
      aliases: wholeModule(alias),
    })),
    ...all(text, /^import\s*\(((?:[^)\n]|\n(?!import\b))*)\)/gm, (block) =>
      [...block.matchAll(/(?:(?<![\w.])([\w.]+)[ \t]+)?"([^"]+)"/g)].map(([, alias, module]) => ({
        module: module!,
        names: [],
        aliases: wholeModule(alias),
      })),
    ),
  ],
  rust: (text) => [
    ...all(text, /^[ \t]*(?:pub(?:\([^()]*\))?\s+)?use\s+(?=\S)((?:[^;\n]|\n(?![ \t]*(?:pub|use)\b))+);/gm, (tree) =>
      useTree(tree.replace(/\s+/g, " ")),
    ),
    ...all(text, /^[ \t]*(?:pub(?:\([^()]*\))?\s+)?mod\s+(\w+)\s*;/gm, (name) => ({
      module: `self::${name}`,
      names: [],
    })),
  ],
  java: (text) =>
    all(text, /^[ \t]*import\s+(?:static\s+)?([\w.]+?)(?:\.(\*))?\s*;/gm, (path, star) =>
      star ? { module: path, names: [] } : { module: path, names: [lastOf(path, ".")] },
    ),
  c: (text) => all(text, /^[ \t]*#\s*(?:include|import)\s*["<]([^">]+)[">]/gm, (module) => ({ module, names: [] })),
  "c-sharp": (text) => [
    ...all(text, /^[ \t]*(?:global\s+)?using\s+(?:static\s+|\w+\s*=\s*)?([\w.]+)\s*;/gm, (module) => ({
      module,
      names: [],
    })),
    ...all(text, /^[ \t]*(?:global\s+)?using\s+(\w+)\s*=\s*([\w.]+)\.(\w+)\s*;/gm, (alias, module, name) => ({
      module,
      names: [name],
      aliases: new Map([[alias, name]]),
    })),
  ],
  ruby: (text) => [
    ...all(text, /^[ \t]*require_relative\s*(?:\(\s*)?["']([^"']+)["']/gm, (path) => ({
      module: `./${path}`,
      names: [],
    })),
    ...all(text, /^[ \t]*(?:require|autoload\s+:\w+\s*,)\s*(?:\(\s*)?["']([^"']+)["']/gm, (module) => ({
      module,
      names: [],
    })),
  ],
  php: (text) => [
    ...all(text, /^[ \t]*use\s+(?:function\s+|const\s+)?([\w\\]+)\\\{([^{}]*)\}/gm, (base, names) =>
      names
        .split(",")
        .flatMap((one) =>
          namesIn(one).map((name) => ({ module: `${base}\\${name}`, names: [name], aliases: aliasesIn(one) })),
        ),
    ),
    ...all(text, /^[ \t]*use\s+(?:function\s+|const\s+)?([\w\\](?:[\w\\ \t,]|\n(?![ \t]*use\b))*);/gm, (paths) =>
      paths.split(",").map((one) => {
        const path = /[\w\\]*/.exec(one.trim())![0];
        return { module: path, names: [lastOf(path, "\\")], aliases: aliasesIn(one) };
      }),
    ),
    ...all(text, /\b(?:require|include)(?:_once)?\b[^;"']{0,200}["']([^"']+)["']/g, (path) => ({
      module: `./${path.replace(/^\//, "")}`,
      names: [],
    })),
  ],
};

function all(
  text: string,
  pattern: RegExp,
  statement: (...groups: string[]) => ImportStatement | ImportStatement[],
): ImportStatement[] {
  return [...text.matchAll(pattern)].flatMap(([, ...groups]) => statement(...groups));
}

/** `a, { b as c }`, `* as ns`. A default export may be called anything there; most call it the same. */
function namesInClause(clause: string): string[] {
  const [, braces = ""] = /\{([^}]*)\}/.exec(clause) ?? [];
  const outside = clause
    .replace(/\{[^}]*\}/, "")
    .replace(/\*\s*(as\s+[\w$]+)?/, "")
    .replace(/^\s*type\b/, "");
  return [...namesIn(outside), ...namesIn(braces)];
}

/** `crate::a::{b::C, d}` → a/b with C, a with d. */
function useTree(tree: string): ImportStatement[] {
  const statements: ImportStatement[] = [];
  /** What stands before each brace that is open. */
  const prefixes = [""];
  let start = 0;
  for (let at = 0; at <= tree.length; at++) {
    const character = tree[at] ?? ",";
    if (!"{},".includes(character)) continue;
    const part = tree.slice(start, at).trim();
    start = at + 1;
    if (character === "{") prefixes.push(prefixes.at(-1)! + part);
    else if (part !== "") statements.push(...usedPath(prefixes.at(-1)! + part));
    if (character === "}" && prefixes.length > 1) prefixes.pop();
  }
  return statements;
}

function usedPath(written: string): ImportStatement[] {
  const path = written.replace(/\s+as\s+\w+$/, "").replace(/\s/g, "");
  const cut = path.lastIndexOf("::");
  if (cut < 0) return [];
  const module = path.slice(0, cut);
  const name = path.slice(cut + 2);
  if (name === "self") return [{ module, names: [], aliases: wholeModule(/\sas\s+(\w+)$/.exec(written)?.[1]) }];
  return [{ module, names: name === "*" ? [] : [name], aliases: aliasesIn(written) }];
}

function wholeModule(alias: string | undefined): Aliases {
  return new Map(alias === undefined ? [] : [[alias, WHOLE_MODULE]]);
}

function lastOf(path: string, separator: string): string {
  return path.slice(path.lastIndexOf(separator) + 1);
}
