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
 * Those of a class in `within` stay in any case, and become what they should be in the same way.
 */
export function become(target: Element, made: Element, within: readonly string[]): void {
  // What the reader has opened or closed stays so.
  for (const { name, value } of made.attributes) if (name !== "open") target.setAttribute(name, value);
  const [old, nodes] = [[...target.childNodes], [...made.childNodes]];
  const stays = (one: Node | undefined, other: Node): boolean => {
    if (one instanceof Element && other instanceof Element && one.className === other.className) {
      if (within.includes(one.className)) {
        become(one, other, within);
        return true;
      }
    }
    return one?.isEqualNode(other) ?? false;
  };
  let same = 0;
  while (same < nodes.length && stays(old[same], nodes[same]!)) same++;
  for (const node of old.slice(same)) node.remove();
  target.append(...nodes.slice(same));
}

/** The same again is left alone: a screen reader would say it again. */
export function setText(target: HTMLElement, text: string | undefined): void {
  if (target.textContent !== (text ?? "")) target.textContent = text ?? "";
  target.hidden = !text;
}
