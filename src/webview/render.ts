// The page's elements: made once, then filled from the state. Text nodes only, never innerHTML.

import type { ChatTurn } from "../protocol/engine";
import type { FromPage } from "../protocol/webview";
import { markdownNodes } from "./markdown";
import { noticeFor, type PageState } from "./pageState";

export interface PageActions {
  send(message: FromPage): void;
  /** The question so far, to be kept when the page is hidden. */
  draftChanged(draft: string): void;
}

export class ChatPage {
  private readonly notice = element("p", { class: "notice", role: "status" });
  private readonly turns = element("section", { class: "turns", role: "log", "aria-label": "Conversation" });
  private readonly note = element("p", { class: "note", role: "status" });
  private readonly question = element("textarea", { "aria-label": "Question", placeholder: "Ask Griffin", rows: "3" });
  private readonly sendButton = element("button", { type: "submit" }, "Send");
  private readonly stopButton = element("button", { type: "button" }, "Stop");
  private readonly clearButton = element("button", { type: "button", class: "secondary" }, "Clear");
  private drawnTurns: readonly ChatTurn[] = [];
  private canAsk = false;

  constructor(
    parent: HTMLElement,
    private readonly actions: PageActions,
    draft: string,
  ) {
    this.question.value = draft;
    const buttons = element("div", { class: "buttons" });
    buttons.append(this.clearButton, this.stopButton, this.sendButton);
    const form = element("form", {});
    form.append(this.question, buttons);
    const scroll = element("div", { class: "scroll" });
    scroll.append(this.notice, this.turns, this.note);
    parent.append(scroll, form);

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
    this.question.addEventListener("keydown", (event) => {
      // Enter also ends the composition of a word in an input method, and then must not send.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.ask();
    });
    this.question.addEventListener("input", () => actions.draftChanged(this.question.value));
    this.stopButton.addEventListener("click", () => actions.send({ type: "stop" }));
    this.clearButton.addEventListener("click", () => actions.send({ type: "clear" }));
  }

  draw(state: PageState): void {
    const isAtEnd = this.isScrolledToEnd();
    this.canAsk = state.availability.type === "ready" && !state.answering;
    setText(this.notice, noticeFor(state.availability));
    setText(this.note, state.note);
    this.drawTurns(state.turns, state.answering);
    this.sendButton.hidden = state.answering;
    this.sendButton.disabled = !this.canAsk;
    this.stopButton.hidden = !state.answering;
    this.clearButton.disabled = state.turns.length === 0;
    if (isAtEnd) this.scrollToEnd();
  }

  private ask(): void {
    const text = this.question.value.trim();
    if (!this.canAsk || text === "") return;
    this.question.value = "";
    this.actions.draftChanged("");
    this.actions.send({ type: "ask", text });
    this.scrollToEnd();
  }

  /** Draws again only the turns that differ: while an answer streams, that is the last one. */
  private drawTurns(turns: readonly ChatTurn[], isAnswering: boolean): void {
    const kept = turns.findIndex((turn, index) => !isSameTurn(turn, this.drawnTurns[index]));
    const first = kept < 0 ? turns.length : kept;
    while (this.turns.childElementCount > first) this.turns.lastElementChild?.remove();
    for (const turn of turns.slice(first)) this.turns.append(this.turnElement(turn));
    this.turns.lastElementChild?.setAttribute("aria-busy", String(isAnswering));
    this.drawnTurns = turns;
  }

  private turnElement({ role, text }: ChatTurn): HTMLElement {
    const turn = element("article", { class: `turn ${role}`, "aria-label": role === "user" ? "You" : "Griffin" });
    if (role === "user") turn.textContent = text;
    else turn.append(...markdownNodes(text, document, (href) => this.actions.send({ type: "openLink", href })));
    return turn;
  }

  private scrollToEnd(): void {
    this.scrollArea.scrollTop = this.scrollArea.scrollHeight;
  }

  private get scrollArea(): HTMLElement {
    return this.turns.parentElement!;
  }

  /** A reader who has scrolled up stays there. */
  private isScrolledToEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.scrollArea;
    return scrollHeight - scrollTop - clientHeight < 24;
  }
}

function isSameTurn(a: ChatTurn, b: ChatTurn | undefined): boolean {
  return a.role === b?.role && a.text === b.text;
}

function setText(target: HTMLElement, text: string | undefined): void {
  target.textContent = text ?? "";
  target.hidden = !text;
}

function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>>,
  text = "",
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}
