// As much of the DOM as the chat's page needs, drawn as text: `<p>a <strong>b</strong></p>`. Nothing is laid out, and events
// do not bubble.

class FakeText {
  parent: FakeElement | undefined;

  constructor(readonly textContent: string) {}

  remove(): void {
    this.parent?.take(this);
  }

  isEqualNode(other: unknown): boolean {
    return other instanceof FakeText && String(other) === String(this);
  }

  toString(): string {
    return this.textContent.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  }
}

type FakeNode = FakeElement | FakeText;

export class FakeElement {
  readonly childNodes: FakeNode[] = [];
  parent: FakeElement | undefined;
  hidden = false;
  disabled = false;
  scrollTop = 0;
  offsetTop = 0;
  scrollHeight = 0;
  clientHeight = 0;
  private readonly named = new Map<string, string>();
  private readonly listeners = new Map<string, ((event: unknown) => void)[]>();
  private text = "";
  selectionStart = 0;

  constructor(readonly tag: string) {}

  get localName(): string {
    return this.tag;
  }

  get attributes(): { name: string; value: string }[] {
    return [...this.named].map(([name, value]) => ({ name, value }));
  }

  get className(): string {
    return this.getAttribute("class") ?? "";
  }

  get children(): FakeElement[] {
    return this.childNodes.filter((node) => node instanceof FakeElement);
  }

  get childElementCount(): number {
    return this.children.length;
  }

  get lastElementChild(): FakeElement | undefined {
    return this.children.at(-1);
  }

  get textContent(): string {
    return this.childNodes.map((node) => node.textContent).join("");
  }

  set textContent(text: string) {
    this.replaceChildren(text);
  }

  /** Of a text box, whose cursor goes to its end. */
  get value(): string {
    return this.text;
  }

  set value(text: string) {
    this.text = text;
    this.selectionStart = text.length;
  }

  setSelectionRange(start: number): void {
    this.selectionStart = start;
  }

  append(...nodes: (FakeNode | string)[]): void {
    for (const one of nodes) {
      const node = typeof one === "string" ? new FakeText(one) : one;
      node.remove();
      node.parent = this;
      this.childNodes.push(node);
    }
  }

  replaceChildren(...nodes: (FakeNode | string)[]): void {
    for (const node of [...this.childNodes]) node.remove();
    this.append(...nodes.filter((node) => node !== ""));
  }

  remove(): void {
    this.parent?.take(this);
  }

  replaceWith(other: FakeElement): void {
    const { parent } = this;
    if (parent === undefined) return;
    parent.childNodes.splice(parent.childNodes.indexOf(this), 1, other);
    other.parent = parent;
    this.parent = undefined;
  }

  take(node: FakeNode): void {
    this.childNodes.splice(this.childNodes.indexOf(node), 1);
    node.parent = undefined;
  }

  setAttribute(name: string, value: string): void {
    this.named.set(name, value);
    if (name === "disabled") this.disabled = true;
  }

  getAttribute(name: string): string | null {
    return this.named.get(name) ?? null;
  }

  removeAttribute(name: string): void {
    this.named.delete(name);
  }

  isEqualNode(other: unknown): boolean {
    return other instanceof FakeElement && String(other) === String(this);
  }

  /** All within that have one of these tags, or of these attributes, with brackets or without. */
  querySelectorAll(wanted: string): FakeElement[] {
    const all = this.children.flatMap((child) => [child, ...child.querySelectorAll("*")]);
    const names = wanted.replaceAll(/[[\]]/g, "").split(", ");
    return all.filter(({ tag, named }) => names.some((name) => name === "*" || tag === name || named.has(name)));
  }

  addEventListener(type: string, listener: (event: unknown) => void): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  dispatch(type: string, event: unknown = {}): void {
    for (const listener of this.listeners.get(type) ?? []) listener(event);
  }

  focus(): void {
    fakeDocument.activeElement = this;
  }

  scrollIntoView(): void {}

  toString(): string {
    const attributes = [...this.named].map(([name, value]) => ` ${name}="${value}"`).join("");
    return `<${this.tag}${attributes}>${this.childNodes.join("")}</${this.tag}>`;
  }
}

const body = new FakeElement("body");

export const fakeDocument = {
  body,
  activeElement: body,
  createElement: (tag: string) => new FakeElement(tag),
  createTextNode: (text: string) => new FakeText(text),
};

/** For a suite whose code finds the document where a page has it. */
export function useFakeDom(): void {
  before(() => Object.assign(globalThis, { document: fakeDocument, Element: FakeElement }));
  after(() => {
    for (const name of ["document", "Element"]) Reflect.deleteProperty(globalThis, name);
  });
}
