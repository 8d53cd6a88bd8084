// What of one folder was read, as the user sees it. Plain values in and out.

import type { FileReport } from "../../protocol/engine";
import type { ChainEntry, ReadEntry } from "../stateStore/keys";
import type { SourceIndex } from "./sourceIndex";
import { tooLarge } from "./trunkPlan";

/** The files that the trunk has read, each once, then those that are switched off. */
export function reportFiles(
  read: readonly ReadEntry[],
  index: Pick<SourceIndex, "get">,
  switchedOff: ReadonlySet<string>,
): FileReport[] {
  const newest = new Map(read.map((file) => [file.path, file]));
  const off = [...switchedOff].filter((path) => !newest.has(path));
  return [
    ...[...newest.values()].map(({ path, tokens, readAt, hash }) => {
      return { path, tokens, readAt, isStale: index.get(path)?.hash !== hash };
    }),
    ...off.map((path) => ({ path, tokens: 0, readAt: 0, isStale: false })),
  ];
}

/**
 * Files that completions and questions may draw on, and that the trunk does without: their count by the reason.
 * @param limit what the tokens follow from: the user's setting, or what the model reads in time
 */
export function reportTooLarge(
  read: readonly ReadEntry[],
  wanted: readonly ChainEntry[],
  maxTokens: number,
  limit: "setting" | "time",
): Record<string, number> {
  const paths = new Set(read.map(({ path }) => path));
  const count = tooLarge(wanted, maxTokens).filter(({ path }) => !paths.has(path)).length;
  const reason =
    limit === "setting"
      ? "it is larger than a quarter of the token limit"
      : "reading it would take more than a quarter of the time there is for all files";
  return maxTokens === 0 || count === 0 ? {} : { [reason]: count };
}
