import assert from "node:assert/strict";
import { markdownNodes, plainText } from "../../../src/webview/markdown";
import { type FakeElement, fakeDocument } from "../../support/fakeDom";

function check(markdown: string, expected: string): void {
  assert.equal(render(markdown).nodes.join(""), expected);
}

function render(markdown: string, found: readonly string[] = ["src/a.ts:3", "src/a.ts:3-9"]) {
  const opened: string[] = [];
  const places = new Map(found.map((place) => [place, () => opened.push(place)]));
  const actions = { openLink: (href: string) => opened.push(href), places };
  const nodes = markdownNodes(markdown, fakeDocument as unknown as Document, actions) as unknown as FakeElement[];
  return { nodes, opened };
}

const block = (name: string, code: string) =>
  `<pre tabindex="0" role="group" aria-label="${name}"><code>${code}</code></pre>`;

describe("markdown", () => {
  it("draws text", () => {
    check("a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>");
    check("one\ntwo\n\nthree", "<p>one\ntwo</p><p>three</p>");
    check("# Title", "<h1>Title</h1>");
    check("> said", "<blockquote><p>said</p></blockquote>");
  });

  it("draws lists, tight and loose", () => {
    check("- a\n- b", "<ul><li>a</li><li>b</li></ul>");
    check("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>");
    check("3. a", '<ol start="3"><li>a</li></ol>');
  });

  it("draws code, also while its end is still to come", () => {
    check("```ts\nconst a = 1 < 2;\n```", block("Code, ts", "const a = 1 &lt; 2;"));
    check("```ts\nconst a", block("Code, ts", "const a"));
    check("    const a", block("Code", "const a"));
  });

  it("draws tables", () => {
    check("|a|\n|-|\n|b|", "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>");
  });

  it("leaves HTML as text", () => {
    check('<img src=x onerror="alert(1)">', '<p>&lt;img src=x onerror="alert(1)"></p>');
    check("a <script>b</script>", "<p>a &lt;script>b&lt;/script></p>");
  });

  it("shows an image's description and loads nothing", () => check("![cat](https://e.org/c.png)", "<p>cat</p>"));

  it("makes a link to the web ask the host", () => {
    const { nodes, opened } = render("[docs](https://e.org/a)");
    const link = nodes[0]!.childNodes[0] as FakeElement;
    assert.equal(String(link), '<a role="link" tabindex="0" title="https://e.org/a">docs</a>');
    link.dispatch("click");
    link.dispatch("keydown", { key: "Enter" });
    link.dispatch("keydown", { key: "a" });
    assert.deepEqual(opened, ["https://e.org/a", "https://e.org/a"]);
  });

  it("makes no link of anything else", () => {
    for (const href of ["command:workbench.action.quit", "vscode://x/y", "mailto:a@b.c", "/etc/passwd", "#a"]) {
      check(`[x](${href})`, "<p><span>x</span></p>");
    }
    check("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>");
  });

  it("makes links of the places that were found, in text and in code, and of no others", () => {
    const link = (place: string) => `<a role="link" tabindex="0" title="${place}">${place}</a>`;
    check("see src/a.ts:3.", `<p>see ${link("src/a.ts:3")}.</p>`);
    check("`src/a.ts:3-9` and src/a.ts:3", `<p><code>${link("src/a.ts:3-9")}</code> and ${link("src/a.ts:3")}</p>`);
    for (const other of ["src/b.ts:3", "src/a.ts:30", "xsrc/a.ts:3", "lib/src/a.ts:3"]) check(other, `<p>${other}</p>`);
    const { nodes, opened } = render("src/a.ts:3");
    (nodes[0]!.childNodes[0] as FakeElement).dispatch("click");
    assert.deepEqual(opened, ["src/a.ts:3"]);
  });

  it("makes links of those that lead to such places, with their own words", () => {
    const found = ["src/a.ts#L3", "src/my größe.ts:9"];
    const texts = ["[`a`, line 3](src/a.ts#L3)", "[mine](<src/my größe.ts:9>)", "[mine](src/my%20größe.ts:9)"];
    for (const [index, text] of texts.entries()) {
      const { nodes, opened } = render(text, found);
      const link = nodes[0]!.childNodes[0] as FakeElement;
      assert.equal(link.getAttribute("role"), "link", text);
      link.dispatch("click");
      assert.deepEqual(opened, [found[Math.min(index, 1)]]);
    }
    check("[x](src/b.ts#L3)", "<p><span>x</span></p>");
  });

  it("opens a link to the web alone, also when it speaks of a place", () => {
    const web = (words: string) => `<a role="link" tabindex="0" title="https://e.org/">${words}</a>`;
    check("[`src/a.ts:3` there](https://e.org/)", `<p>${web("<code>src/a.ts:3</code> there")}</p>`);
    const place = '<a role="link" tabindex="0" title="src/a.ts:3">src/a.ts:3</a>';
    check("[there](https://e.org/) src/a.ts:3", `<p>${web("there")} ${place}</p>`);
    check("[src/a.ts:3](src/a.ts)", `<p><span>${place}</span></p>`);
    const { nodes, opened } = render("[src/a.ts:3](https://e.org/)");
    const link = nodes[0]!.childNodes[0] as FakeElement;
    assert.equal(String(link), web("src/a.ts:3"));
    link.dispatch("click");
    assert.deepEqual(opened, ["https://e.org/"]);
  });

  it("is read aloud by its words", () => {
    const text = "# One\n\ntwo *three*\nfour `five` [six](https://e.org/)\n\n- seven\n\n```ts\neight\n```\n\n---";
    assert.equal(plainText(text), "One\ntwo three four five six\nseven\neight");
  });

  it("puts tools above a block of code, once the text has ended", () => {
    const asked: string[] = [];
    const codeTools = (code: string, language: string) => {
      asked.push(`${language}: ${code}`);
      return fakeDocument.createElement("nav") as unknown as Node;
    };
    const nodes = markdownNodes("```ts title\na\nb\n```\n\n```\n```", fakeDocument as unknown as Document, {
      openLink: () => {},
      places: new Map(),
      codeTools,
    });
    assert.equal(nodes.join(""), `<div><nav></nav>${block("Code, ts", "a\nb")}</div>${block("Code", "")}`);
    assert.deepEqual(asked, ["ts: a\nb"]);
  });
});
