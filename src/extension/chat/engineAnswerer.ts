// Answers from the engine's own model.

import type { ChatContext, ChatFindings, ChatParams, ChatResult } from "../../protocol/engine";
import type { EngineClient } from "../engineProcess/engineClient";
import { type AnswerEnd, type Answerer, type AnswerListener, STOPPED } from "./answerer";
import { factsOf } from "./facts";

/** What it needs of EngineClient. */
export type Chatting = Pick<EngineClient, "chat">;

export class EngineAnswerer implements Answerer {
  constructor(
    private readonly engine: Chatting,
    readonly isContinuation: boolean,
  ) {}

  async answer(asked: ChatParams, listener: AnswerListener, signal: AbortSignal): Promise<AnswerEnd> {
    let findings: ChatFindings | undefined;
    let context: ChatContext | undefined;
    const engineListener = {
      onFindings: (found: ChatFindings) => {
        findings = found;
        listener.onFindings(found);
      },
      onContext: (told: ChatContext) => {
        context = told;
      },
      onText: (text: string) => listener.onText(text),
    };
    const result = await this.engine.chat(asked, engineListener, signal);
    const note = noteFor(result);
    return {
      ...(findings && context && { facts: factsOf({ ...findings, ...context }, result) }),
      ...(note !== undefined && { note }),
    };
  }
}

function noteFor(result: ChatResult): string | undefined {
  switch (result.type) {
    case "success":
      return result.finish === "length" ? "The answer ends here because it reached its length limit." : undefined;
    case "cancelled":
      return STOPPED;
    case "failed":
      return result.message;
  }
}
