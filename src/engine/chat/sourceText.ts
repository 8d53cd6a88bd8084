// How code that a question draws on stands in a prompt.

import { type ChatSource, isInPrompt } from "../../protocol/engine";

/** What each source begins with. */
export const CODE_IN = "Code in";

/** The sources that are in the prompt. The most relevant comes last, next to the question. */
export function sourcesText(sources: readonly ChatSource[]): string {
  return sources.filter(isInPrompt).toReversed().map(sourceText).join("");
}

export function sourceText({ name, startLine, endLine, text }: Omit<ChatSource, "tokens">): string {
  let longest = 2;
  for (const [ticks] of text.matchAll(/`+/g)) longest = Math.max(longest, ticks.length);
  const fence = "`".repeat(longest + 1);
  return `${CODE_IN} ${name}:${startLine}-${endLine}\n${fence}\n${text}\n${fence}\n\n`;
}
