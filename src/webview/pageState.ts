// What the chat's page shows, and how the host's messages change it. Plain values; render.ts draws them.

import type { ChatTurn } from "../protocol/engine";
import type { ChatAvailability, ToPage } from "../protocol/webview";

export interface PageState {
  readonly availability: ChatAvailability;
  readonly turns: readonly ChatTurn[];
  /** True while the last turn is still being answered. */
  readonly answering: boolean;
  /** Why the last answer ended early. */
  readonly note: string | undefined;
}

export const initialState: PageState = {
  availability: { type: "starting" },
  turns: [],
  answering: false,
  note: undefined,
};

export function applyMessage(state: PageState, message: ToPage): PageState {
  switch (message.type) {
    case "state": {
      const { availability, turns, answering, note } = message;
      return { availability, turns, answering, note };
    }
    case "text": {
      const last = state.turns.at(-1);
      // Text for an answer that this page has not heard of: the next `state` will have it.
      if (last?.role !== "model") return state;
      return { ...state, turns: [...state.turns.slice(0, -1), { ...last, text: last.text + message.text }] };
    }
    case "done":
      return { ...state, answering: false, note: message.note };
  }
}

/** One sentence above the conversation, when there is something to know before asking. */
export function noticeFor(availability: ChatAvailability): string | undefined {
  switch (availability.type) {
    case "starting":
      return "The model is being loaded.";
    case "unavailable":
      return availability.message;
    case "ready":
      if (availability.instructionTuned) return undefined;
      return `${availability.modelName} completes text; it was not trained to answer questions, so read its answers as drafts.`;
  }
}
