// Reads golden files made of titled cases with sections, as test/golden/chat and test/golden/citations have them:
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
  const files = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  return files.sort().flatMap((file) => {
    const cases = readFileSync(join(folder, file), "utf8").split(/^=== /m).slice(1);
    return cases.map((text) => parseCase(file, text));
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
