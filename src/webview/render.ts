// The page's elements: made once, then filled from the state. Text nodes only, never innerHTML.

import type { ChatEntry, FromPage } from "../protocol/webview";
import { Composer } from "./composer";
import { element, setText } from "./elements";
import {
  ASKED,
  type EntryActions,
  entryElement,
  foundPlaces,
  isDraftOpenAtFirst,
  redraw,
  spokenAnswer,
  spokenProgress,
} from "./entries";
import { noticeFor, type PageState } from "./pageState";

export interface PageActions {
  send(message: FromPage): void;
  keep(kept: KeptState): void;
}

/** What is there again when the page was hidden, and so begins anew. */
export interface KeptState {
  /** The question so far. */
  readonly draft: string;
  /** Where one reads; absent at the end, from where what comes is followed. */
  readonly scrollTop?: number | undefined;
  /** The questions of the drafts that one has opened, or has closed where they were open at first. */
  readonly toggledDrafts?: readonly string[];
}

interface Drawn {
  readonly entries: readonly ChatEntry[];
  readonly answering: boolean;
}

export class ChatPage {
  private readonly notice = element("p", { class: "notice" });
  private readonly turns = element("div", { class: "turns" });
  /**
   * Is named, since the keyboard stops there to scroll it. A screen reader would say a growing paragraph again and again: `aloud`
   * tells an answer once it has ended, and how far it is.
   */
  private readonly scroll = element(
    "div",
    { class: "scroll", role: "log", "aria-live": "off", "aria-label": "Conversation" },
    this.notice,
    this.turns,
  );
  private readonly aloud = element("p", { class: "aloud", role: "status" });
  private readonly composer: Composer;
  private drawn: Drawn = { entries: [], answering: false };
  /** Where one read before the page was hidden, until there is something to read. */
  private leftAt: number | undefined;

  constructor(
    parent: HTMLElement,
    private readonly actions: PageActions,
    private kept: KeptState,
  ) {
    this.leftAt = kept.scrollTop;
    this.composer = new Composer(
      {
        send: (message) => actions.send(message),
        draftChanged: (draft) => this.keep({ draft }),
        asked: () => this.asked(),
      },
      kept.draft,
    );
    this.scroll.addEventListener("scroll", () =>
      this.keep({ scrollTop: this.isScrolledToEnd() ? undefined : this.scroll.scrollTop }),
    );
    // The event does not bubble.
    this.turns.addEventListener("toggle", () => this.keep({ toggledDrafts: this.toggledDrafts() }), true);
    parent.append(this.scroll, this.composer.root, this.aloud);
    parent.addEventListener("keydown", (event) => this.stopOnEscape(event));
  }

  /** The view has got the keyboard. Who opens it wants to ask; who has gone to something in it, or marked it, does not. */
  focused(): void {
    this.actions.send({ type: "focused" });
    const isElsewhere = document.activeElement !== document.body || !(getSelection()?.isCollapsed ?? true);
    if (!isElsewhere) this.composer.focus();
  }

  draw(state: PageState): void {
    const isAtEnd = this.isScrolledToEnd();
    setText(this.notice, noticeFor(state.availability, state.chips.repository.isOn));
    // What stands there each time that the chat comes into sight is not told each time: only what changes then.
    if (state.availability !== undefined) this.notice.setAttribute("role", "status");
    this.drawEntries(state.entries, state.answering);
    this.composer.draw(state);
    if (this.leftAt !== undefined && state.entries.length > 0) {
      this.scroll.scrollTop = this.leftAt;
      this.leftAt = undefined;
    } else if (isAtEnd) this.follow(state.entries);
  }

  private keep(part: Partial<KeptState>): void {
    this.kept = { ...this.kept, ...part };
    this.actions.keep(this.kept);
  }

  /** Draws again only the entries that differ: while an answer streams, that is the last one. */
  private drawEntries(entries: readonly ChatEntry[], answering: boolean): void {
    const { drawn } = this;
    this.drawn = { entries, answering };
    const last = entries.at(-1);
    if (last?.role !== "model") setText(this.aloud, "");
    else if (answering) setText(this.aloud, spokenProgress(last));
    else if (drawn.answering) setText(this.aloud, spokenAnswer(last));
    const isSame = (entry: ChatEntry, index: number): boolean =>
      isBeingAnswered(drawn, index) === isBeingAnswered(this.drawn, index) &&
      isLast(drawn, index) === isLast(this.drawn, index) &&
      (entry === drawn.entries[index] || JSON.stringify(entry) === JSON.stringify(drawn.entries[index]));
    while (this.turns.childElementCount > entries.length) this.turns.lastElementChild?.remove();
    for (const [index, entry] of entries.entries()) {
      const turn = this.turns.children[index];
      const isAnswering = isBeingAnswered(this.drawn, index);
      const question = questionOf(entries, index);
      const actions: EntryActions = {
        send: (message) => this.actions.send(message),
        askAgain: isLast(this.drawn, index) && !answering ? () => this.askAgain() : undefined,
        isDraftToggled: this.kept.toggledDrafts?.includes(question) ?? false,
      };
      if (turn === undefined) this.turns.append(entryElement(entry, isAnswering, actions));
      // What the reader has opened in another answer says nothing of this one.
      else if (questionOf(drawn.entries, index) !== question)
        turn.replaceWith(entryElement(entry, isAnswering, actions));
      else if (!isSame(entry, index)) redraw(turn, entry, isAnswering, actions);
    }
  }

  private toggledDrafts(): string[] {
    const { entries } = this.drawn;
    return entries.flatMap((entry, index) => {
      const isOpen = isDraftOpen(this.turns.children[index]!);
      if (entry.role !== "model" || isOpen === undefined || isOpen === isDraftOpenAtFirst(entry)) return [];
      return [questionOf(entries, index)];
    });
  }

  private asked(): void {
    setText(this.aloud, ASKED);
    this.leftAt = undefined;
    this.scrollToEnd();
  }

  /** The question of the last answer as it is now: the button may have been drawn for another one. */
  private askAgain(): void {
    const question = this.drawn.entries.at(-2);
    if (question?.role === "user") this.composer.askAgain(question.text);
  }

  /** Unless something that is open has taken the key for itself. */
  private stopOnEscape(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || !this.drawn.answering) return;
    event.preventDefault();
    this.actions.send({ type: "stop" });
  }

  /**
   * Where the places are the answer, no farther than to the question above them: the best place comes first. Who has opened the draft
   * and gone to its end reads that.
   */
  private follow(entries: readonly ChatEntry[]): void {
    const last = entries.at(-1);
    if (last?.role === "model" && last.isContinuation && foundPlaces(last).length > 0) {
      const question = this.turns.children[entries.length - 2] as HTMLElement;
      const top = question.offsetTop - this.scroll.offsetTop;
      if (!isDraftOpen(this.turns.lastElementChild!) || this.scroll.scrollTop <= top) {
        this.scroll.scrollTop = Math.max(this.scroll.scrollTop, top);
        return;
      }
    }
    this.scrollToEnd();
  }

  private scrollToEnd(): void {
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  /** A reader who has scrolled up stays there. */
  private isScrolledToEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.scroll;
    return scrollHeight - scrollTop - clientHeight < 24;
  }
}

/** Of an answer; empty of anything else. */
function questionOf(entries: readonly ChatEntry[], index: number): string {
  const question = entries[index - 1];
  return question?.role === "user" ? question.text : "";
}

/** Undefined where there is none. */
function isDraftOpen(turn: Element): boolean | undefined {
  const [draft] = turn.querySelectorAll("details");
  return draft && draft.getAttribute("open") !== null;
}

function isBeingAnswered(drawn: Drawn, index: number): boolean {
  return drawn.answering && isLast(drawn, index);
}

function isLast({ entries }: Drawn, index: number): boolean {
  return index === entries.length - 1;
}
