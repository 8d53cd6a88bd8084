// Results of many tasks as one row for each group.

import type { Result, SpanResult, TextResult } from "./measure";
import { formatTable, sum } from "./table";
import { groupOf, kindOf, partsBy } from "./taskId";

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
  const texts = results.filter((result) => result.kind === "text");
  const spans = results.filter((result) => result.kind === "span");
  return {
    ...(texts.length > 0 && { text: rows(texts, textRow) }),
    ...(spans.length > 0 && { span: rows(spans, spanRow), spanKinds: kindRows(spans) }),
  };
}

/** The summary as a table for people. */
export function formatSummary({ text = [], span = [], spanKinds = [] }: Summary): string {
  const texts = text.map((row) => [row.group, row.tasks, row.bytes, row.bitsPerByte.toFixed(4)]);
  const spans = [...span, ...spanKinds].map(({ group, tasks, exact, shown, shownExact, similarity, medianMs }) => {
    return [group, tasks, exact, shown, shownExact, similarity.toFixed(3), Math.round(medianMs)];
  });
  const spanHead = ["span", "tasks", "exact", "unasked", "exact of these", "similarity", "median ms"];
  return [
    ...(texts.length > 0 ? [formatTable(["text", "tasks", "bytes", "bits a byte"], texts)] : []),
    ...(spans.length > 0 ? [formatTable(spanHead, spans)] : []),
  ].join("\n");
}

function rows<R extends Result, Row>(results: readonly R[], row: (group: string, part: readonly R[]) => Row): Row[] {
  return [...partsBy(results, groupOf).map(([group, part]) => row(group, part)), row("all", results)];
}

function kindRows(results: readonly SpanResult[]): SpanRow[] {
  const rows = partsBy(results, kindOf).map(([kind, part]) => spanRow(kind, part));
  const single = results.filter((result) => SINGLE_LINE.includes(kindOf(result)));
  return new Set(single.map(kindOf)).size > 1 ? [...rows, spanRow("single line", single)] : rows;
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
