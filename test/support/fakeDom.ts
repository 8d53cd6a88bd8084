// As much of the DOM as the page's Markdown needs, drawn as text: `<p>a <strong>b</strong></p>`.

class FakeText {
  constructor(readonly textContent: string) {}

  toString(): string {
    return this.textContent.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  }
}

export class FakeElement {
  readonly childNodes: (FakeElement | FakeText)[] = [];
  private readonly attributes = new Map<string, string>();
  private readonly listeners = new Map<string, (event: unknown) => void>();

  constructor(private readonly tag: string) {}

  set textContent(text: string) {
    this.childNodes.splice(0, Number.POSITIVE_INFINITY, new FakeText(text));
  }

  append(...nodes: (FakeElement | FakeText)[]): void {
    this.childNodes.push(...nodes);
  }

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }

  addEventListener(type: string, listener: (event: unknown) => void): void {
    this.listeners.set(type, listener);
  }

  dispatch(type: string, event: unknown = {}): void {
    this.listeners.get(type)?.(event);
  }

  toString(): string {
    const attributes = [...this.attributes].map(([name, value]) => ` ${name}="${value}"`).join("");
    return `<${this.tag}${attributes}>${this.childNodes.join("")}</${this.tag}>`;
  }
}

export const fakeDocument = {
  createElement: (tag: string) => new FakeElement(tag),
  createTextNode: (text: string) => new FakeText(text),
} as unknown as Document;
