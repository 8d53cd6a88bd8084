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

/** Makes `nodes` the target's children. Those that are there already, up to the first that differs, stay: marked, scrolled, focused. */
export function replaceFromDifference(target: Element, nodes: readonly Node[]): void {
  const old = [...target.childNodes];
  let same = 0;
  while (same < nodes.length && old[same]?.isEqualNode(nodes[same]!)) same++;
  for (const node of old.slice(same)) node.remove();
  target.append(...nodes.slice(same));
}

export function setText(target: HTMLElement, text: string | undefined): void {
  target.textContent = text ?? "";
  target.hidden = !text;
}
