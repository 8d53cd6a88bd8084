// Whether patterns of the user's exclude a path, as an ignore file in the topmost folder would. Knows no other rules and no disk.

import { toByteText } from "./byteText";
import { composedName } from "./composedName";
import { IgnorePatterns, ignoresCase, MAX_PATTERN_BYTES } from "./ignorePatterns";

/**
 * @param lines as in an ignore file
 * @param path of a file, with "/", relative to where the patterns hold
 */
export function isExcludedPath(lines: readonly string[], path: string, ignoreCase = ignoresCase()): boolean {
  const patterns = IgnorePatterns.ofLines(lines, ignoreCase);
  if (patterns.bytes > MAX_PATTERN_BYTES) return true;
  const names = toByteText(composedName(path)).split("/");
  // What excludes a folder excludes all that is in it.
  return names.some((name, index) => {
    const isFolder = index < names.length - 1;
    return patterns.lastMatch(names.slice(0, index + 1).join("/"), name, isFolder)?.excludes;
  });
}
