// The order in which a linear's columns are rounded. The first have the most columns left to make their errors good, so
// those whose inputs are large come first; columns of one block stay together, because they share a grid.

/**
 * @param squares Σ x² of each column's inputs
 * @param block columns that share a grid; a divisor of their number
 * @returns the columns, the last to be rounded first: the order in which factor.ts wants them
 */
export function columnOrder(squares: Float64Array, block: number): Int32Array {
  const blocks = Array.from({ length: squares.length / block }, (_, index) => {
    const columns = Array.from({ length: block }, (_, i) => index * block + i);
    return { columns, sum: columns.reduce((sum, column) => sum + squares[column]!, 0) };
  });
  blocks.sort((a, b) => a.sum - b.sum);
  return Int32Array.from(blocks.flatMap(({ columns }) => columns.sort((a, b) => squares[a]! - squares[b]!)));
}

/** Puts each row's values into the order that is given, or, with `back`, from that order into their own. */
export function reorder(rows: Float32Array, order: Int32Array, back = false): void {
  const size = order.length;
  const before = new Float32Array(size);
  for (let start = 0; start < rows.length; start += size) {
    before.set(rows.subarray(start, start + size));
    if (back) for (let i = 0; i < size; i++) rows[start + order[i]!] = before[i]!;
    else for (let i = 0; i < size; i++) rows[start + i] = before[order[i]!]!;
  }
}
