// The same tasks under several conditions, side by side, and each condition against the first.

import type { Result, SpanResult, TextResult } from "./measure";
import { formatTable, sum } from "./table";
import { groupOf, kindOf, partsBy } from "./taskId";

export interface Comparison {
  /** As the ids name it: `python-elsewhere-3`. */
  readonly kind: string;
  readonly conditions: readonly string[];
  /** By language, and the last for all. */
  readonly rows: readonly ComparedRow[];
}

export interface ComparedRow {
  readonly group: string;
  readonly tasks: number;
  /** One for each condition. */
  readonly measured: readonly Measured[];
}

export interface Measured {
  /** Text: over all bytes. */
  readonly bitsPerByte?: number;
  /** Span: shares of the tasks, and the mean. */
  readonly exact?: number;
  readonly named?: number;
  readonly similarity?: number;
  /** Tasks that went on from the trunk's state. */
  readonly onTrunk: number;
  /** Tasks in which it is better, or worse, than the first condition. */
  readonly better: number;
  readonly worse: number;
}

/** Results that name their conditions, in any order. */
export function compare(results: readonly Result[]): Comparison[] {
  const conditions = [...new Set(results.map(({ condition }) => condition!))];
  return partsBy(results, kindOf).map(([kind, ofKind]) => {
    const groups = [...partsBy(ofKind, groupOf), ["all", ofKind] as const];
    return { kind, conditions, rows: groups.map(([group, part]) => rowOf(group, part, conditions)) };
  });
}

/** As tables for people. */
export function formatComparison(comparisons: readonly Comparison[]): string {
  return comparisons.map(formatOne).join("\n");
}

function formatOne({ kind, conditions, rows }: Comparison): string {
  const all = rows.at(-1)!;
  const isText = all.measured[0]!.bitsPerByte !== undefined;
  // Of two conditions also what one is worth in each language.
  const hasRatio = isText && conditions.length === 2;
  const line = (label: string, cell: (measured: Measured) => string) => [
    label,
    "",
    ...all.measured.map(cell),
    ...(hasRatio ? [""] : []),
  ];
  const main = (measured: Measured) => (isText ? measured.bitsPerByte!.toFixed(4) : percent(measured.exact!));
  const first = all.measured[0]!;
  const change = (measured: Measured) => {
    if (measured === first) return "";
    return isText
      ? signed((measured.bitsPerByte! / first.bitsPerByte! - 1) * 100, " %")
      : signed((measured.exact! - first.exact!) * 100, " points");
  };
  const more = isText
    ? []
    : [
        line("  right name", ({ named }) => percent(named!)),
        line("  similarity", ({ similarity }) => similarity!.toFixed(3)),
      ];
  const ratio = ([a, b]: readonly Measured[]) => (hasRatio ? [(b!.bitsPerByte! / a!.bitsPerByte!).toFixed(3)] : []);
  return formatTable(
    [
      isText ? `${kind}: bits a byte` : `${kind}: exact`,
      "tasks",
      ...conditions,
      ...(hasRatio ? [`${conditions[1]} / ${conditions[0]}`] : []),
    ],
    [
      ...rows.map((row) => [row.group, row.tasks, ...row.measured.map(main), ...ratio(row.measured)]),
      line(`  against ${conditions[0]}`, change),
      line("  better, worse", (measured) => (measured === first ? "" : `${measured.better}, ${measured.worse}`)),
      ...more,
      line("  on the trunk", ({ onTrunk }) => String(onTrunk)),
    ],
  );
}

function rowOf(group: string, results: readonly Result[], conditions: readonly string[]): ComparedRow {
  const of = (name: string) => results.filter(({ condition }) => condition === name);
  const first = new Map(of(conditions[0]!).map((result) => [result.id, result]));
  return { group, tasks: first.size, measured: conditions.map((name) => measuredOf(of(name), first)) };
}

function measuredOf(results: readonly Result[], first: ReadonlyMap<string, Result>): Measured {
  const gains = results.map((result) => merit(result) - merit(first.get(result.id)!));
  const paired = {
    onTrunk: results.filter(({ base }) => base === "trunk").length,
    better: gains.filter((gain) => gain > 0).length,
    worse: gains.filter((gain) => gain < 0).length,
  };
  const spans = results.filter((result): result is SpanResult => result.kind === "span");
  if (spans.length > 0) {
    return {
      exact: spans.filter(({ exact }) => exact).length / spans.length,
      named: spans.filter(({ named }) => named).length / spans.length,
      similarity: sum(spans.map(({ similarity }) => similarity)) / spans.length,
      ...paired,
    };
  }
  const texts = results as readonly TextResult[];
  return { bitsPerByte: sum(texts.map(({ bits }) => bits)) / sum(texts.map(({ bytes }) => bytes)), ...paired };
}

/** More is better. */
function merit(result: Result): number {
  return result.kind === "text" ? -result.bits : Number(result.exact);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function signed(value: number, unit: string): string {
  return `${value > 0 ? "+" : ""}${value.toFixed(1)}${unit}`;
}
