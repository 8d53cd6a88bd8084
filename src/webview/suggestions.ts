// The list above the question while "@…" or "#…" is typed: a list box that the question's own keys move through.

import type { FoundFile } from "../protocol/engine";
import { element, setText } from "./elements";

export interface Suggestion {
  readonly label: string;
  readonly file?: FoundFile;
}

export class Suggestions {
  readonly root = element("ul", {
    id: "suggestions",
    class: "suggestions",
    role: "listbox",
    "aria-label": "Suggestions",
  });
  /** Stands in the list's place where there is nothing to pick. */
  readonly none = element("p", { class: "suggestions", role: "status" });
  private shown: readonly Suggestion[] = [];
  private active = 0;

  constructor(
    /** The text box whose list this is. */
    private readonly owner: HTMLElement,
    private readonly onPick: (suggestion: Suggestion) => void,
  ) {
    owner.setAttribute("aria-autocomplete", "list");
    owner.setAttribute("aria-controls", "suggestions");
    this.show([]);
  }

  /** @param whenNone what is said when there are none */
  show(suggestions: readonly Suggestion[], whenNone?: string): void {
    this.shown = suggestions;
    this.active = 0;
    this.root.hidden = suggestions.length === 0;
    setText(this.none, suggestions.length === 0 ? whenNone : undefined);
    this.root.replaceChildren(
      ...suggestions.map((suggestion, index) => {
        const option = element("li", { id: `suggestion-${index}`, role: "option" }, suggestion.label);
        // The click must not take the focus from the question.
        option.addEventListener("mousedown", (event) => event.preventDefault());
        option.addEventListener("click", () => this.onPick(suggestion));
        return option;
      }),
    );
    this.mark();
  }

  /** Whether the list has taken the key for itself. */
  take(event: KeyboardEvent): boolean {
    if (this.shown.length === 0) return false;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      const step = key === "ArrowDown" ? 1 : -1;
      this.active = (this.active + step + this.shown.length) % this.shown.length;
      this.mark();
      return true;
    }
    if (!isPick(event)) return false;
    this.onPick(this.shown[this.active]!);
    return true;
  }

  private mark(): void {
    for (const [index, option] of [...this.root.children].entries()) {
      option.setAttribute("aria-selected", String(index === this.active));
    }
    if (this.shown.length > 0) this.owner.setAttribute("aria-activedescendant", `suggestion-${this.active}`);
    else this.owner.removeAttribute("aria-activedescendant");
    this.root.children[this.active]?.scrollIntoView({ block: "nearest" });
  }
}

/** With Shift they go back, or begin a line. */
export function isPick({ key, shiftKey }: KeyboardEvent): boolean {
  return (key === "Enter" || key === "Tab") && !shiftKey;
}
