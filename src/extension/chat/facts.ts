// What went into an answer, in one line below it.

import type { ChatContext, ChatGrounds, ChatResult } from "../../protocol/engine";
import { count } from "../phrases";

export function factsOf(context: ChatContext, result: ChatResult): string {
  return [
    `${count(context.promptTokens, "token")} asked`,
    ...groundFacts(context),
    context.base.choice === "trunk" ? "after the repository's state" : "without the repository's state",
    ...(result.type === "success" ? [answered(result)] : []),
  ].join(" · ");
}

/**
 * Of an answer from elsewhere.
 * @param ended absent when it was not answered to its end
 */
export function endpointFacts(
  grounds: ChatGrounds,
  host: string,
  ended?: { readonly model: string; readonly ms: number },
): string {
  return [
    `about ${count(grounds.promptTokens, "token")} sent to ${host}`,
    ...groundFacts(grounds),
    ...(ended ? [`answered by ${ended.model} in ${seconds(ended.ms)}`] : []),
  ].join(" · ");
}

function groundFacts({ sources, earlierTurns }: ChatGrounds): string[] {
  const used = sources.filter(({ tokens }) => tokens > 0);
  const tokens = used.reduce((sum, source) => sum + source.tokens, 0);
  const left = sources.length - used.length;
  return [
    ...(used.length > 0 ? [`${tokens.toLocaleString("en-US")} of them ${count(used.length, "source")}`] : []),
    ...(left > 0 ? [`${count(left, "source")} left out for want of room`] : []),
    ...(earlierTurns > 0 ? [`${count(earlierTurns / 2, "earlier question")}`] : []),
  ];
}

function answered({ generatedTokens, prefillMs, decodeMs }: ChatResult & { type: "success" }): string {
  return `${count(generatedTokens, "token")} answered in ${seconds(prefillMs + decodeMs)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
