// Reads test/golden/filters: cases that a person writes without code. Its README says how.

import type { Ending } from "../../src/text/filters";
import { literalMarksOf } from "../../src/text/filters/literalMarks";
import { type GoldenCase, readGoldenCases, section } from "./goldenCases";

export interface FilterCase extends MarkedTexts {
  readonly multiline: boolean;
  readonly ending: Ending;
  /** Whether the model knows a file's path by a comment above it. */
  readonly hasPathComments: boolean;
  readonly literalMarks: readonly string[];
}

/** A document in which is marked what the model wrote. */
export interface MarkedTexts {
  readonly file: string;
  readonly title: string;
  readonly prefix: string;
  readonly suffix: string;
  /** What the model wrote. */
  readonly raw: string;
  /** What should be offered. */
  readonly expected: string;
}

const FORM = {
  heads: ["language", "multiline", "cut off", "cut short", "path comments"],
  sections: ["document", "expected"],
};

export function readFilterCases(folder: string): FilterCase[] {
  return readGoldenCases(folder, FORM).map(filterCase);
}

function filterCase(golden: GoldenCase): FilterCase {
  const { head } = golden;
  return {
    ...markedTexts(golden),
    multiline: head.multiline !== "false",
    ending: head["cut short"] === "true" ? "cut short" : head["cut off"] === "true" ? "cut off" : "whole",
    hasPathComments: head["path comments"] === "true",
    literalMarks: literalMarksOf(undefined, head.language ?? ""),
  };
}

/** Of a case with a document as it is given, and as it is expected. */
export function markedTexts(golden: GoldenCase): MarkedTexts {
  const { file, title } = golden;
  const given = splitAtMarks(`${file}: ${title}`, section(golden, "document"));
  const wanted = splitAtMarks(`${file}: ${title}`, section(golden, "expected"));
  if (given.prefix !== wanted.prefix || given.suffix !== wanted.suffix) {
    throw new Error(`${file}: ${title}: document and expected differ outside of the marks`);
  }
  const { prefix, suffix, completion: raw } = given;
  return { file, title, prefix, suffix, raw, expected: wanted.completion };
}

function splitAtMarks(where: string, text: string): { prefix: string; completion: string; suffix: string } {
  const parts = text.replaceAll("→", "\t").replaceAll("·", " ").replaceAll("␍", "\r").split(/[├┤]/);
  const [prefix, completion, suffix] = parts;
  if (parts.length !== 3) throw new Error(`${where}: needs one ├ and one ┤`);
  return { prefix: prefix!, completion: completion!, suffix: suffix! };
}
