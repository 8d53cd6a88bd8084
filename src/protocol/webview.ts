// Every message between the chat view (extension host) and its page (webview).
//
// The host owns the conversation; the page draws it. `state` carries everything the page shows, so that a page that
// was hidden, and missed messages, is right again after one.

import type { ChatTurn } from "./engine";

/** What the chat can do now, and what to tell the user when it cannot. */
export type ChatAvailability =
  | { readonly type: "ready"; readonly modelName: string; readonly instructionTuned: boolean }
  | { readonly type: "starting" }
  | { readonly type: "unavailable"; readonly message: string };

export type ToPage =
  | {
      readonly type: "state";
      readonly availability: ChatAvailability;
      readonly turns: readonly ChatTurn[];
      /** True while the last turn is still being answered. */
      readonly answering: boolean;
      /** Why the last answer ended early. */
      readonly note?: string;
    }
  /** More text for the answer under way. */
  | { readonly type: "text"; readonly text: string }
  /** The answer under way has ended; `note` says why when it was stopped or failed. */
  | { readonly type: "done"; readonly note?: string };

export type FromPage =
  | { readonly type: "ready" }
  | { readonly type: "ask"; readonly text: string }
  | { readonly type: "stop" }
  | { readonly type: "clear" }
  | { readonly type: "openLink"; readonly href: string };
