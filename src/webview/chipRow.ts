// The row of what the next question is asked with: the repository, files, selections. Each can be taken away.

import type { ChatChip, ChatChips } from "../protocol/webview";
import { button, element, keepingKeyboard, setText } from "./elements";
import type { Send } from "./entries";

const REFUSAL_ID = "repository-refusal";

export class ChipRow {
  readonly root = element("div", { class: "chips", role: "group", "aria-label": "Asked with" });
  /** What has come or gone, for who does not see that. */
  readonly news = element("p", { class: "aloud news", role: "status" });
  private drawn: ChatChips | undefined;

  constructor(
    private readonly send: Send,
    private readonly mentionFile: () => void,
  ) {}

  /** @param isNews whether what differs is told: before the host has said what there is, all of it does */
  draw(chips: ChatChips, isNews: boolean): void {
    if (JSON.stringify(chips) === JSON.stringify(this.drawn)) return;
    if (isNews && this.drawn) setText(this.news, newsOf(this.drawn.attachments, chips.attachments));
    this.drawn = chips;
    keepingKeyboard(this.root, () =>
      this.root.replaceChildren(
        this.repositoryChip(chips.repository),
        ...chips.attachments.map(({ id, label }) => this.removableChip(id, label)),
        button("+ File", { class: "chip add", title: "Add a file: @ and some letters of its path" }, this.mentionFile),
        button("+ Selection", { class: "chip add", title: "Add what is selected in the editor" }, () =>
          this.send({ type: "attachSelection" }),
        ),
        ...this.refusalNodes(chips.repository),
      ),
    );
  }

  private repositoryChip({ isOn, refusal }: ChatChips["repository"]): HTMLElement {
    // Its name says whether it is on: a state beside that would say so twice.
    const label = isOn ? "Repository: on" : "Repository: off";
    const attributes = { class: isOn ? "chip" : "chip off" };
    if (refusal !== undefined) {
      // Not `disabled`: the keyboard comes to it all the same, and hears why.
      return button(label, { ...attributes, "aria-disabled": "true", "aria-describedby": REFUSAL_ID }, () => {});
    }
    const title = isOn ? "Answers draw on the repository" : "Answers do not draw on the repository";
    return button(label, { ...attributes, title }, () => this.send({ type: "useRepository", isOn: !isOn }));
  }

  /** Why the repository cannot be drawn on. */
  private refusalNodes({ refusal, needsTrust }: ChatChips["repository"]): HTMLElement[] {
    if (refusal === undefined) return [];
    const trust = button("Manage Trust", { class: "link" }, () => this.send({ type: "manageTrust" }));
    return [
      element(
        "p",
        { class: "facts" },
        element("span", { id: REFUSAL_ID }, refusal),
        ...(needsTrust ? [" ", trust] : []),
      ),
    ];
  }

  private removableChip(id: string, label: string): HTMLElement {
    const remove = button("✕", { class: "remove", "aria-label": `Remove ${label}`, title: "Remove" }, () =>
      this.send({ type: "detach", id }),
    );
    return element("span", { class: "chip" }, label, remove);
  }
}

function newsOf(before: readonly ChatChip[], now: readonly ChatChip[]): string {
  const labels = (chips: readonly ChatChip[], others: readonly ChatChip[]): string[] =>
    chips.filter(({ id }) => others.every((other) => other.id !== id)).map(({ label }) => label);
  return [
    ...labels(now, before).map((label) => `${label} added.`),
    ...labels(before, now).map((label) => `${label} removed.`),
  ].join(" ");
}
