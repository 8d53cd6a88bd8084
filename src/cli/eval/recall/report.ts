// Results of a recall measurement by distance and by position: summed up, as tables, and as curves.

import { drawCurves, type Panel } from "../../bench/drawing";
import { formatTable, sum } from "../table";
import { FACT_KINDS, type FactKind } from "./facts";
import { CONDITIONS, type FactResult, type PositionResult, type RecallCondition, type RecallResult } from "./results";

/** One number for each condition. */
type ByCondition = Readonly<Record<RecallCondition, number>>;

export interface DistanceRow {
  readonly kind: FactKind;
  /** 0: before the facts were told. */
  readonly distance: number;
  readonly facts: number;
  readonly exact: ByCondition;
  /** The bits of the answers, over what they cost before the facts were told; absent until that is measured. */
  readonly bitsRatio?: ByCondition;
}

export interface PositionRow {
  /** The bin ends at twice of it. */
  readonly position: number;
  readonly bytes: number;
  readonly bitsPerByte: ByCondition;
}

export interface RecallSummary {
  readonly distances: readonly DistanceRow[];
  readonly positions: readonly PositionRow[];
}

export function summarizeRecall(results: readonly RecallResult[]): RecallSummary {
  const facts = results.filter((result) => result.kind !== "position");
  const positions = results.filter((result) => result.kind === "position");
  return {
    distances: FACT_KINDS.flatMap((kind) => {
      const ofKind = facts.filter((result) => result.kind === kind);
      return distinct(ofKind.map(({ distance }) => distance)).map((distance) => distanceRow(kind, distance, ofKind));
    }),
    positions: distinct(positions.map(({ position }) => position)).map((position) => positionRow(position, positions)),
  };
}

export function formatRecall({ distances, positions }: RecallSummary): string {
  const names = ["state", "with exact memory"];
  const share = ({ exact, facts }: DistanceRow, condition: RecallCondition) => `${exact[condition]} of ${facts}`;
  const ratio = ({ bitsRatio }: DistanceRow, condition: RecallCondition) => bitsRatio?.[condition].toFixed(2) ?? "";
  const recall = formatTable(
    ["recalled", "tokens back", ...names, "bits of the answer", "with exact memory"],
    distances.map((row) => [
      row.kind,
      row.distance === 0 ? "not told" : row.distance,
      ...CONDITIONS.map((condition) => share(row, condition)),
      ...CONDITIONS.map((condition) => ratio(row, condition)),
    ]),
  );
  const text = formatTable(
    ["bits a byte", "bytes", ...names],
    positions.map(({ position, bytes, bitsPerByte }) => [
      `from token ${position}`,
      bytes,
      ...CONDITIONS.map((condition) => bitsPerByte[condition].toFixed(3)),
    ]),
  );
  const note = "Bits of the answer are over what they were before it was told: 1 is no recall at all.\n";
  return [...(distances.length > 0 ? [recall + note] : []), ...(positions.length > 0 ? [text] : [])].join("\n");
}

export function drawRecall(model: string, { distances, positions }: RecallSummary): string {
  const lines = <Row>(rows: readonly Row[], x: (row: Row) => number, y: (row: Row) => ByCondition) =>
    CONDITIONS.map((condition, index) => ({
      name: LINE_NAMES[index]!,
      points: rows.map((row) => ({ x: x(row), y: y(row)[condition] })),
    }));
  const shares = ({ exact, facts }: DistanceRow) => mapConditions((condition) => (100 * exact[condition]) / facts);
  const panels: Panel[] = FACT_KINDS.map((kind) => {
    const rows = distances.filter((row) => row.kind === kind && row.distance > 0);
    return {
      name: PANEL_NAMES[kind],
      unit: "% exact",
      highest: 100,
      lines: lines(rows, (row) => row.distance, shares),
    };
  });
  const text = lines(
    positions,
    ({ position }) => position,
    ({ bitsPerByte }) => bitsPerByte,
  );
  panels.push({ name: "The text itself", unit: "bits a byte", lines: text });
  return drawCurves(
    `${model}: what is recalled, by tokens back`,
    panels.filter((panel) => panel.lines[0]!.points.length > 0),
  );
}

const LINE_NAMES = ["state alone", "with the exact memory"];
const PANEL_NAMES: Readonly<Record<FactKind, string>> = {
  function: "A function's parameters",
  constant: "A constant's value",
  passkey: "A pass key in a comment",
};

function distanceRow(kind: FactKind, distance: number, ofKind: readonly FactResult[]): DistanceRow {
  const of = (condition: RecallCondition, at: number) => {
    return ofKind.filter((result) => result.condition === condition && result.distance === at);
  };
  const exact = mapConditions((condition) => of(condition, distance).filter((result) => result.exact).length);
  const facts = of("state", distance).length;
  const told = (condition: RecallCondition) => {
    const bases = new Map(of(condition, 0).map((base) => [factOf(base), base.bits]));
    const here = of(condition, distance).filter((result) => bases.has(factOf(result)));
    return sum(here.map(({ bits }) => bits)) / sum(here.map((one) => bases.get(factOf(one))!));
  };
  // Of none, it is no number.
  const bitsRatio = mapConditions(told);
  return { kind, distance, facts, exact, ...(Number.isNaN(bitsRatio.state) ? {} : { bitsRatio }) };
}

function positionRow(position: number, positions: readonly PositionResult[]): PositionRow {
  const here = positions.filter((result) => result.position === position);
  const of = (condition: RecallCondition) => here.filter((result) => result.condition === condition);
  const bytes = sum(of("state").map((result) => result.bytes));
  return {
    position,
    bytes,
    bitsPerByte: mapConditions((condition) => sum(of(condition).map(({ bits }) => bits)) / bytes),
  };
}

/** The result's fact: its id without the distance. */
function factOf({ id }: FactResult): string {
  return id.slice(0, id.lastIndexOf("-"));
}

function mapConditions(value: (condition: RecallCondition) => number): ByCondition {
  return { state: value("state"), "state+memory": value("state+memory") };
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
