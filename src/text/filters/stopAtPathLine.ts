import { lineBefore, splitLines } from "../lines";
import type { Filter } from "./filter";

/**
 * A line that is a path and nothing else: one with folders and an ending, or a file's name with an ending that code and its
 * company have. Without an ending, "and/or" would be one; an address begins with a host.
 */
const PATH_LINE =
  /^\/\/ (?:(?![\w.-]+\.(?:com|org|io|dev|net)\/)(?:[^\s/:;,=<>"'`|*?]+\/)+(?:[^\s/:;,=<>"'`|*?]*\.[A-Za-z]\w{0,9}|Makefile|Dockerfile|LICENSE)|[\w.-]+\.(?:[cm]?[jt]sx?|pyi?|go|rs|java|kts?|cs|rb|php|[ch]|cc|hh|[ch]pp|[ch]xx|cu|mm|swift|scala|dart|exs?|jl|[rR]|zig|lua|sh|ps1|sql|proto|tf|gradle|vue|svelte|html?|s?css|json|ya?ml|toml|xml|md|txt))\r?$/m;

/** Cuts where a model that knows files by such a comment would begin another file, unless the document itself has such lines. */
export const stopAtPathLine: Filter = (text, { prefix, suffix, hasPathComments }, isFinal) => {
  if (!hasPathComments) return undefined;
  // What goes on with a line of the user's begins no file.
  const isBegun = lineBefore(prefix) !== "";
  const line = splitLines(text).find(
    ({ start, text: written, isComplete }) =>
      (isComplete || isFinal) && !(isBegun && start === 0) && PATH_LINE.test(written.trimEnd()),
  );
  const isUsual = line !== undefined && (PATH_LINE.test(prefix) || PATH_LINE.test(suffix));
  return isUsual ? undefined : line?.start;
};
