// What many measurements come to.

export interface Distribution {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** Of none, all are 0. */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}
