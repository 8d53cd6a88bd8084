// The chat's turns, kept for as long as the window lives.
//
// Knows neither the engine's protocol nor the page's element tree: it is given a way to ask and a way to tell.

import type { ChatParams, ChatResult, ChatTurn } from "../protocol/engine";
import type { ChatAvailability, ToPage } from "../protocol/webview";

/** About 300 words. A small model has said what it has to say by then, and Stop is there for the rest. */
const MAX_ANSWER_TOKENS = 400;

export interface Chatting {
  chat(params: ChatParams, onText: (text: string) => void, signal: AbortSignal): Promise<ChatResult>;
}

export class Conversation {
  private turns: ChatTurn[] = [];
  /** Why the last answer ended early. */
  private note: string | undefined;
  private answer: AbortController | undefined;

  constructor(
    private readonly engine: Chatting,
    private readonly availability: () => ChatAvailability,
    private readonly tell: (message: ToPage) => void,
  ) {}

  /** Everything that the page shows. */
  tellState(): void {
    const availability = this.availability();
    const answering = this.answer !== undefined;
    this.tell({ type: "state", availability, turns: this.turns, answering, ...(this.note && { note: this.note }) });
  }

  /** Adds a question and streams its answer. Does nothing while an answer is under way. */
  async ask(text: string): Promise<void> {
    if (this.answer || text.trim() === "") return;
    const answer = new AbortController();
    const turns: ChatTurn[] = [...this.turns, { role: "user", text: text.trim() }];
    this.answer = answer;
    this.note = undefined;
    this.turns = [...turns, { role: "model", text: "" }];
    this.tellState();

    const onText = (piece: string): void => {
      const soFar = this.turns.at(-1)!;
      this.turns = [...turns, { role: "model", text: soFar.text + piece }];
      this.tell({ type: "text", text: piece });
    };
    const result = await this.engine.chat(
      { turns, maxTokens: MAX_ANSWER_TOKENS, useRepository: true, attachments: [] },
      onText,
      answer.signal,
    );
    // A cleared conversation has forgotten this answer.
    if (this.answer !== answer) return;
    this.answer = undefined;
    this.note = noteFor(result);
    this.tell({ type: "done", ...(this.note && { note: this.note }) });
  }

  stop(): void {
    this.answer?.abort();
  }

  clear(): void {
    this.stop();
    this.answer = undefined;
    this.turns = [];
    this.note = undefined;
    this.tellState();
  }
}

function noteFor(result: ChatResult): string | undefined {
  switch (result.type) {
    case "success":
      return result.finish === "length" ? "The answer ends here because it reached its length limit." : undefined;
    case "cancelled":
      return "Stopped.";
    case "failed":
      return result.message;
  }
}
