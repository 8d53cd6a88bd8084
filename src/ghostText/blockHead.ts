// Does a block follow the line before the cursor? A guess from that line alone, for any language.

/** Ends in something that a block follows. After `(` and `[` the rest of the line is what is wanted first. */
const OPENING_END = /(?:[{:]|=>|->|\b(?:then|do|else|begin))\s*$/;
/** The parameters of a block: `rows.each do |row|` in Ruby, `users.map { user in` in Swift, but not `{x for x in`. */
const PARAMETERS_END = /(?:\bdo\s*\|[^|]*\||\{(?![^{}]*\bfor\b)[^{}()]*(?:\([^()]*\)[^{}()]*)?\bin)\s*$/;

/** Opens a docstring or a comment of several lines: `"""`, `/**`. */
const DOCUMENTATION_BEGINNING = /^\s*(?:r?(?:"""|''')|\/\*\*)\s*$/;

/** Longer lines are data. */
const LONGEST_HEAD = 300;

const BRACKETS = String.raw`\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)`;
/** No value, and no `{`. */
const REST = `(?:[^=;(){}]|${BRACKETS})*`;
const MODIFIER =
  "(?:abstract|async|data|default|export|final|inline|internal|local|open|override|private|protected|pub|public|sealed|static|suspend|unsafe)";
const DEFINITION = "(?:class|def|fn|fun|func|function|interface|module|namespace|trait)";
/** A statement that looks like a function with a type: `return list(map(int, row))`. */
const STATEMENT =
  "(?:assert|await|case|defer|delete|del|echo|else|from|goto|go|import|in|new|not|print|puts|raise|return|throw|try|typeof|type|yield)";
const TYPE = String.raw`[A-Za-z_](?:[\w<>[\],.?*&]|::)*`;
/** `()`, `(void)`, `(int a, int b)`, `(a: string)`; in a call there is seldom a word behind another. */
const TYPED_PARAMETERS = String.raw`\((?:\s*|void|[^()"'\x60]*[\w>\]?:][*&]*\s+[*&]*\w[^()"'\x60]*)\)`;

/** Heads whose block may begin on the next line: in Ruby, in Lua, and where `{` has a line of its own. */
const HEADS = [
  // `def total`, `class User < Person`, `fun sum(values: List<Int>): Int`; not `def stop; end`, which is all of it.
  String.raw`^\s*(?:${MODIFIER}\s+)*${DEFINITION}\s+[\w.:?!$]*(?:\s*(?=[<[(:-]|(?:extends|implements|where)\b)${REST})?(?<!\bend|\.\.\.)$`,
  // `sort(rows, function (a, b)`
  String.raw`(?<![.\w$])function\b\s*[\w.:$]*\s*${BRACKETS}$`,
  // `if (x > high)`, `} else if (x < low)`; not `} while (x)`
  String.raw`^\s*(?:\}\s*(?=else|catch))?(?:else\s+)?(?:(?:if|while|for|foreach|switch|catch)\s*|(?:using|lock|synchronized)\s+)${BRACKETS}$`,
  // `public int Add(int a, int b)`, `static void *find(void)`
  String.raw`^\s*(?!${STATEMENT}\b)(?:${TYPE}\s+)+[*&]*(?!func\b)(?:\w|::~?)+${TYPED_PARAMETERS}$`,
].map((pattern) => new RegExp(pattern));

/** `isAtLineEnd` tells that nothing follows the cursor: only then a head can go without its `{` or `:`. */
export function opensBlock(lineBefore: string, isAtLineEnd: boolean): boolean {
  if (OPENING_END.test(lineBefore) || PARAMETERS_END.test(lineBefore)) return true;
  if (DOCUMENTATION_BEGINNING.test(lineBefore)) return true;
  if (!isAtLineEnd || lineBefore.length > LONGEST_HEAD) return false;
  const head = lineBefore.trimEnd();
  return HEADS.some((pattern) => pattern.test(head));
}
