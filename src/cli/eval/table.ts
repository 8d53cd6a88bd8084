// Tables for people: the first column to the left, the others to the right.

type Cell = string | number;

export function formatTable(head: readonly string[], body: readonly (readonly Cell[])[]): string {
  const lines = [head, ...body].map((cells) => cells.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)));
  const format = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ");
  return `${lines.map((cells) => format(cells).trimEnd()).join("\n")}\n`;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
