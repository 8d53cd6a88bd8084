// The form at the bottom: the question, its chips, and the list while something is mentioned.

import type { ChatRemedy, FromPage } from "../protocol/webview";
import { ChipRow } from "./chipRow";
import { button, element, setText } from "./elements";
import { type Mention, mentionAt, withFileMark, withoutMention } from "./mention";
import {
  answererFor,
  canBeAsked,
  destinationOf,
  hindranceFor,
  type PageState,
  REMEDY_LABELS,
  remediesFor,
} from "./pageState";
import { isPick, type Suggestion, Suggestions } from "./suggestions";

const NO_FILES =
  "No file matches. Only files that Griffin has looked at are offered, and none that are ignored, secret or data. " +
  '"Add File to Griffin Chat" adds data, too.';

export interface ComposerActions {
  send(message: FromPage): void;
  /** The question so far, to be kept when the page is hidden. */
  draftChanged(draft: string): void;
  /** A question was sent. */
  asked(): void;
}

export class Composer {
  readonly root = element("form");
  private readonly question = element("textarea", {
    "aria-label": "Question",
    "aria-description": "Enter sends, Shift+Enter starts a new line.",
    rows: "3",
  });
  private readonly chips: ChipRow;
  private readonly hindrance = element("p", { class: "hindrance", role: "status" });
  private readonly remedies = element("div", { class: "remedies", role: "group", "aria-label": "What may help" });
  private readonly suggestions: Suggestions;
  /** Says who answers, and changes it. */
  private readonly answerer = button("", {}, () => this.actions.send({ type: "changeAnswerer" }));
  private readonly sendButton = element("button", { type: "submit" }, "Send");
  private readonly stopButton = element("button", { type: "button", title: "Stop (Escape)" }, "Stop");
  private mention: Mention | undefined;
  /** The files that the list shows. While something else is mentioned already, none of them is meant. */
  private listed: PageState["files"];
  /** Somebody has picked already, and the list is still to come. */
  private picksFirst = false;
  private canAsk = false;
  /** The host has said what there is. */
  private isHostKnown = false;

  constructor(
    private readonly actions: ComposerActions,
    draft: string,
  ) {
    this.question.value = draft;
    this.chips = new ChipRow(
      (message) => actions.send(message),
      () => this.mentionFile(),
    );
    this.suggestions = new Suggestions(this.question, (suggestion) => this.pick(suggestion));
    const buttons = element("div", { class: "buttons" }, this.answerer, this.stopButton, this.sendButton);
    const { root: list, none } = this.suggestions;
    const { root: chips, news } = this.chips;
    this.root.append(this.hindrance, this.remedies, chips, news, list, none, this.question, buttons);
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
    this.question.addEventListener("keydown", (event) => this.keyDown(event));
    this.question.addEventListener("input", () => {
      actions.draftChanged(this.question.value);
      this.look();
    });
    this.question.addEventListener("blur", () => this.endMention());
    this.stopButton.addEventListener("click", () => actions.send({ type: "stop" }));
  }

  focus(): void {
    this.question.focus();
  }

  /** Whatever is being written stays. */
  askAgain(question: string): void {
    this.send(question);
    // The button that was pressed goes.
    this.focus();
  }

  draw({ availability, answering, chips, files }: PageState): void {
    setText(this.hindrance, hindranceFor(availability));
    this.drawRemedies(remediesFor(availability));
    this.drawAnswerer(availability);
    this.canAsk = canBeAsked(availability) && !answering;
    this.drawButtons(answering);
    this.chips.draw(chips, this.isHostKnown);
    this.isHostKnown = availability !== undefined;
    const first = chips.repository.isOn ? "Ask about the repository" : "Ask";
    this.question.setAttribute("placeholder", `${first}; @ adds a file, # the selection`);
    this.drawFiles(files);
  }

  private drawAnswerer(availability: PageState["availability"]): void {
    const leaves = destinationOf(availability) !== undefined;
    const answerer = answererFor(availability);
    setText(this.answerer, answerer);
    this.answerer.hidden = answerer === undefined;
    this.answerer.setAttribute("class", leaves ? "link answerer leaves" : "link answerer");
    this.answerer.setAttribute("title", leaves ? "Open the chat's settings" : "Choose a model");
  }

  /** Who works with the keyboard must not be thrown out of the form with the button that was pressed. */
  private drawButtons(isAnswering: boolean): void {
    const focused = document.activeElement;
    this.sendButton.hidden = isAnswering;
    this.sendButton.disabled = !this.canAsk;
    this.stopButton.hidden = !isAnswering;
    const buttons = [this.sendButton, this.stopButton];
    if (buttons.some((button) => button === focused && (button.hidden || button.disabled))) this.question.focus();
  }

  /** The list for what is mentioned, once it has come. */
  private drawFiles(files: PageState["files"]): void {
    const { mention } = this;
    if (mention?.kind !== "file" || files?.query !== mention.query || this.listed === files) return;
    // Who has gone elsewhere meanwhile could not close it.
    if (document.activeElement !== this.question) return;
    this.listed = files;
    const suggestions = files.found.map((file) => ({ label: file.name, file }));
    this.suggestions.show(suggestions, NO_FILES);
    const [likeliest] = suggestions;
    if (this.picksFirst && likeliest) this.pick(likeliest);
    this.picksFirst = false;
  }

  /** Those that stay are left alone: one of them may have the keyboard. */
  private drawRemedies(remedies: readonly ChatRemedy[]): void {
    this.remedies.hidden = remedies.length === 0;
    const shown = [...this.remedies.children].map(({ textContent }) => textContent);
    const labels = remedies.map((remedy) => REMEDY_LABELS[remedy]);
    if (labels.join() === shown.join()) return;
    const hasKeyboard = [...this.remedies.children].some((one) => one === document.activeElement);
    this.remedies.replaceChildren(
      ...remedies.map((remedy) =>
        button(REMEDY_LABELS[remedy], { class: "link" }, () => this.actions.send({ type: "tryRemedy", remedy })),
      ),
    );
    if (hasKeyboard) this.question.focus();
  }

  private keyDown(event: KeyboardEvent): void {
    // Keys also choose and end the word that is composed in an input method, and then must neither pick nor send.
    if (event.isComposing) return;
    if (this.takesKey(event)) {
      event.preventDefault();
      return;
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.ask();
  }

  /** Whether the key is for what is mentioned, and not for the question. */
  private takesKey(event: KeyboardEvent): boolean {
    const { mention } = this;
    if (mention === undefined) return false;
    if (event.key === "Escape") {
      this.endMention();
      return true;
    }
    // Who types faster than files are found picks none that was found for less, and sends no half of a question.
    const isStillSought = mention.kind === "file" && this.listed?.query !== mention.query;
    if (!isStillSought || !isPick(event)) return this.suggestions.take(event);
    this.picksFirst = true;
    return true;
  }

  /** What is mentioned at the cursor now? */
  private look(): void {
    const mention = mentionAt(this.question.value, this.question.selectionStart);
    if (mention?.kind !== "file") this.endMention();
    this.mention = mention;
    this.picksFirst = false;
    if (mention?.kind === "file") this.actions.send({ type: "findFiles", query: mention.query });
    if (mention?.kind === "selection") this.suggestions.show([{ label: "#selection" }]);
  }

  /** As if "@" had been typed. */
  private mentionFile(): void {
    this.question.focus();
    const { text, cursor } = withFileMark(this.question.value, this.question.selectionStart);
    this.question.value = text;
    this.question.setSelectionRange(cursor, cursor);
    this.actions.draftChanged(text);
    this.look();
  }

  private endMention(): void {
    this.mention = undefined;
    this.listed = undefined;
    this.picksFirst = false;
    this.suggestions.show([]);
  }

  private pick({ file }: Suggestion): void {
    if (this.mention === undefined) return;
    const { text, cursor } = withoutMention(this.question.value, this.mention);
    this.question.value = text;
    this.question.setSelectionRange(cursor, cursor);
    this.endMention();
    this.actions.draftChanged(text);
    this.actions.send(file ? { type: "attachFile", file } : { type: "attachSelection" });
    this.question.focus();
  }

  private ask(): void {
    const text = this.question.value.trim();
    if (text === "" || !this.send(text)) return;
    this.question.value = "";
    this.endMention();
    this.actions.draftChanged("");
  }

  /** Whether it could be sent. The next one waits until the host has said what became of it. */
  private send(text: string): boolean {
    if (!this.canAsk) return false;
    this.canAsk = false;
    this.actions.send({ type: "ask", text });
    this.actions.asked();
    return true;
  }
}
