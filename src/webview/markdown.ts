// Markdown to elements and text nodes.
//
// What a model writes is untrusted: HTML in it stays text, images stay text, and a link is a word that asks the host.

import MarkdownIt from "markdown-it";

const parser = new MarkdownIt({ html: false, linkify: false });

type Token = ReturnType<typeof parser.parse>[number];

const ELEMENTS = new Set("p h1 h2 h3 h4 h5 h6 ul ol li blockquote em strong s table thead tbody tr th td".split(" "));

export function markdownNodes(text: string, document: Document, openLink: (href: string) => void): Node[] {
  const root = document.createElement("div");
  appendTokens(parser.parse(text, {}), root, document, openLink);
  return [...root.childNodes];
}

function appendTokens(tokens: Token[], root: HTMLElement, document: Document, openLink: (href: string) => void): void {
  const parents = [root];
  for (const token of tokens) {
    const parent = parents.at(-1)!;
    if (token.nesting === -1) {
      parents.pop();
    } else if (token.nesting === 1) {
      const element = opened(token, document, openLink);
      // A paragraph of a tight list is there for the parser only.
      if (element) parent.append(element);
      parents.push(element ?? parent);
    } else if (token.type === "inline") {
      appendTokens(token.children ?? [], parent, document, openLink);
    } else {
      parent.append(leaf(token, document));
    }
  }
}

function opened(token: Token, document: Document, openLink: (href: string) => void): HTMLElement | undefined {
  if (token.type === "link_open") return link(String(token.attrGet("href")), document, openLink);
  if (token.hidden || !ELEMENTS.has(token.tag)) return undefined;
  const element = document.createElement(token.tag);
  const start = token.attrGet("start");
  if (start !== null) element.setAttribute("start", String(start));
  return element;
}

function leaf(token: Token, document: Document): Node {
  switch (token.type) {
    case "code_inline":
      return withText(document.createElement("code"), token.content);
    case "fence":
    case "code_block": {
      const block = document.createElement("pre");
      block.append(withText(document.createElement("code"), token.content.replace(/\n$/, "")));
      return block;
    }
    case "hr":
    case "hardbreak":
      return document.createElement(token.tag);
    case "softbreak":
      return document.createTextNode("\n");
    default:
      // Text, and whatever has no form of its own here: an image's description, say.
      return document.createTextNode(token.content);
  }
}

/** No `href`: the host decides, and VS Code asks the user. Other links than the web's are words like any other. */
function link(href: string, document: Document, openLink: (href: string) => void): HTMLElement {
  if (!/^https?:\/\//i.test(href)) return document.createElement("span");
  const element = document.createElement("a");
  element.setAttribute("role", "link");
  element.setAttribute("tabindex", "0");
  element.setAttribute("title", href);
  element.addEventListener("click", () => openLink(href));
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter") openLink(href);
  });
  return element;
}

function withText(element: HTMLElement, text: string): HTMLElement {
  element.textContent = text;
  return element;
}
