// What the chat's page shows, and how the host's messages change it. Plain values; render.ts draws them.

import type { FoundFile } from "../protocol/engine";
import type { ChatAvailability, ChatChips, ChatEntry, ChatRemedy, ToldEndpoint, ToPage } from "../protocol/webview";

export interface PageState {
  /** Undefined until the host has said what there is. */
  readonly availability: ChatAvailability | undefined;
  readonly entries: readonly ChatEntry[];
  /** True while the last entry is still being answered. */
  readonly answering: boolean;
  readonly chips: ChatChips;
  /** The newest list of files that the host has sent, and what it was asked for. */
  readonly files: { readonly query: string; readonly found: readonly FoundFile[] } | undefined;
}

export const initialState: PageState = {
  availability: undefined,
  entries: [],
  answering: false,
  chips: { repository: { isOn: true }, attachments: [] },
  files: undefined,
};

export function applyMessage(state: PageState, message: ToPage): PageState {
  switch (message.type) {
    case "state": {
      const { availability, entries, answering, chips } = message;
      return { ...state, availability, entries, answering, chips };
    }
    case "text": {
      const last = state.entries.at(-1);
      // Text for an answer that this page has not heard of: the next `state` will have it.
      if (last?.role !== "model") return state;
      return { ...state, entries: state.entries.with(-1, { ...last, text: last.text + message.text }) };
    }
    case "answer": {
      if (state.entries.at(-1)?.role !== "model") return state;
      return { ...state, entries: state.entries.with(-1, message.entry), answering: message.answering };
    }
    case "files":
      return { ...state, files: { query: message.query, found: message.files } };
  }
}

/** Beside the question: why nothing can be asked now, or what is asked has to wait. */
export function hindranceFor(availability: PageState["availability"]): string | undefined {
  switch (availability?.type) {
    case "starting":
      return "The model is being loaded. What you ask waits for it.";
    case "unavailable":
      return availability.message;
    case "endpoint":
    case "ready":
    case undefined:
      return undefined;
  }
}

/** While the model is loaded, too: the host keeps a question until it is there. */
export function canBeAsked(availability: PageState["availability"]): boolean {
  return availability !== undefined && availability.type !== "unavailable";
}

/** What stands on the buttons below that. */
export const REMEDY_LABELS: Readonly<Record<ChatRemedy, string>> = {
  load: "Load the Model",
  restart: "Restart Engine",
  chooseModel: "Choose a Model",
  showLog: "Show Log",
  openEndpointSettings: "Open Settings",
};

export function remediesFor(availability: PageState["availability"]): readonly ChatRemedy[] {
  return availability?.type === "unavailable" ? availability.remedies : [];
}

/** For whom what is asked leaves, also while it waits for the model. */
export function destinationOf(availability: PageState["availability"]): ToldEndpoint | undefined {
  switch (availability?.type) {
    case "endpoint":
      return availability;
    case "starting":
      return availability.endpoint;
    case "ready":
    case "unavailable":
    case undefined:
      return undefined;
  }
}

/** Beside the question, where it stays in sight: who answers, or where what is asked goes when it leaves. */
export function answererFor(availability: PageState["availability"]): string | undefined {
  const destination = destinationOf(availability);
  if (destination !== undefined) return `Sent to ${destination.name} · Change`;
  if (availability?.type !== "ready") return undefined;
  return `${availability.modelName}, on ${availability.machine ?? "this machine"}`;
}

/** One sentence above the conversation, when there is something to know before asking. */
export function noticeFor(availability: PageState["availability"], isRepositoryOn: boolean): string | undefined {
  const destination = destinationOf(availability);
  if (destination !== undefined) {
    const { name, isOnThisMachine, machine } = destination;
    return isOnThisMachine
      ? `Answers come from another program${machine === undefined ? " on this machine" : ""}, ` +
          `${name}. What you ask and attach, and the passages that are listed below an answer, are sent to it.`
      : `Answers come from ${name}. What you ask and attach, and the passages that are listed below an answer, ` +
          "leave this machine and are sent there.";
  }
  if (availability?.type !== "ready" || availability.instructionTuned) return undefined;
  const untrained = `${availability.modelName} completes text; it was not trained to answer questions.`;
  return isRepositoryOn
    ? `${untrained} So the places that a question is about come first, and what the model makes of them is a draft.`
    : `${untrained} Without the repository no places are found that a question is about: there is only the model's draft.`;
}
