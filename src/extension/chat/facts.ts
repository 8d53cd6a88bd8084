// What went into an answer, in one line below it.

import {
  type ChatContext,
  type ChatGrounds,
  type ChatResult,
  isInPrompt,
  type WithheldAnswers,
} from "../../protocol/engine";
import { count, grouped } from "../phrases";

export function factsOf(grounds: ChatGrounds & ChatContext, result: ChatResult): string {
  return [
    `prompt of ${count(grounds.promptTokens, "token")}${ofSources(grounds)}`,
    ...groundFacts(grounds),
    `${grounds.base.choice === "trunk" ? "with" : "without"} the repository's state`,
    ...(result.type === "success" ? [written(result)] : []),
  ].join(" · ");
}

/**
 * The facts of an answer from elsewhere.
 * @param ended absent when it was not answered to its end
 */
export function endpointFacts(
  grounds: ChatGrounds,
  host: string,
  ended?: { readonly model: string; readonly ms: number },
): string {
  return [
    `about ${count(grounds.promptTokens, "token")} sent to ${host}${ofSources(grounds)}`,
    ...groundFacts(grounds),
    ...(ended ? [`answered by ${ended.model} in ${seconds(ended.ms)}`] : []),
  ].join(" · ");
}

/** How much of the prompt they are. */
function ofSources({ sources }: ChatGrounds): string {
  const used = sources.filter(isInPrompt);
  const tokens = used.reduce((sum, source) => sum + source.tokens, 0);
  return used.length === 0 ? "" : `, ${grouped(tokens)} of them from ${count(used.length, "source")}`;
}

function groundFacts({ sources, earlierTurns, withheld }: ChatGrounds): string[] {
  const left = sources.filter((source) => !isInPrompt(source)).length;
  return [
    ...(left > 0 ? [`${count(left, "source")} did not fit`] : []),
    ...(earlierTurns > 0 ? [`${count(earlierTurns / 2, "earlier question")}`] : []),
    ...(withheld ? [ofWithheld(withheld)] : []),
  ];
}

function ofWithheld({ count: answers, isForGood }: WithheldAnswers): string {
  const why = isForGood ? "may not be read any more" : "cannot be read just now";
  return `${count(answers, "earlier answer")} withheld: ${answers === 1 ? "it" : "they"} drew on a file that ${why}`;
}

function written({ generatedTokens, prefillMs, decodeMs }: ChatResult & { type: "success" }): string {
  return `${count(generatedTokens, "token")} written in ${seconds(prefillMs + decodeMs)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
