// Elements, made without HTML strings.

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function button(label: string, attributes: Readonly<Record<string, string>>, onClick: () => void): HTMLElement {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", onClick);
  return made;
}

/**
 * Makes `target` what `made` is. Children that are there already, up to the first that differs, stay: marked, scrolled, focused.
 * Those of a class in `within`, and those that are only text, stay in any case, and become what they should be in the same way.
 */
export function become(target: Element, made: Element, within: readonly string[]): void {
  // What the reader has opened or closed stays so.
  for (const { name, value } of made.attributes) if (name !== "open") target.setAttribute(name, value);
  for (const { name } of [...target.attributes]) {
    if (name !== "open" && made.getAttribute(name) === null) target.removeAttribute(name);
  }
  const [old, nodes] = [[...target.childNodes], [...made.childNodes]];
  const stays = (one: Node | undefined, other: Node): boolean => {
    // First, as nearly all of a long answer is: the browser compares faster than this goes through it.
    if (one?.isEqualNode(other)) return true;
    if (!(one instanceof Element && other instanceof Element && one.className === other.className)) return false;
    const isSame = one.localName === other.localName && TEXTUAL.has(one.localName);
    if (!isSame && !within.includes(one.className)) return false;
    become(one, other, within);
    return true;
  };
  let same = 0;
  while (same < nodes.length && stays(old[same], nodes[same]!)) same++;
  for (const node of old.slice(same)) node.remove();
  target.append(...nodes.slice(same));
}

/** What text is drawn with, but for its code. */
export const TEXT_TAGS: readonly string[] =
  "p h1 h2 h3 h4 h5 h6 ul ol li blockquote em strong s table thead tbody tr th td".split(" ");

/** Do nothing when they are clicked, whatever stands in them. */
const TEXTUAL: ReadonlySet<string> = new Set([...TEXT_TAGS, "pre", "code"]);

/**
 * Changes what is in `root`. The keyboard stays on what is called the same there, or goes to what has come in the place of what
 * is gone.
 */
export function keepingKeyboard(root: Element, change: () => void): void {
  const before = stopsIn(root);
  const focused = before.indexOf(document.activeElement as HTMLElement);
  change();
  if (focused < 0) return;
  const stops = stopsIn(root);
  if (stops.includes(before[focused]!)) return;
  const isCalledSame = (one: HTMLElement): boolean => nameOf(one) === nameOf(before[focused]!);
  const which = before.slice(0, focused).filter(isCalledSame).length;
  const next = stops.filter(isCalledSame)[which] ?? stops[Math.min(focused, stops.length - 1)];
  next?.focus({ preventScroll: true });
}

/** Where the keyboard stops. */
function stopsIn(root: Element): readonly HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>("[tabindex], button, summary")];
}

/** As a screen reader says it. */
function nameOf(stop: HTMLElement): string {
  return stop.getAttribute("aria-label") ?? stop.textContent;
}

/** The same again is left alone: a screen reader would say it again. */
export function setText(target: HTMLElement, text = ""): void {
  if (target.textContent !== text) target.textContent = text;
}
