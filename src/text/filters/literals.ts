// Strings and comments, as far as languages agree on them: brackets and lines in them are none of the code's.

export interface Literal {
  /** Where its opening mark begins: before `start` where the rest of the mark's line is still code. */
  readonly mark: number;
  readonly start: number;
  /** Behind its closing mark; the text's end when that is missing. */
  readonly end: number;
  readonly isClosed: boolean;
  readonly isMultilineString: boolean;
  /** Whether its opening mark can hardly be anything else. */
  readonly isSure: boolean;
}

/**
 * A comment line, a mark that opens several lines, or a string of one line. A quote without another is an apostrophe. `#name`,
 * `#[` and `--name` are code in some languages, and so is what a backslash escapes.
 */
const PLAIN_LITERAL =
  /\\.|(?:^|\n)[ \t]*(?:\/\/|#(?![\w[])|--(?!\w)|\*(?=[\s/]))[^\n]*|"""|'''|`|(?<!\S)\/\*|"(?:\\.|[^\\"\n])*"|'(?:\\.|[^\\'\n])*'/g;
export const CLOSING_MARK: Readonly<Record<string, string>> = { '"""': '"""', "'''": "'''", "`": "`", "/*": "*/" };
/** A string whose end is told by its beginning, in C++ and in Rust. */
const RAW_STRING = /\bR"(?<name>\w*)\(|\bb?r(?<hashes>#+)"/;
/**
 * Lines up to one with the same word, in shells, PHP and Ruby. Behind `<<-` and `<<~` no statement may end; `<<<` has to end its
 * line, and `<<` to stand behind a blank and before nothing but what reads the lines: other languages shift numbers by it.
 */
const HEREDOC =
  /(?<!<)<<(?:<[ \t]*(?=["']?\w+["']?[ \t]*(?:\n|$))|[-~](?=[^;\n]*(?:\n|$))|(?<=(?:\s|^)<<)(?=["']?\w+["']?[ \t]*(?:[|>][^\n]*)?(?:\n|$))|(?<=(?:\s|^)<<)[ \t]+(?=["']?EO\w*["']?[ \t]*(?:[|>][^\n]*)?(?:\n|$)))(?<quote>["']?)(?<word>[A-Z_]\w*)\k<quote>/;
/** Where the word could as well be a number to shift by, it is not. */
const SURE_HEREDOC = /^<<(?:[-~<]|[ \t]*(?:["']|EO))/;
const LITERAL = new RegExp([PLAIN_LITERAL, RAW_STRING, HEREDOC].map(({ source }) => source).join("|"), "g");

export function literalsOf(code: string): Literal[] {
  const literals: Literal[] = [];
  const pattern = new RegExp(LITERAL);
  for (let match = pattern.exec(code); match !== null; match = pattern.exec(code)) {
    const literal = literalAt(match, code);
    if (literal === undefined) continue;
    literals.push(literal);
    pattern.lastIndex = literal.end;
  }
  return literals;
}

function literalAt({ 0: mark, index: start, groups }: RegExpExecArray, code: string): Literal | undefined {
  const behind = start + mark.length;
  const { name, hashes, word } = groups!;
  if (mark.startsWith("\\")) return undefined;
  if (word !== undefined) {
    // What stands behind the mark is still code.
    const lineEnd = code.indexOf("\n", behind);
    if (lineEnd === -1) return undefined;
    const last = new RegExp(`\\n[ \\t]*${word}(?!\\w)`).exec(code.slice(lineEnd));
    const end = last === null ? undefined : lineEnd + last.index + last[0].length;
    return { ...multiline(start, end, code, SURE_HEREDOC.test(mark)), start: lineEnd };
  }
  const raw = name !== undefined ? `)${name}"` : hashes !== undefined ? `"${hashes}` : undefined;
  if (raw !== undefined) {
    const at = code.indexOf(raw, behind);
    return multiline(start, at === -1 ? undefined : at + raw.length, code, true);
  }
  const closing = CLOSING_MARK[mark];
  if (closing === undefined)
    return { mark: start, start, end: behind, isClosed: true, isMultilineString: false, isSure: true };
  return { ...multiline(start, endOf(closing, code, behind), code, false), isMultilineString: closing !== "*/" };
}

function multiline(start: number, end: number | undefined, code: string, isSure: boolean): Literal {
  return { mark: start, start, end: end ?? code.length, isClosed: end !== undefined, isMultilineString: true, isSure };
}

function endOf(mark: string, code: string, from: number): number | undefined {
  if (mark === "`") return endOfTemplate(code, from);
  for (let at = code.indexOf(mark, from); at !== -1; at = code.indexOf(mark, at + 1)) {
    if (code[at - 1] !== "\\") return at + mark.length;
  }
  return undefined;
}

/** The code in a string in backticks may have such strings, too. */
function endOfTemplate(code: string, from: number): number | undefined {
  const open = ["`"];
  for (let at = from; at < code.length; at++) {
    const character = code[at]!;
    const isCode = open.at(-1) === "{";
    if (character === "\\") at++;
    else if (character === "`" && isCode) open.push(character);
    else if (character === "`") open.pop();
    else if (character === "}" && isCode) open.pop();
    else if (character === "{" && (isCode || code[at - 1] === "$")) open.push(character);
    if (open.length === 0) return at + 1;
  }
  return undefined;
}
