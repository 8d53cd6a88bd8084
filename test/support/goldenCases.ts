// Reads test/golden/filters: cases that a person writes without code. Its README says how.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface FilterCase {
  readonly file: string;
  readonly title: string;
  readonly languageId: string;
  readonly multiline: boolean;
  /** Whether the model was stopped by the token limit. */
  readonly isCutOff: boolean;
  readonly prefix: string;
  readonly suffix: string;
  /** What the model wrote. */
  readonly raw: string;
  /** What should be offered. */
  readonly expected: string;
}

export function readFilterCases(folder: string): FilterCase[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  return files.sort().flatMap((file) => {
    const cases = readFileSync(join(folder, file), "utf8").split(/^=== /m).slice(1);
    return cases.map((text) => parseCase(file, text));
  });
}

function parseCase(file: string, text: string): FilterCase {
  const match =
    /^(?<title>.*)\n(?<head>[\s\S]*?)--- document\n(?<document>[\s\S]*?)\n--- expected\n(?<expected>[\s\S]*?)\n*$/.exec(
      text,
    );
  if (!match?.groups) throw new Error(`${file}: a case has no "--- document" or no "--- expected":\n${text}`);
  const { title, head, document, expected } = match.groups as Record<
    "title" | "head" | "document" | "expected",
    string
  >;
  const given = splitAtMarks(`${file}: ${title}`, document);
  const wanted = splitAtMarks(`${file}: ${title}`, expected);
  if (given.prefix !== wanted.prefix || given.suffix !== wanted.suffix) {
    throw new Error(`${file}: ${title}: document and expected differ outside of the marks`);
  }
  return {
    file,
    title,
    languageId: /^language: *(\S+)/m.exec(head)?.[1] ?? "plaintext",
    multiline: !/^multiline: *false/m.test(head),
    isCutOff: /^cut off: *true/m.test(head),
    prefix: given.prefix,
    suffix: given.suffix,
    raw: given.completion,
    expected: wanted.completion,
  };
}

function splitAtMarks(where: string, text: string): { prefix: string; completion: string; suffix: string } {
  const parts = text.replaceAll("→", "\t").replaceAll("·", " ").replaceAll("␍", "\r").split(/[├┤]/);
  const [prefix, completion, suffix] = parts;
  if (parts.length !== 3) throw new Error(`${where}: needs one ├ and one ┤`);
  return { prefix: prefix!, completion: completion!, suffix: suffix! };
}
