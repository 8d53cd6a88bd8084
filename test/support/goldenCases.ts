// Reads the files of test/golden, which are made of titled cases with sections; each folder's README says which:
//
//   === what the case shows
//   key: value
//   --- section
//   its text

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface GoldenCase {
  readonly file: string;
  readonly title: string;
  readonly head: Readonly<Record<string, string>>;
  /** In order; a name may come again. */
  readonly sections: readonly { readonly name: string; readonly text: string }[];
}

/** What a folder's cases may have; of a section's name, the first word. */
export interface GoldenForm {
  readonly heads: readonly string[];
  readonly sections: readonly string[];
}

/** Throws at what the folder's form does not know: it would be no part of the test. */
export function readGoldenCases(folder: string, form: GoldenForm): GoldenCase[] {
  return readGoldenTexts(folder).map(({ file, text }) => parseCase(file, text, form));
}

/** What stands below each "=== ", with the rest of that line, in a folder's files. */
export function readGoldenTexts(folder: string): { readonly file: string; readonly text: string }[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  return files.sort().flatMap((file) => textsOf(file, readFileSync(join(folder, file), "utf8")));
}

export function textsOf(file: string, content: string): { readonly file: string; readonly text: string }[] {
  const [above, ...texts] = content.split(/^=== /m);
  if (texts.length === 0) throw new Error(`${file}: has no case; each begins with "=== "`);
  if (above!.trim() !== "") throw new Error(`${file}: has text above its first case: ${above!.trim()}`);
  const notBegun = texts.find((text) => /^===[^= \n]/m.test(text));
  if (notBegun !== undefined) throw new Error(`${file}: has "===" without a blank behind it:\n${notBegun}`);
  return texts.map((text) => ({ file, text }));
}

/** What stands behind a key at the top of the case. */
export function headOf({ file, title, head }: GoldenCase, key: string): string {
  const found = head[key];
  if (found === undefined) throw new Error(`${file}: ${title}: needs "${key}:"`);
  return found;
}

/** The text of the one section of that name. */
export function section({ file, title, sections }: GoldenCase, name: string): string {
  const found = sections.filter((one) => one.name === name);
  if (found.length !== 1) throw new Error(`${file}: ${title}: needs one "--- ${name}"`);
  return found[0]!.text;
}

export function parseCase(file: string, text: string, form: GoldenForm): GoldenCase {
  const [top, ...parts] = text.split(/^--- /m);
  const [title, ...headLines] = top!.trimEnd().split("\n");
  const head = headLines.map((line) => /^(\w[\w ]*): *(.*)$/.exec(line)?.slice(1, 3) ?? [line]);
  const sections = parts.map((part) => {
    const end = part.indexOf("\n");
    return { name: part.slice(0, end).trim(), text: part.slice(end + 1).replace(/\n+$/, "") };
  });
  const unknown =
    head.find(([key, value]) => value === undefined || !form.heads.includes(key!))?.[0] ??
    sections.find(({ name }) => !form.sections.includes(name.split(" ")[0]!))?.name;
  if (unknown !== undefined) throw new Error(`${file}: ${title}: knows no "${unknown}"`);
  return { file, title: title!, head: Object.fromEntries(head), sections };
}
