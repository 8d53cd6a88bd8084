// The chat page's entry: messages in, events out. The host owns the conversation; the page keeps only the
// question so far, where one reads, and which drafts one has opened.

import type { FromPage, ToPage } from "../protocol/webview";
import { applyMessage, initialState } from "./pageState";
import { ChatPage, type KeptState } from "./render";

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): KeptState | undefined;
  setState(state: KeptState): void;
};

const host = acquireVsCodeApi();
let state = initialState;
let isDrawQueued = false;

const page = new ChatPage(
  document.body,
  {
    send: (message) => host.postMessage(message),
    keep: (kept) => host.setState(kept),
  },
  host.getState() ?? { draft: "" },
);

window.addEventListener("message", (event: MessageEvent<ToPage>) => {
  state = applyMessage(state, event.data);
  // Text may come faster than the screen is drawn.
  if (isDrawQueued) return;
  isDrawQueued = true;
  requestAnimationFrame(() => {
    isDrawQueued = false;
    page.draw(state);
  });
});

window.addEventListener("focus", () => page.focused());

page.draw(state);
if (document.hasFocus()) page.focused();
host.postMessage({ type: "ready" });
