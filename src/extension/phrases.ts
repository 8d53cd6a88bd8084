// Numbers, paths and code in words, as all that a user reads writes them.

export { size } from "../text/size";

/** "1,204". */
export function grouped(amount: number): string {
  return amount.toLocaleString("en-US");
}

/** "1 file", "1,204 files". */
export function count(amount: number, noun: string): string {
  return `${grouped(amount)} ${noun}${amount === 1 ? "" : "s"}`;
}

export function milliseconds(ms: number): string {
  return ms > 0 && ms < 0.95 ? "under 1 ms" : `${grouped(Math.round(ms))} ms`;
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

/** "14:32", as the user's system writes it; in milliseconds since 1970. */
export function timeOfDay(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

/** "40 s", "12 min", "1.5 h": how long something takes. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

/** A file's or a folder's own name, of a path of any system. */
export function lastSegment(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}

/** A sentence that has code in it, for where there is no Markdown. */
export function plainText(sentence: string): string {
  return sentence.replaceAll("`", "");
}

/**
 * Plain words that stay what they are: a path such as `C:\Users\me\.vscode` or `src/__init__.py` is full of signs. An
 * address is left alone: VS Code makes a link of it, and would take a backslash along.
 */
export function asMarkdown(words: string): string {
  return words.replace(/https:\/\/[\w./-]+|[\\`*_{}[\]<>()#+\-!~|$&]/g, (found) =>
    found.length > 1 ? found : `\\${found}`,
  );
}
