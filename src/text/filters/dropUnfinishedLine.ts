/** A line that the token limit has cut off is half a thought; alone it is still better than nothing. */
export function dropUnfinishedLine(completion: string): string {
  const lastLineEnd = completion.lastIndexOf("\n");
  const isAlone = completion.slice(0, Math.max(0, lastLineEnd)).trim() === "";
  return isAlone ? completion : completion.slice(0, lastLineEnd);
}
