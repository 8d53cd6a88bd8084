// The chat's page alone, in a browser: what a person clicks and types, and what the host is told. Answers of every kind are
// made by hand here, which no model would give on demand.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import type { AnswerEntry, AnswerSource, ChatEntry, FromPage, ToPage } from "../../src/protocol/webview";
import { testEditorFromEnvironment } from "../../tools/test/testEditor.mjs";
import { launchBrowser } from "../../tools/workbench/browser.mjs";
import { answerOf } from "../support/chatEntries";

const source = (path: string, tokens: number): AnswerSource => ({
  ...{ folder: "/work", path, name: path, startLine: 1, endLine: 3, tokens },
  ...{ text: "export function area() {\n  return 6;\n}", reason: "definition" },
});
const citation = { text: "src/a.ts:2", folder: "/work", path: "src/a.ts", startLine: 2, endLine: 2 };
const answer: AnswerEntry = {
  ...{ role: "model", text: "See src/a.ts:2 and src/b.ts:9.\n\n```ts\nreturn 6;\n```", isContinuation: true },
  ...{ isGathered: true, sources: [source("src/a.ts", 9), source("src/b.ts", 0)], citations: [citation] },
  ...{ refusals: [".env was not used: its name is that of keys."], facts: "prompt of 30 tokens" },
};
const question: ChatEntry = { role: "user", text: "<b>How?</b>", attached: ["@src/a.ts"] };
const chips = { repository: { isOn: true }, attachments: [{ id: "1", label: "@src/a.ts" }] } as const;

/** As much of what VS Code puts into a webview as gets in the way, and a few colors that tell what is drawn with them. */
const VS_CODE_STYLE = `
  @layer vscode-default { code { background-color: rgb(9, 52, 95); } }
  :root {
    --vscode-textPreformat-foreground: rgb(1, 1, 1);
    --vscode-textLink-foreground: rgb(2, 2, 2);
    --vscode-badge-background: rgb(3, 3, 3);
    --vscode-button-hoverBackground: rgb(4, 4, 4);
  }`;

describe("the chat's page", () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    browser = await launchBrowser(testEditorFromEnvironment().chromium);
    page = await browser.newPage();
    page.on("pageerror", (error) => assert.fail(error));
    await page.evaluate(() => {
      const sent: unknown[] = [];
      const host = {
        postMessage: (message: unknown) => sent.push(message),
        getState: () => undefined,
        setState: () => {},
      };
      Object.assign(globalThis, { sent, acquireVsCodeApi: () => host });
    });
    await page.addStyleTag({ content: VS_CODE_STYLE });
    await page.addStyleTag({ content: readFileSync("media/chat.css", "utf8") });
    await page.addScriptTag({ content: readFileSync("dist/webview.js", "utf8") });
  });
  after(() => browser?.close());

  /** Tells the page, and waits until it has drawn that: what a test looks at may be there from the test before. */
  const tell = (message: ToPage) =>
    page.evaluate(
      (told) =>
        new Promise<void>((resolve) => {
          const afterDrawing = () => requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
          window.addEventListener("message", afterDrawing, { once: true });
          window.postMessage(told, "*");
        }),
      message,
    );

  async function show(entries: readonly ChatEntry[], answering = false, instructionTuned = false): Promise<void> {
    const availability = { type: "ready", modelName: "Small", instructionTuned } as const;
    await tell({ type: "state", availability, entries, answering, chips });
    await page
      .locator(".turn")
      .nth(entries.length - 1)
      .waitFor();
  }

  it("leaves what it has drawn of an answer alone while more comes", async () => {
    const streamed = (text: string): ChatEntry[] => [question, answerOf({ text })];
    await show(streamed("First.\n\nSec"), true, true);
    await page.evaluate(() => {
      const first = document.querySelector(".said p")!;
      Object.assign(globalThis, { first });
      getSelection()!.selectAllChildren(first);
    });
    await show(streamed("First.\n\nSecond, and\n\n- a list"), true, true);
    await page.locator(".said li").waitFor();
    const isSame = () => (globalThis as unknown as { first: Element }).first === document.querySelector(".said p");
    assert.ok(await page.evaluate(isSame), "the first paragraph was drawn again");
    assert.equal(await page.evaluate(() => getSelection()!.toString()), "First.");
    assert.equal(await page.locator(".said p").nth(1).innerText(), "Second, and");
  });

  it("leaves the link that has the keyboard alone when the answer ends, and draws what comes with the end", async () => {
    const { facts, ...begun } = answer;
    const unfinished: AnswerEntry = { ...begun, isContinuation: false, text: "See src/a.ts:2." };
    await show([question, unfinished], true, true);
    await page.getByRole("link", { name: "src/a.ts:2" }).focus();
    const ended = `${unfinished.text}\n\n\`\`\`ts\nreturn 6;\n\`\`\``;
    await show([question, { ...unfinished, text: ended, facts: facts! }], false, true);
    assert.equal(await page.evaluate(() => document.activeElement!.textContent), "src/a.ts:2");
    assert.equal(await page.locator(".turn.model").getAttribute("aria-busy"), "false");
    assert.equal(await page.locator(".turn").count(), 2);
    for (const part of ["Copy this code", "src/a.ts:1-3"]) await page.getByRole("button", { name: part }).waitFor();
    await page.getByText(facts!).waitFor();
  });

  /** What the host was told since the last call. */
  function sent(): Promise<FromPage[]> {
    return page.evaluate(() => (globalThis as unknown as { sent: FromPage[] }).sent.splice(0));
  }

  /** Whether it is open is the reader's to say, and stays so while the answer is drawn. */
  const openDraft = () => page.locator(".draft").evaluate((draft) => draft.setAttribute("open", ""));

  it("puts the places before a draft, which the keyboard opens, and sources below an answer", async () => {
    await show([question, answer]);
    const order = async () => (await page.locator(".turn.model").innerText()).replaceAll(/\s+/g, " ");
    assert.match(await order(), /Places in the repository.*src\/a\.ts:1-3.*no room.*Draft of the model/);
    const draft = page.locator(".said");
    assert.equal(await draft.isVisible(), false);
    await page.locator(".draft summary").press("Enter");
    await draft.waitFor();
    assert.match(await order(), /no room.*Draft of the model.*See src/);
    await show([question, { ...answer, isContinuation: false }], false, true);
    await page.getByRole("heading", { name: "Sources" }).waitFor();
    assert.match(await order(), /See src.*Sources.*src\/a\.ts:1-3/);
    assert.equal(await page.locator(".draft").count(), 0);
  });

  it("says beside the question where it goes, as long as it leaves", async () => {
    const availability = { type: "endpoint", name: "vllm.example:8000", isOnThisMachine: false } as const;
    await tell({ type: "state", availability, entries: [question, answer], answering: false, chips });
    await page.getByRole("button", { name: "Sent to vllm.example:8000" }).waitFor();
    assert.match(await page.locator(".notice").innerText(), /leave this machine/);
    assert.ok(await page.getByRole("button", { name: "Send" }).isEnabled());
    await show([question, answer], false, true);
    await page.getByRole("button", { name: "Small, on this machine" }).waitFor();
    await page.locator(".notice").waitFor({ state: "hidden" });
  });

  it("shows what a user and a model write as text", async () => {
    await show([question, { ...answer, text: "<img src=x onerror=alert(1)> <script>alert(1)</script>" }]);
    assert.equal(await page.locator(".turn b, .turn img, .turn script").count(), 0);
    assert.match(await page.locator(".turn.user").innerText(), /^<b>How\?<\/b>/);
  });

  it("draws what is nested without end as far as it can be read, and places that come again and again", async () => {
    const stars = "*".repeat(20_000);
    await show([question, { ...answer, isContinuation: false, text: `${stars}deep${stars}` }]);
    await page.getByText("deep").waitFor();
    await show([question, { ...answer, isContinuation: false, text: `again ${"src/a.ts:2 ".repeat(10_000)}` }]);
    await page.getByText("again").waitFor();
    assert.equal(await page.locator(".said a").count(), 10_000);
  });

  it("opens places, and only those that exist", async () => {
    await show([question, answer]);
    await openDraft();
    await sent();
    await page.getByRole("button", { name: "src/a.ts:1-3" }).click();
    await page.getByRole("link", { name: "src/a.ts:2" }).press("Enter");
    assert.equal(await page.getByRole("link").count(), 1, "src/b.ts:9 was not found, and is no link");
    const { text: _, ...cited } = citation;
    assert.deepEqual(await sent(), [
      { type: "openPlace", place: { folder: "/work", path: "src/a.ts", startLine: 1, endLine: 3 } },
      { type: "openPlace", place: cited },
    ]);
  });

  it("does to other code in the same place what is asked for that code", async () => {
    for (const code of ["first", "second"]) {
      await show([question, { ...answer, isContinuation: false, text: `\`\`\`ts\n${code}\n\`\`\`` }], false, true);
      await sent();
      await page.getByRole("button", { name: "Copy this code" }).click();
      assert.deepEqual(await sent(), [{ type: "copyCode", code }]);
    }
  });

  it("adds text to an answer without exchanging its links", async () => {
    await show([question, { ...answer, text: "One" }], true);
    await openDraft();
    await page.evaluate(() => Object.assign(globalThis, { place: document.querySelector(".sources button")! }));
    await tell({ type: "text", text: " more" });
    await page.getByText("One more").waitFor();
    const isThere = () => (globalThis as unknown as { place: Element }).place.isConnected;
    assert.ok(await page.evaluate(isThere), "the link was drawn again");
    assert.equal(await page.locator(".turn.model").getAttribute("aria-busy"), "true");
  });

  it("keeps the keyboard in the form when the button that was pressed goes", async () => {
    const hasFocus = (name: string) => page.getByLabel(name).evaluate((box) => box === document.activeElement);
    await show([question, answer]);
    await page.getByLabel("Question").fill("How?");
    await page.getByRole("button", { name: "Send" }).press("Enter");
    await show([question, answer, question, { ...answer, text: "" }], true);
    await page.getByRole("button", { name: "Stop" }).waitFor();
    assert.ok(await hasFocus("Question"), "after Send");
    await page.getByRole("button", { name: "Stop" }).press("Enter");
    await tell({ type: "answer", entry: answer, answering: false });
    await page.getByRole("button", { name: "Send" }).waitFor();
    assert.ok(await hasFocus("Question"), "after Stop");
  });

  it("picks a file from the list by the keyboard, and not with a key of an input method", async () => {
    await show([question, answer]);
    await sent();
    const box = page.getByLabel("Question");
    await box.fill("");
    await box.pressSequentially("what is @sh");
    const files = ["src/shapes.ts", "src/share.ts"].map((path) => ({ folder: "/work", path, name: path }));
    await tell({ type: "files", query: "sh", files });
    await page.getByRole("option").nth(1).waitFor();
    await box.press("ArrowDown");
    assert.equal(await box.getAttribute("aria-activedescendant"), "suggestion-1");
    await box.dispatchEvent("keydown", { key: "Enter", isComposing: true });
    assert.equal(await page.getByRole("option").count(), 2);
    await box.press("Enter");
    assert.equal(await box.inputValue(), "what is ");
    assert.equal(await page.getByRole("option").count(), 0);
    assert.deepEqual((await sent()).at(-1), { type: "attachFile", file: files[1] });
    await box.pressSequentially("#");
    await page.getByRole("option", { name: "#selection" }).click();
    assert.deepEqual((await sent()).at(-1), { type: "attachSelection" });
  });

  it("keeps the chosen line of the list in sight", async () => {
    await show([question, answer]);
    const box = page.getByLabel("Question");
    await box.fill("");
    await box.pressSequentially("@f");
    const files = Array.from({ length: 12 }, (_, at) => ({ folder: "/work", path: `f${at}.ts`, name: `f${at}.ts` }));
    await tell({ type: "files", query: "f", files });
    await page.getByRole("option").nth(11).waitFor();
    await box.press("ArrowUp");
    const [list, last] = await Promise.all(
      [page.getByRole("listbox"), page.getByRole("option", { selected: true })].map((one) => one.boundingBox()),
    );
    assert.ok(last!.y + last!.height <= list!.y + list!.height, JSON.stringify({ list, last }));
    await box.fill("");
  });

  it("takes the keyboard into the question when the view gets it, but not from what is read or marked", async () => {
    await show([question, answer]);
    const focused = () => page.evaluate(() => document.activeElement?.tagName);
    const getFocus = () => page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await sent();
    await getFocus();
    assert.equal(await focused(), "TEXTAREA");
    assert.deepEqual(await sent(), [{ type: "focused" }], "somebody is there");
    await page.getByRole("button", { name: "src/a.ts:1-3" }).focus();
    await getFocus();
    assert.equal(await focused(), "BUTTON");
    await openDraft();
    await page.locator(".said").selectText();
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await getFocus();
    assert.equal(await focused(), "BODY", "what is marked is about to be copied");
  });

  it("takes chips away, and switches the repository off", async () => {
    await show([question, answer]);
    await sent();
    await page.getByRole("button", { name: "Remove @src/a.ts" }).click();
    await page.getByRole("button", { name: "Repository: on" }).click();
    assert.deepEqual(await sent(), [
      { type: "detach", id: "1" },
      { type: "useRepository", isOn: false },
    ]);
  });

  it("gives a long question more room, and most of the view to the answers", async () => {
    await show([question, answer]);
    const box = page.getByLabel("Question");
    const heightOf = async (lines: number) => {
      await box.fill("line\n".repeat(lines));
      return (await box.boundingBox())!.height;
    };
    const [empty, some, many] = [await heightOf(0), await heightOf(8), await heightOf(200)];
    assert.ok(empty < some && some < many, JSON.stringify({ empty, some, many }));
    assert.ok(many <= page.viewportSize()!.height * 0.4 + 1, String(many));
    await box.fill("");
  });

  it("fits into a narrow and low view, and keeps something of the answers in sight", async () => {
    const usual = page.viewportSize()!;
    await page.setViewportSize({ width: 200, height: 220 });
    const long = "averyveryverylongname".repeat(4);
    const availability = { type: "endpoint", name: `${long}.example`, isOnThisMachine: false } as const;
    const attachments = [..."abcdef"].map((id) => ({ id, label: `@${long}/${id}.ts` }));
    const of = { ...chips, attachments };
    await tell({ type: "state", availability, entries: [question, answer], answering: false, chips: of });
    const { wide, answers } = await page.evaluate(() => ({
      wide: [...document.querySelectorAll(".scroll, form")].filter((one) => one.scrollWidth > one.clientWidth).length,
      answers: document.querySelector(".scroll")!.clientHeight,
    }));
    assert.deepEqual([wide, answers > 60], [0, true], String(answers));
    await page.setViewportSize(usual);
  });

  it("writes from right to left what is written so, and code never", async () => {
    await show(
      [question, { ...answer, isContinuation: false, text: "שלום `a.ts`\n\nplain\n\n```ts\nreturn 6;\n```" }],
      false,
      true,
    );
    const isAtRight = (selector: string, nth = 0) =>
      page
        .locator(selector)
        .nth(nth)
        .evaluate((block) => {
          const range = document.createRange();
          range.selectNodeContents(block);
          const [text, whole] = [range.getBoundingClientRect(), block.getBoundingClientRect()];
          return whole.right - text.right < text.left - whole.left;
        });
    assert.deepEqual([await isAtRight(".said p"), await isAtRight(".said p", 1)], [true, false]);
    assert.equal(await isAtRight(".said pre code"), false);
  });

  it("keeps what is written readable in every theme", async () => {
    const ofAnswer = { ...answer, isContinuation: false, text: "See `src/a.ts:2`.\n\n```ts\nreturn 6;\n```" };
    await show([question, ofAnswer], false, true);
    const style = (selector: string, property: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((one, name) => getComputedStyle(one).getPropertyValue(name), property);
    assert.equal(await style("pre code", "background-color"), "rgba(0, 0, 0, 0)");
    assert.equal(await style("code a", "color"), await style("p code", "color"));
    await page.getByRole("button", { name: "Repository: on" }).hover();
    assert.equal(await style("button.chip", "background-color"), "rgb(3, 3, 3)");
  });
});
