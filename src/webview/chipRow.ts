// The row of what the next question is asked with: the repository, files, selections. Each can be taken away.

import type { ChatChips } from "../protocol/webview";
import { button, element } from "./elements";
import type { Send } from "./entries";

export class ChipRow {
  readonly root = element("div", { class: "chips", role: "group", "aria-label": "Asked with" });
  private drawn: ChatChips | undefined;

  constructor(private readonly send: Send) {}

  draw(chips: ChatChips): void {
    if (JSON.stringify(chips) === JSON.stringify(this.drawn)) return;
    // The keyboard's place in the row is kept: the chip that was removed gives it to its neighbor.
    const focused = [...this.root.querySelectorAll("button")].indexOf(document.activeElement as HTMLButtonElement);
    this.drawn = chips;
    this.root.replaceChildren(
      this.repositoryChip(chips.repository),
      ...chips.attachments.map(({ id, label }) => this.removableChip(id, label)),
      button("+ Selection", { class: "chip add", title: "Add what is selected in the editor" }, () =>
        this.send({ type: "attachSelection" }),
      ),
    );
    if (focused < 0) return;
    const buttons = this.root.querySelectorAll("button");
    buttons[Math.min(focused, buttons.length - 1)]?.focus();
  }

  private repositoryChip({ isOn, refusal }: ChatChips["repository"]): HTMLElement {
    const label = isOn ? "Repository: on" : "Repository: off";
    const title = refusal ?? (isOn ? "Answers draw on the repository" : "Answers do not draw on the repository");
    const attributes = { class: "chip", "aria-pressed": String(isOn), title };
    const chip = button(label, attributes, () => this.send({ type: "useRepository", isOn: !isOn }));
    if (refusal !== undefined) chip.setAttribute("disabled", "");
    return chip;
  }

  private removableChip(id: string, label: string): HTMLElement {
    const remove = button("✕", { class: "remove", "aria-label": `Remove ${label}`, title: "Remove" }, () =>
      this.send({ type: "detach", id }),
    );
    return element("span", { class: "chip" }, label, remove);
  }
}
