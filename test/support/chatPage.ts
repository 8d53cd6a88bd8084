// The chat's page on a fake DOM: what a person reads and does, and what the host is told.

import assert from "node:assert/strict";
import type { ChatAvailability, FromPage, ToPage } from "../../src/protocol/webview";
import { applyMessage, initialState } from "../../src/webview/pageState";
import { ChatPage, type KeptState } from "../../src/webview/render";
import { FakeElement, fakeDocument } from "./fakeDom";

const READY: ChatAvailability = { type: "ready", modelName: "Small", instructionTuned: true };

/** In a suite that does `useFakeDom`. */
export function openChatPage(kept: KeptState = { draft: "" }) {
  const root = new FakeElement("body");
  fakeDocument.activeElement = fakeDocument.body;
  const sent: FromPage[] = [];
  const actions = { send: (message: FromPage) => sent.push(message), keep: (latest: KeptState) => (kept = latest) };
  const page = new ChatPage(root as unknown as HTMLElement, actions, kept);
  let state = initialState;
  const tell = (message: ToPage): void => {
    state = applyMessage(state, message);
    page.draw(state);
  };
  const show = (change: Partial<ToPage & { type: "state" }> = {}): void =>
    tell({ type: "state", availability: READY, entries: [], answering: false, chips: state.chips, ...change });
  const all = (wanted: string): FakeElement[] => root.querySelectorAll(wanted);
  const box = all("textarea")[0]!;
  box.focus();
  page.draw(state);
  return {
    ...{ tell, show, all, box },
    /** What the host was told since the last call. */
    sent: () => sent.splice(0),
    /** What the page that comes after this one is given. */
    kept: () => kept,
    type(text: string): void {
      box.value = text;
      box.dispatch("input");
    },
    /** Whether the page has taken the key, which then does nothing else. */
    press(key: string, change: { readonly shiftKey?: boolean; readonly isComposing?: boolean } = {}): boolean {
      let isTaken = false;
      const event = {
        ...{ key, shiftKey: false, isComposing: false, ...change },
        preventDefault: () => (isTaken = true),
        get defaultPrevented() {
          return isTaken;
        },
      };
      for (const element of [box, root]) element.dispatch("keydown", event);
      return isTaken;
    },
    byClass(name: string): FakeElement[] {
      return all("class").filter((one) => one.className === name);
    },
    button(label: string): FakeElement {
      const found = all("button").find(({ textContent, hidden }) => textContent === label && !hidden);
      assert.ok(found, `there is no button ${label}`);
      return found;
    },
    options: () => all("li").filter((one) => one.getAttribute("role") === "option"),
  };
}
