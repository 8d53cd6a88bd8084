// Strings and comments, as far as languages agree on them: brackets and lines in them are none of the code's.

export interface Literal {
  readonly start: number;
  /** Behind its closing mark; the text's end when that is missing. */
  readonly end: number;
  readonly isClosed: boolean;
  readonly isMultilineString: boolean;
}

/**
 * A comment line, a mark that opens several lines, or a string of one line. A quote without another is an apostrophe. `#name`,
 * `#[` and `--name` are code in some languages, and so is what a backslash escapes.
 */
const LITERAL =
  /\\.|(?:^|\n)[ \t]*(?:\/\/|#(?![\w[])|--(?!\w)|\*(?=[\s/]))[^\n]*|"""|'''|`|(?<!\S)\/\*|"(?:\\.|[^\\"\n])*"|'(?:\\.|[^\\'\n])*'/g;
const CLOSING_MARK: Readonly<Record<string, string>> = { '"""': '"""', "'''": "'''", "`": "`", "/*": "*/" };

export function literalsOf(code: string): Literal[] {
  const literals: Literal[] = [];
  const pattern = new RegExp(LITERAL);
  for (let match = pattern.exec(code); match !== null; match = pattern.exec(code)) {
    if (match[0].startsWith("\\")) continue;
    const mark = CLOSING_MARK[match[0]];
    const closed = mark === undefined ? pattern.lastIndex : endOf(mark, code, pattern.lastIndex);
    const end = closed ?? code.length;
    const isMultilineString = mark !== undefined && mark !== "*/";
    literals.push({ start: match.index, end, isClosed: closed !== undefined, isMultilineString });
    pattern.lastIndex = end;
  }
  return literals;
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
