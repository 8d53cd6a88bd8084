// The code alone of a file in which it stands between other text: at its own offsets and lines, with blanks for the rest.

/** A tag with `<` in an attribute has it in quotes. */
const SCRIPT_TAG = /<(\/?)script\b(?:[^<>"']|"[^"]*"|'[^']*')*>/gi;
const FRONT_MATTER = /^\s*---[^\S\n]*\n([\s\S]*?\n)---/d;

const CLASS_MACRO = /\b((?:class|struct)\s+)([A-Z][A-Z0-9_]+)(?=\s+\w+(?:\s+final)?\s*[:{])/g;

/** What stands in `<script>`, as in Vue's and Svelte's components. */
export function scripts(text: string): string {
  let code = "";
  let start: number | undefined;
  for (const { 0: tag, 1: slash, index } of text.matchAll(SCRIPT_TAG)) {
    if (tag.endsWith("/>")) continue; // Its code is in another file.
    if (start === undefined && slash === "") {
      start = index + tag.length;
      code += blank(text.slice(code.length, start));
    } else if (start !== undefined && slash !== "") {
      code += text.slice(start, index);
      start = undefined;
    }
  }
  const rest = text.slice(code.length);
  return code + (start === undefined ? blank(rest) : rest);
}

/** Astro's components begin with code between two lines of dashes. */
export function frontMatterAndScripts(text: string): string {
  const [start, end] = FRONT_MATTER.exec(text)?.indices?.[1] ?? [0, 0];
  return blank(text.slice(0, start)) + text.slice(start, end) + scripts(text.slice(end));
}

/** C++'s `class API_EXPORT Foo : Bar {` without the macro, with which a grammar reads it as a function. */
export function withoutClassMacros(text: string): string {
  return text.replace(CLASS_MACRO, (_, start: string, macro: string) => start + blank(macro));
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}
