// Where a block of code from a chat belongs in a document: over the selection, over the definition of the same name, or at
// the cursor. The user sees the difference before anything is written, so a plain rule that can be foreseen is enough, and
// where there are several such definitions, the user is asked.

import type { TextEdit } from "./edit";
import { dedent, indentOf, isBlank, normalizeLineEnds, splitLines } from "./lines";

export interface CodeTarget {
  readonly text: string;
  /** Where the selection begins; where it ends, when nothing is selected. */
  readonly start: number;
  readonly end: number;
}

export interface PlacedCode {
  readonly edit: TextEdit;
  readonly place: "selection" | "definition" | "cursor";
  /** The selection's or the definition's first line, or the cursor's; counted from 1. */
  readonly line: number;
  /** What stands in that line. */
  readonly text: string;
  /** The name of the definition around it, as far as the indentation tells. */
  readonly within?: string | undefined;
}

/** Lines are counted from 1; both belong to the definition. */
export interface DefinedLines {
  readonly name: string;
  readonly startLine: number;
  readonly endLine: number;
}

/**
 * One place; or several, of which the cursor is the last, where there are several definitions that the code may be meant for.
 * @param known the text's definitions, as far as a grammar found them; where another ends, its indentation says
 */
export function placeCode(
  target: CodeTarget,
  code: string,
  known: readonly DefinedLines[] = [],
): [PlacedCode, ...PlacedCode[]] {
  const lines = dedent(normalizeLineEnds(code).replace(/^\n+/, "").trimEnd().split("\n"));
  const document = new Lines(target.text, known);
  if (target.end > target.start) {
    const first = document.lineAt(target.start);
    // A selection that ends at a line's start does not mean that line.
    const last = document.lineAt(Math.max(target.start, target.end - 1));
    return [{ place: "selection", edit: document.replace(first, last, lines), ...document.about(first) }];
  }
  const found = document.definitions(definitionsIn(lines), definitionOf(lines[0]!) === undefined);
  const [definition, ...others] = found.map(({ line, range }): PlacedCode => {
    return { place: "definition", edit: document.replace(...range, lines), ...document.about(line) };
  });
  if (definition !== undefined && others.length === 0) return [definition];
  const line = document.lineAt(target.start);
  const edit = document.isBlank(line) ? document.replace(line, line, lines) : document.insertAfter(line, lines);
  const cursor: PlacedCode = { place: "cursor", edit, ...document.about(line) };
  return definition === undefined ? [cursor] : [definition, ...others, cursor];
}

/** A line that begins a definition: its keyword, and the name. Go's methods have their receiver between. */
const DEFINITION =
  /^\s*(?:(?:export|default|pub(?:\([a-z]+\))?|public|private|protected|static|final|abstract|async|declare)\s+)*(def|class|function\*?|func|fn|struct|enum|interface|type|impl|trait|const|let|var|module)\s+(?:\([^)]*\)\s*)?([\p{L}_$][\p{L}\p{N}_$]*)/u;

interface Named {
  readonly keyword: string;
  readonly name: string;
}

function definitionOf(line: string): Named | undefined {
  const match = DEFINITION.exec(line);
  return match ? { keyword: match[1]!, name: match[2]! } : undefined;
}

/** Those that are not inside of others. */
function definitionsIn(lines: readonly string[]): Named[] {
  return lines.filter((line) => /^\S/.test(line)).flatMap((line) => definitionOf(line) ?? []);
}

interface FoundDefinition {
  readonly line: number;
  readonly range: readonly [number, number];
}

class Lines {
  private readonly lines: readonly string[];
  private readonly starts: readonly number[];
  private readonly lineEnd: string;

  constructor(
    text: string,
    private readonly known: readonly DefinedLines[],
  ) {
    this.lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
    const lines = splitLines(text);
    this.lines = lines.map((line) => line.text.replace(/\r$/, ""));
    this.starts = lines.map(({ start }) => start);
  }

  lineAt(offset: number): number {
    return this.starts.findLastIndex((start) => start <= offset);
  }

  isBlank(line: number): boolean {
    return isBlank(this.lines[line]!);
  }

  about(line: number): Pick<PlacedCode, "line" | "text" | "within"> {
    return { line: line + 1, text: this.lines[line]!.trim(), within: this.nameAround(line) };
  }

  /**
   * The definitions that the code may be about, where all of it is about one: where each stands, and its first and last line.
   * @param withHead whether its decorators and the comment above it belong to it: the code has some of its own
   */
  definitions(named: readonly Named[], withHead: boolean): FoundDefinition[] {
    const [wanted, ...others] = named;
    if (wanted === undefined || others.length > 0) return [];
    return this.lines.flatMap((text, line): FoundDefinition[] => {
      const own = definitionOf(text);
      if (own?.keyword !== wanted.keyword || own.name !== wanted.name) return [];
      const last = this.knownEnd(line, wanted.name) ?? this.blockEnd(line);
      return [{ line, range: [withHead ? this.headOf(line) : line, last] }];
    });
  }

  /** `first` to `last` become `lines`, indented as the first of them was. */
  replace(first: number, last: number, lines: readonly string[]): TextEdit {
    const offset = this.starts[first]!;
    const deleted = this.starts[last]! + this.lines[last]!.length - offset;
    return { offset, deleted, inserted: this.indented(lines, first) };
  }

  insertAfter(line: number, lines: readonly string[]): TextEdit {
    const offset = this.starts[line]! + this.lines[line]!.length;
    return { offset, deleted: 0, inserted: `${this.lineEnd}${this.indented(lines, line)}` };
  }

  /** Where the decorators, attributes and comments directly above a definition begin. */
  private headOf(definition: number): number {
    const indent = indentOf(this.lines[definition]!);
    let first = definition;
    while (first > 0 && HEAD_LINE.test(this.lines[first - 1]!) && indentOf(this.lines[first - 1]!).startsWith(indent))
      first--;
    return first;
  }

  /** Of the nearest line above that is indented less and begins a definition. */
  private nameAround(line: number): string | undefined {
    let indent = indentOf(this.lines[line]!).length;
    for (let above = line - 1; above >= 0 && indent > 0; above--) {
      const text = this.lines[above]!;
      if (isBlank(text) || indentOf(text).length >= indent) continue;
      indent = indentOf(text).length;
      const name = definitionOf(text)?.name;
      if (name !== undefined) return name;
    }
    return undefined;
  }

  private knownEnd(first: number, name: string): number | undefined {
    const line = first + 1;
    const around = this.known.filter((one) => one.name === name && one.startLine <= line && line <= one.endLine);
    return around.length === 0 ? undefined : Math.min(...around.map(({ endLine }) => endLine)) - 1;
  }

  /** Lines that are indented deeper, and what opens and closes the block. */
  private blockEnd(first: number): number {
    const indent = indentOf(this.lines[first]!).length;
    let end = first;
    for (let line = first + 1; line < this.lines.length; line++) {
      if (this.isBlank(line)) continue;
      const text = this.lines[line]!;
      const isLevel = indentOf(text).length === indent;
      const closes = isLevel && CLOSING_LINE.test(text);
      if (indentOf(text).length <= indent && !closes && !(isLevel && OPENING_LINE.test(text))) break;
      end = line;
      // `) {` and `) -> int:` go on, and so does `)` before a brace of its own; `}` alone is the end.
      const goesOn = /[({[:]\s*$/.test(text) || (/^\s*\)/.test(text) && OPENING_LINE.test(this.lines[line + 1] ?? ""));
      if (closes && !goesOn) break;
    }
    return end;
  }

  private indented(lines: readonly string[], like: number): string {
    const indent = indentOf(this.lines[like]!);
    return lines.map((line) => (isBlank(line) ? "" : indent + line)).join(this.lineEnd);
  }
}

const HEAD_LINE = /^\s*(?:@|#[\s[!]|\/\/|\/\*|\*)/;
const OPENING_LINE = /^\s*(?:\{|where\b)/;
/** Also Ruby's, Lua's and Elixir's `end`. */
const CLOSING_LINE = /^\s*(?:[)\]}>]|end[;,)]*\s*$)/;
