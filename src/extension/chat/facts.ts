// What went into an answer, in one line below it.

import type { ChatContext, ChatResult } from "../../protocol/engine";
import { count } from "../repository/phrases";

export function factsOf({ sources, promptTokens, earlierTurns, base }: ChatContext, result: ChatResult): string {
  const used = sources.filter(({ tokens }) => tokens > 0);
  const tokens = used.reduce((sum, source) => sum + source.tokens, 0);
  const left = sources.length - used.length;
  return [
    `${count(promptTokens, "token")} asked`,
    ...(used.length > 0 ? [`${tokens.toLocaleString("en-US")} of them ${count(used.length, "source")}`] : []),
    ...(left > 0 ? [`${count(left, "source")} left out for want of room`] : []),
    ...(earlierTurns > 0 ? [`${count(earlierTurns / 2, "earlier question")}`] : []),
    base.choice === "trunk" ? "after the repository's state" : "without the repository's state",
    ...(result.type === "success" ? [answered(result)] : []),
  ].join(" · ");
}

function answered({ generatedTokens, prefillMs, decodeMs }: ChatResult & { type: "success" }): string {
  return `${count(generatedTokens, "token")} answered in ${((prefillMs + decodeMs) / 1000).toFixed(1)} s`;
}
