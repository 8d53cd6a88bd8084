// Results of many tasks as one row for each group.

import type { Result, SpanResult, TextResult } from "./measure";
import { formatTable, sum } from "./table";
import { groupOf, kindOf } from "./taskId";

export interface TextRow {
  readonly group: string;
  readonly tasks: number;
  readonly bytes: number;
  readonly bitsPerByte: number;
}

export interface SpanRow {
  readonly group: string;
  readonly tasks: number;
  readonly exact: number;
  /** Those that an editor shows without being asked, and how many of these are exact. */
  readonly shown: number;
  readonly shownExact: number;
  /** The mean over the tasks. */
  readonly similarity: number;
  /** What half of the tasks take at most. */
  readonly medianMs: number;
}

export interface Summary {
  /** One row a group in the order of the tasks, and the last for all of them; absent when there are none. */
  readonly text?: readonly TextRow[];
  readonly span?: readonly SpanRow[];
  /** The same tasks by kind, as the ids name it (`word` in `python-word-1`), and those within one line together. */
  readonly spanKinds?: readonly SpanRow[];
}

/** Kinds of spans that end with their line. */
const SINGLE_LINE = ["rest", "word", "line"];

export function summarize(results: readonly Result[]): Summary {
  const text = rows(
    results.filter((result) => result.kind === "text"),
    textRow,
  );
  const span = rows(
    results.filter((result) => result.kind === "span"),
    spanRow,
  );
  const spanKinds = kindRows(results.filter((result) => result.kind === "span"));
  return {
    ...(text.length > 0 && { text }),
    ...(span.length > 0 && { span }),
    ...(spanKinds.length > 0 && { spanKinds }),
  };
}

/** The summary as a table for people. */
export function formatSummary({ text, span, spanKinds = [] }: Summary): string {
  const tables: string[] = [];
  if (text !== undefined) {
    tables.push(
      formatTable(
        ["text", "tasks", "bytes", "bits a byte"],
        text.map((row) => [row.group, row.tasks, row.bytes, row.bitsPerByte.toFixed(4)]),
      ),
    );
  }
  if (span !== undefined) {
    tables.push(
      formatTable(
        ["span", "tasks", "exact", "unasked", "exact of these", "similarity", "median ms"],
        [...span, ...spanKinds].map((row) => [
          row.group,
          row.tasks,
          row.exact,
          row.shown,
          row.shownExact,
          row.similarity.toFixed(3),
          Math.round(row.medianMs),
        ]),
      ),
    );
  }
  return tables.join("\n");
}

function rows<R extends Result, Row>(results: readonly R[], row: (group: string, part: readonly R[]) => Row): Row[] {
  if (results.length === 0) return [];
  const groups = new Set(results.map(groupOf));
  const parts = [...groups].map((group) =>
    row(
      group,
      results.filter((result) => groupOf(result) === group),
    ),
  );
  return [...parts, row("all", results)];
}

function kindRows(results: readonly SpanResult[]): SpanRow[] {
  const kinds = [...new Set(results.map(kindOf))];
  const rowOf = (group: string, of: readonly string[]) =>
    spanRow(
      group,
      results.filter((result) => of.includes(kindOf(result))),
    );
  const single = kinds.filter((kind) => SINGLE_LINE.includes(kind));
  return [...kinds.map((kind) => rowOf(kind, [kind])), ...(single.length > 1 ? [rowOf("single line", single)] : [])];
}

function textRow(group: string, results: readonly TextResult[]): TextRow {
  const bytes = sum(results.map((result) => result.bytes));
  const bitsPerByte = sum(results.map((result) => result.bits)) / bytes;
  return { group, tasks: results.length, bytes, bitsPerByte };
}

function spanRow(group: string, results: readonly SpanResult[]): SpanRow {
  const shown = results.filter(({ completion, isUnsure }) => completion !== "" && isUnsure !== true);
  const times = results.map((result) => result.ms).sort((a, b) => a - b);
  return {
    group,
    tasks: results.length,
    exact: results.filter((result) => result.exact).length,
    shown: shown.length,
    shownExact: shown.filter((result) => result.exact).length,
    similarity: sum(results.map((result) => result.similarity)) / results.length,
    medianMs: times[Math.floor((times.length - 1) / 2)]!,
  };
}
