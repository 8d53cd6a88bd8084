// How code that a question draws on stands in a prompt.

import { type ChatSource, isInPrompt } from "../../protocol/engine";

/** What each source begins with. */
export const CODE_IN = "Code in";

/** The sources that are in the prompt. The most relevant comes last, next to the question. */
export function sourcesText(sources: readonly ChatSource[]): string {
  return sources.filter(isInPrompt).toReversed().map(sourceText).join("");
}

export function sourceText({ name, startLine, endLine, text }: Omit<ChatSource, "tokens">): string {
  const fence = "`".repeat(Math.max(3, 1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))));
  return `${CODE_IN} ${name}:${startLine}-${endLine}\n${fence}\n${text}\n${fence}\n\n`;
}
