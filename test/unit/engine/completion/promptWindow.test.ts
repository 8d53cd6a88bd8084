import assert from "node:assert/strict";
import {
  lineStartNear,
  nextStart,
  type PromptWindow,
  promptStart,
} from "../../../../src/engine/completion/promptWindow";
import { Documents, type Mark, type MirroredDocument } from "../../../../src/engine/documents";

const WINDOW: PromptWindow = { longest: 12_000, shortened: 6_000 };

const lines = (count: number) => Array.from({ length: count }, (_, i) => `line number ${i}\n`).join("");

/** A document, and where its prompt begins. */
class Prompted {
  readonly #document: MirroredDocument;
  readonly mark: Mark;

  constructor(text: string) {
    this.#document = new Documents().open({ uri: "file:///a", version: 1, languageId: "plaintext", text });
    this.mark = this.#document.addMark(0);
  }

  get text(): string {
    return this.#document.text;
  }

  insert(offset: number, inserted: string, deleted = 0): void {
    this.#document.change(this.#document.version + 1, [{ offset, deleted, inserted }]);
  }

  prefix(offset: number, window: PromptWindow = WINDOW): string {
    this.mark.offset = promptStart(this.text, this.mark.offset, offset, window);
    return this.text.slice(this.mark.offset, offset);
  }

  nextStart(offset: number, window: PromptWindow): number | undefined {
    return nextStart(this.text, this.mark.offset, offset, window);
  }
}

describe("the window of text that goes into a prompt", () => {
  it("gives the whole text before the cursor while it is short", () => {
    assert.equal(new Prompted("ab\ncd").prefix(4), "ab\nc");
  });

  it("begins a long prompt at a line's start and keeps that beginning while the user types", () => {
    const text = lines(2000);
    const document = new Prompted(text);
    const prefix = document.prefix(text.length);
    assert.match(prefix, /^line number \d+\n/);
    assert.ok(prefix.length <= 6000);
    document.insert(text.length, "more");
    assert.equal(document.prefix(text.length + 4), `${prefix}more`);
  });

  it("knows in good time where a prompt that grows should begin next, and says the same as the user types on", () => {
    const window = { longest: 400, shortened: 200 };
    const document = new Prompted(lines(100));
    const at = document.text.indexOf("line number 50");
    const length = document.prefix(at, window).length;
    const grown = at + 400 - length - 20;
    assert.equal(document.nextStart(at, window), undefined);
    const start = document.nextStart(grown, window)!;
    assert.equal(document.nextStart(grown + 10, window), start);
    document.mark.offset = start;
    const prefix = document.prefix(grown, window);
    assert.match(prefix, /^line number/);
    assert.ok(prefix.length >= window.shortened && prefix.length < 300, `${prefix.length} units`);
  });

  it("keeps the beginning when text above it changes", () => {
    const text = lines(2000);
    const document = new Prompted(text);
    const prefix = document.prefix(text.length);
    document.insert(0, "a much longer beginning\n", 5);
    assert.equal(document.prefix(document.text.length), prefix);
  });

  it("takes in what is typed at the beginning of a file", () => {
    const document = new Prompted("");
    document.insert(0, "im");
    document.insert(2, "port");
    assert.equal(document.prefix(6), "import");
    document.insert(0, "// ");
    assert.equal(document.prefix(9), "// import");
  });

  it("begins again near a cursor that has jumped up", () => {
    const text = lines(2000);
    const document = new Prompted(text);
    document.prefix(text.length);
    assert.equal(document.prefix(30), text.slice(0, 30));
  });

  it("begins again when the cursor has gone up to where the prompt began", () => {
    const text = lines(2000);
    const document = new Prompted(text);
    const start = text.length - document.prefix(text.length).length;
    const above = text.slice(0, start + 200);
    assert.ok(document.prefix(above.length).length > 5900);
  });

  it("begins in the middle of a huge line rather than take it whole", () => {
    const document = new Prompted("x".repeat(1_000_000));
    assert.equal(document.prefix(900_000).length, 6000);
  });

  it("has enough of a huge line right above the cursor, and all that is written below it", () => {
    const window = { longest: 4_000, shortened: 2_000 };
    const document = new Prompted(`${lines(100)}const icon = "${"A".repeat(3_000)}";\n`);
    const lengths = Array.from({ length: 12 }, () => {
      document.insert(document.text.length, "const value = compute();\n");
      return document.prefix(document.text.length, window).length;
    });
    for (const length of lengths) assert.ok(length >= 1_900 && length <= 4_000, `${lengths}`);
    const atIcon = document.text.indexOf("const icon");
    const grown = document.text.indexOf("\n", atIcon) + 1;
    document.mark.offset = grown - 3_100;
    const start = document.nextStart(grown, window)!;
    assert.ok(grown - start >= 1_900, `${grown - start}`);
    assert.equal(document.nextStart(grown + 20, window), start);
  });

  it("begins where a line does, if that is near, and at once where one begins there", () => {
    for (const [from, limit, start] of [
      [0, 9, 0],
      [3, 9, 3],
      [4, 6, 6],
      [4, 5, 4],
      [7, 9, 7],
    ] as const) {
      assert.equal(lineStartNear("ab\ncd\nefg", from, limit), start, `${from} to ${limit}`);
    }
  });

  it("does not begin with half a character", () => {
    const text = "🦅".repeat(10_000);
    for (const offset of [14_000, 14_001]) assert.match(new Prompted(text).prefix(offset), /^🦅/u);
    for (const shortened of [1_999, 2_000]) {
      const start = new Prompted(text).nextStart(5_000, { longest: 4_000, shortened })!;
      assert.match(text.slice(start), /^🦅/u);
    }
  });
});
