// Numbers in words, as the status item and the view of what the model saw write them.

/** "1 file", "1,204 files". */
export function count(amount: number, noun: string): string {
  return `${amount.toLocaleString("en-US")} ${noun}${amount === 1 ? "" : "s"}`;
}

export function milliseconds(ms: number): string {
  return ms > 0 && ms < 0.95 ? "under 1 ms" : `${Math.round(ms).toLocaleString("en-US")} ms`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 99.95e6 ? 1 : 0)} MB`;
}

const MINUTE_MS = 60_000;
const UNITS = [
  { noun: "day", ms: 24 * 60 * MINUTE_MS },
  { noun: "hour", ms: 60 * MINUTE_MS },
  { noun: "minute", ms: MINUTE_MS },
];

/** "3 minutes ago"; both in milliseconds since 1970. */
export function age(at: number, now: number): string {
  const elapsedMs = now - at;
  const unit = UNITS.find(({ ms }) => elapsedMs >= ms);
  return unit ? `${count(Math.floor(elapsedMs / unit.ms), unit.noun)} ago` : "just now";
}
