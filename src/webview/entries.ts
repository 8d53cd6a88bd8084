// A question or an answer as elements: what was said, what it draws on, and what can be done with its code.

import { type FilePlace, isInPrompt } from "../protocol/engine";
import type { AnswerEntry, AnswerSource, ChatEntry, FromPage, QuestionEntry } from "../protocol/webview";
import { dedent } from "../text/lines";
import { become, button, element, keepingKeyboard } from "./elements";
import { markdownNodes, plainText } from "./markdown";

export type Send = (message: FromPage) => void;

/** So much of a source's text stands below its link, where the sources are the answer. */
const EXCERPT_LINES = 12;
/** Sources that are shown with their text. */
const SHOWN_SOURCES = 3;
/** The class of what the model said itself. */
const SAID = "said";
/** The class of what is around that, where it is a draft. */
const DRAFT = "draft";
/** Is read aloud as soon as a question is sent. */
export const ASKED = "Asked.";
const NEW_TOPIC = "New topic";
const PLACES = "Places in the repository";
const ATTACHED = "Attached";
const DRAFT_NAME = "Draft of the model";

/** What the page does with an entry besides its own text. */
export interface EntryActions {
  readonly send: Send;
  /** Asks an answer's question once more; absent where something else has been asked since. */
  readonly askAgain?: (() => void) | undefined;
  /** Whether the reader has opened its draft, or has closed it where it was open at first. */
  readonly isDraftToggled: boolean;
}

export function entryElement(entry: ChatEntry, isAnswering: boolean, actions: EntryActions): HTMLElement {
  switch (entry.role) {
    case "user":
      return questionElement(entry);
    case "model":
      return answerElement(entry, isAnswering, actions);
    case "divider":
      return element("div", { class: "divider", role: "separator", "aria-label": NEW_TOPIC }, NEW_TOPIC);
  }
}

/**
 * Draws an entry where it, or what it was before, is drawn already. What stays the same is left alone: a link that somebody is about to
 * click must not be exchanged under the pointer, nor lose the keyboard when the answer ends.
 */
export function redraw(turn: Element, entry: ChatEntry, isAnswering: boolean, actions: EntryActions): void {
  const made = entryElement(entry, isAnswering, actions);
  if (turn.className === made.className) keepingKeyboard(turn, () => become(turn, made, [SAID, DRAFT]));
  else turn.replaceWith(made);
}

/** Those that the search has found: what the user has attached is nothing new. */
export function foundPlaces({ sources }: AnswerEntry): readonly AnswerSource[] {
  return sources.filter((source) => !isAttached(source));
}

/** Only where there are no places: a draft often costs more to read than it is worth. */
export function isDraftOpenAtFirst(entry: AnswerEntry): boolean {
  return foundPlaces(entry).length === 0;
}

/** How far an answer that is under way has come, as it is read aloud. */
export function spokenProgress(entry: AnswerEntry): string {
  const { searched, isGathered, refusals } = entry;
  if (!isGathered) return ASKED;
  const { length: count } = foundPlaces(entry);
  const places = count === 1 ? "1 place found." : `${count} places found.`;
  return [...refusals, ...(count > 0 || searched ? [places] : []), "Answering."].join(" ");
}

/** An answer as it is read aloud when it has ended: what it says itself, in the order in which it is drawn. */
export function spokenAnswer(entry: AnswerEntry): string {
  const { text, isContinuation, refusals, note } = entry;
  const found = foundPlaces(entry);
  const places = isContinuation && found.length > 0 ? [`${PLACES}: ${found.map(wordsOf).join(", ")}`] : [];
  const search = searchSentences(entry);
  const draft = places.length > 0 && text !== "" ? `${DRAFT_NAME}, folded away below the places.` : plainText(text);
  const said = isContinuation ? [...places, ...search, draft] : [plainText(text), ...search];
  return [...refusals, ...said, ...(note === undefined ? [] : [note])].join("\n");
}

function questionElement({ text, attached }: QuestionEntry): HTMLElement {
  const turn = element("article", { class: "turn user", "aria-label": "You" }, text);
  if (attached.length > 0) turn.append(element("p", { class: "facts" }, attached.join("  ")));
  return turn;
}

/** A model that was trained to answer comes before its sources; one that was not comes after them, folded away as a draft. */
function answerElement(entry: AnswerEntry, isAnswering: boolean, actions: EntryActions): HTMLElement {
  const { send, askAgain, isDraftToggled } = actions;
  const turn = element("article", { class: "turn model", "aria-label": "Griffin", "aria-busy": String(isAnswering) });
  for (const refusal of entry.refusals) turn.append(element("p", { class: "refusal" }, refusal));
  const said = element("div", { class: SAID }, ...saidNodes(entry, isAnswering, send));
  if (entry.isContinuation) {
    turn.append(...listNodes(PLACES, foundPlaces(entry), SHOWN_SOURCES, send), ...searchNodes(entry));
    turn.append(...listNodes(ATTACHED, entry.sources.filter(isAttached), 0, send));
    const isSearching = isAnswering && !entry.isGathered;
    const isOpen = isDraftOpenAtFirst(entry) !== isDraftToggled;
    if (isSearching) turn.append(...searchingNodes(entry));
    else if (isAnswering || entry.text !== "") turn.append(draftElement(said, isOpen));
  } else {
    turn.append(said, ...(isAnswering ? [] : [...listNodes("Sources", entry.sources, 0, send), ...searchNodes(entry)]));
  }
  if (entry.note !== undefined) {
    const again = askAgain ? [" ", button("Ask Again", { class: "link" }, askAgain)] : [];
    turn.append(element("p", { class: "note" }, entry.note, ...again));
  }
  if (entry.facts !== undefined) turn.append(element("p", { class: "facts" }, entry.facts));
  return turn;
}

function searchingNodes({ searched }: AnswerEntry): HTMLElement[] {
  return searched === undefined ? [] : [element("p", { class: "mark" }, "Searching…")];
}

function draftElement(said: HTMLElement, isOpen: boolean): HTMLElement {
  const attributes = { class: DRAFT, ...(isOpen && { open: "" }) };
  return element("details", attributes, element("summary", { class: "mark" }, DRAFT_NAME), said);
}

function saidNodes({ text, citations }: AnswerEntry, isAnswering: boolean, send: Send): Node[] {
  const places = new Map(
    citations.map((place) => [place.text, () => send({ type: "openPlace", place: placeOf(place) })]),
  );
  return markdownNodes(text, document, {
    openLink: (href) => send({ type: "openLink", href }),
    places,
    ...(isAnswering ? {} : { codeTools: (code, language) => codeTools(code, language, send) }),
  });
}

function codeTools(code: string, language: string, send: Send): HTMLElement {
  // Its name begins with the word that is seen: who speaks to the machine says that.
  const tool = (label: string, title: string, type: "copyCode" | "insertCode" | "applyCode") =>
    button(label, { class: "tool", title, "aria-label": title }, () => send({ type, code }));
  return element(
    "div",
    { class: "code-tools" },
    element("span", { class: "language" }, language),
    tool("Copy", "Copy this code", "copyCode"),
    tool("Insert", "Insert this code at the cursor", "insertCode"),
    tool("Apply", "Apply: show this code as a change of the open file", "applyCode"),
  );
}

/** @param shown so many of them with their text */
function listNodes(title: string, sources: readonly AnswerSource[], shown: number, send: Send): HTMLElement[] {
  if (sources.length === 0) return [];
  const list = element("ol", { class: "sources" });
  for (const [index, source] of sources.entries()) {
    const item = element("li", {}, placeLink(source, send), " ", element("span", { class: "facts" }, reasonOf(source)));
    if (index < shown && source.text !== undefined) item.append(excerpt(source.text));
    list.append(item);
  }
  return [element("section", {}, element("h2", { class: "label" }, title), list)];
}

function searchNodes(entry: AnswerEntry): HTMLElement[] {
  const sentences = searchSentences(entry);
  return sentences.length === 0 ? [] : [element("p", {}, sentences.join(" "))];
}

/** What there is to know of the search besides what it has found: where the places are the answer, that there are none. */
function searchSentences(entry: AnswerEntry): string[] {
  const { isContinuation, searched, isGathered } = entry;
  if (searched === undefined || !isGathered) return [];
  return [
    ...(isContinuation && foundPlaces(entry).length === 0 ? ["No place in the repository fits this question."] : []),
    ...(searched === "part" ? ["The repository had not been searched completely, so places may be missing."] : []),
  ];
}

/** What lies in no folder of the workspace cannot be opened from here. */
function placeLink(source: AnswerSource, send: Send): HTMLElement {
  const words = wordsOf(source);
  if (source.folder === undefined) return element("span", {}, words);
  return button(words, { class: "link", title: `Open ${words}`, "data-folder": source.folder }, () =>
    send({ type: "openPlace", place: placeOf(source) }),
  );
}

function wordsOf({ name, startLine, endLine }: AnswerSource): string {
  return `${name}:${startLine}${endLine > startLine ? `-${endLine}` : ""}`;
}

function isAttached({ reason }: AnswerSource): boolean {
  return reason === "attached file" || reason === "attached selection";
}

function reasonOf(source: AnswerSource): string {
  return isInPrompt(source) ? source.reason : `${source.reason}, not read by the model: no room`;
}

function excerpt(text: string): HTMLElement {
  const lines = text.split("\n");
  const shown = dedent(lines.slice(0, EXCERPT_LINES)).join("\n") + (lines.length > EXCERPT_LINES ? "\n…" : "");
  return element("pre", {}, element("code", {}, shown));
}

/** Only what the host needs. */
function placeOf({ folder, path, startLine, endLine }: FilePlace): FilePlace {
  return { path, startLine, endLine, ...(folder === undefined ? {} : { folder }) };
}
