// Every message between the chat view (extension host) and its page (webview).
//
// The host owns the conversation; the page draws it. `state` carries everything the page shows, so that a page that
// was hidden, and missed messages, is right again after one.

import type { ChatCitation, ChatSource, DrawnFile, FilePlace, FoundFile } from "./engine";

/** What the chat can do now, and what to tell the user when it cannot. */
export type ChatAvailability =
  | {
      readonly type: "ready";
      readonly modelName: string;
      readonly instructionTuned: boolean;
      /** The machine that this window works on, when it is a remote one. */
      readonly machine?: string | undefined;
    }
  | ({ readonly type: "endpoint" } & ToldEndpoint)
  /** What is asked waits for the model. With an endpoint, it leaves then. */
  | { readonly type: "starting"; readonly endpoint?: ToldEndpoint | undefined }
  | { readonly type: "unavailable"; readonly message: string; readonly remedies: readonly ChatRemedy[] };

/** Another program, for which questions leave. Where `name` names the machine that it is on, that is `machine`. */
export interface ToldEndpoint {
  readonly name: string;
  readonly isOnThisMachine: boolean;
  readonly machine?: string | undefined;
}

/** What may help where the chat cannot be asked. */
export type ChatRemedy = "load" | "restart" | "chooseModel" | "showLog" | "openEndpointSettings";

/** A turn as the page draws it, or the line between two topics. */
export type ChatEntry = QuestionEntry | AnswerEntry | DividerEntry;

/** A new topic begins here: what stands before it is not told with a question any more. */
export interface DividerEntry {
  readonly role: "divider";
}

export interface QuestionEntry {
  readonly role: "user";
  readonly text: string;
  /** What was attached, as its chips were labeled. */
  readonly attached: readonly string[];
  /** The files that answers drew on which its topic has no more, and which what follows may repeat. */
  readonly droppedFiles?: readonly DrawnFile[];
}

export interface AnswerEntry {
  readonly role: "model";
  readonly text: string;
  /** Whose address gave it, when it was not the engine. */
  readonly address?: string;
  /** From a model that only continues text: the sources come first, and the text is marked as what it is. */
  readonly isContinuation: boolean;
  /** How much of the repository was looked through for it; absent when it was asked without. */
  readonly searched?: "all" | "part";
  /** Whether its sources are known: all of them, at once. */
  readonly isGathered: boolean;
  /** Most relevant first; without their text when they come from the history. */
  readonly sources: readonly AnswerSource[];
  readonly citations: readonly ChatCitation[];
  /** Attachments that were refused: a sentence for each. */
  readonly refusals: readonly string[];
  /** What went into it, in a few words. */
  readonly facts?: string;
  /** Why it ended early. */
  readonly note?: string;
}

export type AnswerSource = Omit<ChatSource, "text"> & { readonly text?: string };

/** What the next question is asked with. */
export interface ChatChips {
  /** Whether answers may draw on the repository; `refusal` says why they cannot, and whether trust in the workspace is missing. */
  readonly repository: { readonly isOn: boolean; readonly refusal?: string; readonly needsTrust?: true };
  readonly attachments: readonly ChatChip[];
}

export interface ChatChip {
  readonly id: string;
  readonly label: string;
}

export type ToPage =
  | {
      readonly type: "state";
      readonly availability: ChatAvailability;
      readonly entries: readonly ChatEntry[];
      /** True while the last entry is still being answered. */
      readonly answering: boolean;
      readonly chips: ChatChips;
    }
  /** More text for the answer under way. */
  | { readonly type: "text"; readonly text: string }
  /** The answer under way, with more known of it; `answering` is false when it has ended. */
  | { readonly type: "answer"; readonly entry: AnswerEntry; readonly answering: boolean }
  /** The files that fit `query`, best first. */
  | { readonly type: "files"; readonly query: string; readonly files: readonly FoundFile[] };

export type FromPage =
  | { readonly type: "ready" }
  /** It has got the keyboard. */
  | { readonly type: "focused" }
  | { readonly type: "ask"; readonly text: string }
  | { readonly type: "stop" }
  | { readonly type: "openLink"; readonly href: string }
  | { readonly type: "openPlace"; readonly place: FilePlace }
  | { readonly type: "findFiles"; readonly query: string }
  | { readonly type: "attachFile"; readonly file: FoundFile }
  | { readonly type: "attachSelection" }
  | { readonly type: "detach"; readonly id: string }
  | { readonly type: "useRepository"; readonly isOn: boolean }
  | { readonly type: "manageTrust" }
  /** The user wants somebody else to answer. */
  | { readonly type: "changeAnswerer" }
  /** One of those that the chat's availability names. */
  | { readonly type: "tryRemedy"; readonly remedy: ChatRemedy }
  /** A code block of an answer. */
  | { readonly type: "copyCode" | "insertCode" | "applyCode"; readonly code: string };
