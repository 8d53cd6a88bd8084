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

export function readGoldenCases(folder: string): GoldenCase[] {
  return readGoldenTexts(folder).map(({ file, text }) => parseCase(file, text));
}

/** What stands below each "=== ", with the rest of that line, in a folder's files. */
export function readGoldenTexts(folder: string): { readonly file: string; readonly text: string }[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  return files.sort().flatMap((file) => {
    const texts = readFileSync(join(folder, file), "utf8").split(/^=== /m).slice(1);
    return texts.map((text) => ({ file, text }));
  });
}

/** The text of the one section of that name. */
export function section({ file, title, sections }: GoldenCase, name: string): string {
  const found = sections.filter((one) => one.name === name);
  if (found.length !== 1) throw new Error(`${file}: ${title}: needs one "--- ${name}"`);
  return found[0]!.text;
}

function parseCase(file: string, text: string): GoldenCase {
  const [top, ...parts] = text.split(/^--- /m);
  const [title, ...headLines] = top!.trimEnd().split("\n");
  const head = headLines.map((line) => /^(\w[\w ]*): *(.*)$/.exec(line)?.slice(1, 3) ?? [line, ""]);
  const sections = parts.map((part) => {
    const end = part.indexOf("\n");
    return { name: part.slice(0, end).trim(), text: part.slice(end + 1).replace(/\n+$/, "") };
  });
  return { file, title: title!, head: Object.fromEntries(head), sections };
}
