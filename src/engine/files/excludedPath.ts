// Whether patterns of the user's exclude a path, as an ignore file in the topmost folder would. Knows no other rules and no disk.

import { toByteText } from "./byteText";
import { composedName } from "./composedName";
import { IgnorePatterns, ignoresCase } from "./ignorePatterns";

/** Some 600 lines. A key waits for them, and an untrusted workspace may add some of its own. */
const MAX_BYTES = 16 * 1024;

interface Judged {
  readonly text: string;
  readonly ignoreCase: boolean;
  readonly patterns: IgnorePatterns;
  /** By path. */
  readonly verdicts: Map<string, boolean>;
}

/** By the last patterns: the same file is asked for several times with each key. */
let judged: Judged | undefined;

/**
 * @param lines as in an ignore file
 * @param path of a file, with "/", relative to where the patterns hold
 */
export function isExcludedPath(lines: readonly string[], path: string, ignoreCase = ignoresCase()): boolean {
  const { patterns, verdicts } = judgedBy(lines, ignoreCase);
  const known = verdicts.get(path);
  if (known !== undefined) return known;
  const verdict = patterns.bytes > MAX_BYTES || isExcluded(patterns, path);
  verdicts.set(path, verdict);
  return verdict;
}

function judgedBy(lines: readonly string[], ignoreCase: boolean): Judged {
  const text = lines.join("\n");
  if (judged?.text !== text || judged.ignoreCase !== ignoreCase) {
    judged = { text, ignoreCase, patterns: IgnorePatterns.ofLines(lines, ignoreCase), verdicts: new Map() };
  }
  return judged;
}

function isExcluded(patterns: IgnorePatterns, path: string): boolean {
  const names = toByteText(composedName(path)).split("/");
  // What excludes a folder excludes all that is in it.
  return names.some((name, index) => {
    const isFolder = index < names.length - 1;
    return patterns.lastMatch(names.slice(0, index + 1).join("/"), name, isFolder)?.excludes;
  });
}
