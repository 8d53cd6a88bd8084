import { contentStart, isBlank, splitLines } from "../lines";

/** A line that the token limit has cut off is half a thought; alone it is still better than nothing. */
export function dropUnfinishedLine(completion: string): string {
  const lines = splitLines(completion);
  const cutOff = lines.pop()!;
  return lines.every(({ text }) => isBlank(text)) ? completion : completion.slice(0, contentStart(cutOff));
}
