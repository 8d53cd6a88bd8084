// Markdown to elements and text nodes.
//
// What a model writes is untrusted: HTML in it stays text, images stay text, and a link is a word that asks the host.

import MarkdownIt from "markdown-it";
import { linkTarget } from "../text/citations";
import { TEXT_TAGS } from "./elements";

const parser = new MarkdownIt({ html: false, linkify: false });

type Token = ReturnType<typeof parser.parse>[number];

/** Elements in each other. Browsers end a page with thousands of them, which a few signs of emphasis can ask for. */
const DEEPEST = 100;

/** What can be done with parts of the text. */
export interface MarkdownActions {
  openLink(href: string): void;
  /** Words that are links to places, as they stand in the text. */
  readonly places: ReadonlyMap<string, () => void>;
  /** Stands above a block of code; absent while the text is still coming. */
  readonly codeTools?: (code: string, language: string) => Node;
}

export function markdownNodes(text: string, document: Document, actions: MarkdownActions): Node[] {
  const root = document.createElement("div");
  new Drawing(document, actions).append(parser.parse(text, {}), root);
  return [...root.childNodes];
}

/** Its words alone, a line for each paragraph or block of code: to be read aloud. */
export function plainText(text: string): string {
  return parser
    .parse(text, {})
    .map((token) =>
      (token.children ?? [token]).map(({ type, content }) => (/break$/.test(type) ? " " : content)).join(""),
    )
    .map((words) => words.trim())
    .filter((words) => words !== "")
    .join("\n");
}

class Drawing {
  private readonly anyPlace: RegExp | undefined;
  /** A link in a link would open both. */
  private isInLink = false;

  constructor(
    private readonly document: Document,
    private readonly actions: MarkdownActions,
  ) {
    // The longest first: `a.ts:3-9` is not `a.ts:3`.
    const places = [...actions.places.keys()].sort((a, b) => b.length - a.length);
    const patterns = places.map((words) => words.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
    // Not within a longer path or number.
    if (patterns.length > 0) {
      this.anyPlace = new RegExp(`(?<![\\p{L}\\p{N}_/.\\\\])(?:${patterns.join("|")})(?!-?[\\p{L}\\p{N}_])`, "gu");
    }
  }

  append(tokens: Token[], root: HTMLElement, depth = 0): void {
    const parents = [root];
    for (const token of tokens) {
      const parent = parents.at(-1)!;
      if (token.nesting === -1) {
        if (token.type === "link_close") this.isInLink = false;
        parents.pop();
      } else if (token.nesting === 1) {
        const element = depth + parents.length <= DEEPEST ? this.opened(token) : undefined;
        // A paragraph of a tight list is there for the parser only.
        if (element) parent.append(element);
        parents.push(element ?? parent);
      } else if (token.type === "inline") {
        this.append(token.children ?? [], parent, depth + parents.length - 1);
      } else {
        parent.append(...this.leaves(token));
      }
    }
  }

  private opened(token: Token): HTMLElement | undefined {
    if (token.type === "link_open") return this.linkTo(String(token.attrGet("href")));
    if (token.hidden || !TEXT_TAGS.includes(token.tag)) return undefined;
    const element = this.document.createElement(token.tag);
    const start = token.attrGet("start");
    if (start !== null) element.setAttribute("start", String(start));
    return element;
  }

  private leaves(token: Token): Node[] {
    switch (token.type) {
      case "code_inline": {
        const code = this.document.createElement("code");
        code.append(...this.withPlaces(token.content));
        return [code];
      }
      case "fence":
      case "code_block":
        return this.codeBlock(token);
      case "hr":
      case "hardbreak":
        return [this.document.createElement(token.tag)];
      case "softbreak":
        return [this.document.createTextNode("\n")];
      default:
        // Text, and whatever has no form of its own here: an image's description, say.
        return this.withPlaces(token.content);
    }
  }

  private codeBlock({ content, info }: Token): Node[] {
    const text = content.replace(/\n$/, "");
    const code = this.document.createElement("code");
    code.textContent = text;
    const language = info.trim().split(/\s/)[0] ?? "";
    const block = this.document.createElement("pre");
    // So that the keyboard can scroll it, and knows what it has come to.
    block.setAttribute("tabindex", "0");
    block.setAttribute("role", "group");
    block.setAttribute("aria-label", language === "" ? "Code" : `Code, ${language}`);
    block.append(code);
    if (!this.actions.codeTools || text.trim() === "") return [block];
    // In one element, since tools that look alike are those of other code when the code is another.
    const whole = this.document.createElement("div");
    whole.append(this.actions.codeTools(text, language), block);
    return [whole];
  }

  /** Text, with the places in it as links. */
  private withPlaces(text: string): Node[] {
    const nodes: Node[] = [];
    let end = 0;
    const addText = (to: number): void => {
      if (to > end) nodes.push(this.document.createTextNode(text.slice(end, to)));
    };
    for (const { index, 0: words } of this.anyPlace && !this.isInLink ? text.matchAll(this.anyPlace) : []) {
      addText(index);
      const place = this.link(words, this.actions.places.get(words)!);
      place.textContent = words;
      nodes.push(place);
      end = index + words.length;
    }
    addText(text.length);
    return nodes;
  }

  /** Other links than those to the web and to places that were found are words like any other. */
  private linkTo(href: string): HTMLElement {
    const target = linkTarget(href);
    const place = this.actions.places.get(target);
    const isWeb = /^https?:\/\//i.test(href);
    if (place === undefined && !isWeb) return this.document.createElement("span");
    this.isInLink = true;
    return place ? this.link(target, place) : this.link(href, () => this.actions.openLink(href));
  }

  /** No `href`: the host decides, and VS Code asks the user. */
  private link(title: string, open: () => void): HTMLElement {
    const element = this.document.createElement("a");
    element.setAttribute("role", "link");
    element.setAttribute("tabindex", "0");
    element.setAttribute("title", title);
    element.addEventListener("click", open);
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter") open();
    });
    return element;
  }
}
