// What types the names near the cursor may have, and what stands before the dot. Patterns over the text, in no
// language in particular: a wrong guess costs a few signatures.

import { isBlank } from "../../text/lines";
import { addTo } from "./setsByKey";

/** Further up no chain of calls begins, and looking through one long word takes time by its square. */
const LONGEST_ACCESS = 400;

/** `line.`, `pkg::`, `item->na`: what the cursor is completing a member of. A chain of calls may go on in the next line. */
export function receiverAt(prefix: string): string | undefined {
  return /([\p{L}_$][\p{L}\p{N}_$]*)(?:\((?:[^()]|\([^()]*\))*\)|\[[^[\]]*\])?(?:\s*\n\s*)?(?:\?\.|!?\.|->|::)[\p{L}\p{N}_$]*$/u.exec(
    prefix.slice(-LONGEST_ACCESS),
  )?.[1];
}

/** Before the cursor; further up, other functions call other things the same. */
export const NEAR_CHARACTERS = 3_000;

/** Variable → names that may be its type. */
export function typesOfVariables(text: string): Map<string, Set<string>> {
  const types = new Map<string, Set<string>>();
  for (const [pattern, variable, type] of PATTERNS) {
    for (const match of text.matchAll(pattern)) addTo(types, match[variable]!, match[type]!);
  }
  return types;
}

/** Functions whose result the variable is: `variable = a.make(…)`. */
export function callsAssigned(text: string, variable: string): string[] {
  const pattern =
    /([\p{L}_$][\p{L}\p{N}_$]*)(?:\s*,\s*\w+)?\s*:?=\s*(?:await\s+|try\s+)?(?:[\w$]+(?:\.|::|->|\(\)\.))*([\p{L}_$][\w$]*)\(/gu;
  const calls = [...text.slice(-NEAR_CHARACTERS).matchAll(pattern)];
  return calls.filter(([, name]) => name === variable).map(([, , call]) => call!);
}

/** What a method calls its own object. Go has no word for it, but a habit. */
export function isSelf(receiver: string): boolean {
  return /^(self|\$?this|super|cls|Self|static|parent)$/.test(receiver);
}

/** The class that begins in a line, and the classes that it comes from. */
export function typesInClassHeader(line: string): string[] {
  return typesIn(/^[ \t]*(?:[\w@]+[ \t]+)*(?:class|struct|impl|interface)\b([^{]*)/.exec(line)?.[1] ?? "");
}

/** Such a line ends no class, be it as far left as the class's own first line: `{`, `public:`, `#ifdef`, a comment. */
const ENDS_NOTHING = /^\s*(?:\{|#|\/\/|\w+:(?!:))/;

/** The line with the header of the innermost class that is not closed before the text ends, by its indentation; -1 if there is none. */
export function openClassHeader(lines: readonly string[]): number {
  let least = Number.POSITIVE_INFINITY;
  return lines.findLastIndex((line) => {
    if (isBlank(line)) return false;
    const indent = line.search(/\S/);
    if (indent < least && typesInClassHeader(line).length > 0) return true;
    if (!ENDS_NOTHING.test(line)) least = Math.min(least, indent);
    return false;
  });
}

export function typesIn(signature: string): string[] {
  return signature.match(/[A-Z][\p{L}\p{N}_$]*/gu) ?? [];
}

/** Each with the numbers of its groups: the variable's and the type's. */
const PATTERNS: readonly (readonly [RegExp, number, number])[] = [
  // item: Item, item: &mut Item, item: list[Item], item?: a.Item
  [/([\p{L}_$][\w$]*)\??\s*:\s*[&*]?(?:mut\s+|readonly\s+)?(?:\w+[[<.]|\w+::)*([A-Z][\w$]*)/gu, 1, 2],
  // item = Item(, item := &Item{, item = new a.Item<
  [/([\p{L}_$][\w$]*)\s*:?=\s*(?:await\s+)?(?:new\s+|&)?(?:\w+(?:\.|::))*([A-Z][\w$]*)\s*(?:[({<]|::|\.\w+\()/gu, 1, 2],
  // Item item, Item<T> *item, const Item& item, Item $item
  [/\b([A-Z][\w$]*)(?:<[^<>]*>)?(?:\[\])?\s*[*&]?\s*((?:\$|\b)[a-z_][\w$]*)\s*[=;,):]/g, 2, 1],
  // item *Item, item a.Item
  [/\b([a-z_]\w*)\s+\*?(?:\[\])?\*?(?:\w+\.)?([A-Z]\w*)\b/g, 1, 2],
  // item_t *item, struct item *item, item_t item
  [/\b([a-z_]\w*)\s*[*&]*\s*\b([a-z_]\w*)\s*[=;,)]/g, 2, 1],
  // item *item, item item, where the next variable follows
  [/\b([a-z_]\w*)(?=\s+(?:\[\])?\*?(?:\w+\.)?([a-z]\w*)\s*[,)\n])/g, 1, 2],
  // item := item{, item = &item{
  [/\b([a-z_]\w*)\s*:?=\s*&?([a-z]\w*)\{/g, 1, 2],
];
