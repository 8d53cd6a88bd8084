import assert from "node:assert/strict";
import type { AnswerEntry, ChatEntry } from "../../../src/protocol/webview";
import { answerOf } from "../../support/chatEntries";
import { openChatPage } from "../../support/chatPage";
import { fakeDocument, useFakeDom } from "../../support/fakeDom";

const question: ChatEntry = { role: "user", text: "Why?", attached: [] };
const empty = answerOf();

describe("the chat's page", () => {
  useFakeDom();

  it("draws a line where a new topic begins, and the next question goes below it", () => {
    const { show, all, byClass } = openChatPage();
    const answer = { ...empty, text: "Because." };
    show({ entries: [question, answer, { role: "divider" }] });
    const [line] = all("role").filter((one) => one.getAttribute("role") === "separator");
    assert.equal(line!.textContent, "New topic");
    show({ entries: [question, answer, { role: "divider" }, question, empty], answering: true });
    assert.equal(byClass("turns")[0]!.children[2], line);
    show({ entries: [question, empty, question] });
    assert.equal(byClass("turns")[0]!.children[2]!.className, "turn user");
  });
});

const source = (path: string, endLine: number) => ({
  ...{ folder: "/work", path, name: path, startLine: 3, endLine, tokens: 9, text: "code" },
  reason: "similar" as const,
});

describe("an answer on the chat's page", () => {
  useFakeDom();

  it("and what else there was before the page are not read aloud, but what changes then is", () => {
    const { show, tell, all, byClass } = openChatPage();
    const heard: string[] = [];
    // A live region is one before its text changes.
    const live = () => all("role").filter((one) => /^(status|alert)$/.test(one.getAttribute("role")!));
    const regions = new Map(live().map((one) => [one, one.textContent]));
    const listen = () => {
      for (const [one, text] of regions) if (one.textContent !== text) heard.push(one.textContent);
      regions.clear();
      for (const one of live()) regions.set(one, one.textContent);
    };
    const refusal = ".env was not used: it is a secret.";
    const before = [question, { ...empty, text: "Because.", refusals: [refusal] }] as const;
    show({ entries: before, availability: { type: "ready", modelName: "Small", instructionTuned: false } });
    assert.match(byClass("notice")[0]!.textContent, /completes text/);
    assert.equal(byClass("refusal")[0]!.textContent, refusal);
    listen();
    assert.deepEqual(heard.splice(0), []);
    show({ entries: before, availability: { type: "endpoint", name: "vllm.example", isOnThisMachine: false } });
    listen();
    assert.match(heard.splice(0).join(), /^Answers come from vllm\.example/);
    show({ entries: [...before, question, empty], answering: true });
    listen();
    tell({ type: "answer", entry: { ...empty, isGathered: true, refusals: [refusal] }, answering: true });
    listen();
    assert.deepEqual(heard.splice(0).slice(-1), [`${refusal} Answering.`]);
    tell({ type: "answer", entry: { ...empty, text: "So.", refusals: [refusal] }, answering: false });
    listen();
    assert.deepEqual(heard, [`${refusal}\nSo.`]);
  });

  it("leaves the keyboard where it is while more comes, and when it ends and its code gets tools", () => {
    const { show, tell, all } = openChatPage();
    const citations = ["a.ts:1", "b.ts:2"].map((text) => ({ text, path: text, startLine: 1, endLine: 1 }));
    const text = "```ts\ncode\n```\n\n1. See **a.ts:1** and a.ts:1 or b.ts:2";
    show({ entries: [question, { ...empty, text, citations }], answering: true });
    const called = (name: string) => all("tabindex").filter(({ textContent }) => textContent === name);
    for (const link of [called("a.ts:1")[1]!, called("b.ts:2")[0]!, all("pre")[0]!]) {
      link.focus();
      tell({ type: "text", text: " more" });
      assert.ok(all("tabindex").includes(link), link.textContent);
      assert.equal(fakeDocument.activeElement, link);
    }
    called("a.ts:1")[1]!.focus();
    show({ entries: [question, { ...empty, text, citations }] });
    assert.equal(all("button").filter(({ textContent }) => textContent === "Copy").length, 1);
    assert.equal(fakeDocument.activeElement, called("a.ts:1")[1]);
  });

  it("has code that keeps the keyboard while it comes, and numbers as they are in the text", () => {
    const { show, all } = openChatPage();
    const draw = (text: string) => show({ entries: [question, { ...empty, text }], answering: true });
    draw("```ts\nlet a");
    const [code] = all("pre");
    code!.focus();
    draw("```ts\nlet a = 1;");
    assert.deepEqual([all("pre")[0], code!.textContent], [code, "let a = 1;"]);
    for (const start of [3, 1]) {
      draw(`${start}. one`);
      assert.equal(all("ol")[0]!.getAttribute("start"), start === 1 ? null : "3");
    }
  });

  it("has tools for its code that are called by the words that are seen", () => {
    const { show, byClass, sent } = openChatPage();
    const entries = [question, { ...empty, text: "```ts\nreturn 6;\n```" }];
    show({ entries, answering: true });
    assert.deepEqual(byClass("tool"), [], "more of it may come");
    show({ entries });
    sent();
    const tools = byClass("tool");
    for (const tool of tools) {
      assert.ok(tool.getAttribute("aria-label")!.startsWith(tool.textContent), tool.textContent);
      tool.dispatch("click");
    }
    assert.deepEqual(
      sent(),
      ["copyCode", "insertCode", "applyCode"].map((type) => ({ type, code: "return 6;" })),
    );
  });

  it("is read aloud once, when it has ended, and before that how far it is", () => {
    const { show, tell, type, press, all, byClass } = openChatPage();
    const live = () =>
      all("role").filter((one) => one.getAttribute("role") === "status" || one.getAttribute("role") === "alert");
    const heard = () =>
      live()
        .map(({ textContent }) => textContent)
        .join("");
    show();
    const [aloud] = byClass("aloud");
    for (const region of live())
      assert.ok(!region.hidden, "what is hidden until there is something to tell is not told");
    assert.equal(live().length, 5);
    type("Why?");
    press("Enter");
    assert.equal(heard(), "Asked.");
    const asked = aloud!.childNodes[0];
    show({ entries: [question, empty], answering: true });
    assert.equal(aloud!.childNodes[0], asked, "it is told once");
    const entry = { ...empty, isGathered: true, sources: [source("a.ts", 5), source("b.ts", 3)] };
    tell({ type: "answer", entry, answering: true });
    const texts = ["See **`a.ts`**", ", and\n\n- one\n- two"];
    for (const text of texts) {
      tell({ type: "text", text });
      assert.equal(heard(), "2 places found. Answering.", "while it grows");
    }
    assert.equal(byClass("scroll")[0]!.getAttribute("aria-live"), "off");
    const ended = { ...entry, text: texts.join(""), note: "Stopped." };
    tell({ type: "answer", entry: ended, answering: false });
    assert.equal(heard(), "See a.ts, and\none\ntwo\nStopped.");
    const spoken = byClass("aloud")[0]!.childNodes[0];
    show({ entries: [question, ended] });
    assert.equal(byClass("aloud")[0]!.childNodes[0], spoken, "it is not told again");
    show({ entries: [question, ended, question, empty], answering: true });
    assert.equal(heard(), "Asked.", "the next one may say the same");
  });

  it("is read aloud with its places where these are the answer", () => {
    const { show, byClass } = openChatPage();
    const entry = { ...empty, isContinuation: true, text: "Draft.", sources: [source("a.ts", 5), source("b.ts", 3)] };
    show({ entries: [question, entry], answering: true });
    show({ entries: [question, entry] });
    assert.equal(
      byClass("aloud")[0]!.textContent,
      "Places in the repository: a.ts:3-5, b.ts:3\nDraft of the model, folded away below the places.",
    );
    show({ entries: [] });
    assert.equal(byClass("aloud")[0]!.textContent, "", "nothing of it stays when the chat is cleared");
  });

  it("shows the beginning of the best places' code without the indentation that all of it has", () => {
    const { show, all } = openChatPage();
    const text = `    def f(self):\n        return 1\n\n${"    x\n".repeat(20)}`;
    const sources = ["a.py", "b.py", "c.py", "d.py"].map((path) => ({ ...source(path, 30), text }));
    show({ entries: [question, { ...empty, isContinuation: true, isGathered: true, sources }] });
    const shown = all("pre").map(({ textContent }) => textContent);
    assert.deepEqual(shown, Array(3).fill(`def f(self):\n    return 1\n\n${"x\n".repeat(9)}…`));
  });

  it("says that its places are sought, and marks nothing as a draft before they are there", () => {
    const { show, byClass } = openChatPage();
    const drawn = () => byClass("turn model").at(-1)!.textContent;
    const entry = { ...empty, isContinuation: true, searched: "all" } as const;
    show({ entries: [question, entry], answering: true });
    assert.equal(drawn(), "Searching…");
    show({ entries: [question, { ...entry, isGathered: true, sources: [source("a.ts", 5)] }], answering: true });
    assert.match(drawn(), /^Places in the repositorya\.ts:3-5.*Draft of the model$/);
    show({ entries: [question, { ...entry, note: "Stopped." }] });
    assert.equal(drawn(), "Stopped. Ask Again");
  });

  it("has a draft that is closed where there are places and else open, and stays as the reader has left it", () => {
    const { show, tell, all } = openChatPage();
    const isOpen = () => all("details")[0]!.getAttribute("open") !== null;
    const entry = { ...empty, isContinuation: true, searched: "all" } as const;
    for (const sources of [[source("a.ts", 5)], []]) {
      show({ entries: [question, entry], answering: true });
      assert.deepEqual(all("details"), [], "nobody knows yet");
      const gathered = { ...entry, isGathered: true, sources };
      tell({ type: "answer", entry: gathered, answering: true });
      assert.equal(isOpen(), sources.length === 0);
      const [draft] = all("details");
      if (isOpen()) draft!.removeAttribute("open");
      else draft!.setAttribute("open", "");
      tell({ type: "text", text: "Draft." });
      tell({ type: "answer", entry: { ...gathered, text: "Draft.", facts: "Facts." }, answering: false });
      assert.deepEqual([all("details")[0], isOpen()], [draft, sources.length > 0]);
    }
  });

  it("says when no place fits, where the places are the answer, and when some may be missing", () => {
    const { show, byClass } = openChatPage();
    const none = "No place in the repository fits this question.";
    const missing = "The repository had not been searched completely, so places may be missing.";
    const check = (change: Partial<AnswerEntry>, expected: string): void => {
      const entry = { ...empty, isContinuation: true, isGathered: true, text: "Draft.", ...change };
      show({ entries: [question, entry], answering: true });
      show({ entries: [question, entry] });
      const drawn = byClass("turn model").at(-1)!.textContent.replace("Draft of the model", "");
      assert.equal(drawn.replace("Draft.", "").trim(), expected);
      const heard = byClass("aloud")[0]!.textContent.split("\n");
      assert.equal(heard.filter((line) => line !== "Draft.").join(" "), expected);
    };
    check({ searched: "all" }, none);
    check({ searched: "part" }, `${none} ${missing}`);
    check({}, "");
    show({ entries: [question, { ...empty, searched: "all", isContinuation: true }], answering: true });
    assert.ok(!byClass("turn model").at(-1)!.textContent.includes(none), "it is not known yet");
    check({ searched: "all", isContinuation: false }, "");
    check({ searched: "part", isContinuation: false }, missing);
  });

  it("tells what was attached from the places that were found, and has only these for an answer", () => {
    const { show, all, byClass } = openChatPage();
    const attached = [
      { ...source("a.ts", 5), reason: "attached file" as const },
      { ...source("b.ts", 5), reason: "attached selection" as const },
    ];
    for (const [found, drawn, spoken] of [
      [
        [],
        /^No place in the repository fits this question\.Attacheda\.ts:3-5.*b\.ts:3-5.*Draft of the model/,
        "No place in the repository fits this question.\nDraft.",
      ],
      [
        [source("c.ts", 5)],
        /^Places in the repositoryc\.ts:3-5 similarcodeAttacheda\.ts:3-5 attached fileb\.ts.*Draft of the model/,
        "Places in the repository: c.ts:3-5\nDraft of the model, folded away below the places.",
      ],
    ] as const) {
      const entry: AnswerEntry = { ...empty, isContinuation: true, isGathered: true, searched: "all", text: "Draft." };
      const sources = [...attached, ...found];
      show({ entries: [question, { ...entry, sources }], answering: true });
      assert.match(byClass("aloud")[0]!.textContent, found.length === 0 ? /^0 places/ : /^1 place found/);
      assert.match(byClass("turn model")[0]!.textContent, drawn);
      assert.equal(all("details")[0]!.getAttribute("open") !== null, found.length === 0);
      show({ entries: [question, { ...entry, sources }] });
      assert.equal(byClass("aloud")[0]!.textContent, spoken);
      show();
    }
  });

  it("is not read aloud when it came before the page", () => {
    const { show, byClass } = openChatPage();
    show({ entries: [question, { ...empty, text: "Because." }] });
    assert.equal(byClass("aloud")[0]!.textContent, "");
  });

  it("that ended early offers to be asked for again, once and as long as it is the last", () => {
    const { show, button, box, type, sent, byClass } = openChatPage();
    const cut = { ...empty, text: "Be", note: "Stopped." };
    show({ entries: [question, cut] });
    assert.equal(byClass("note")[0]!.textContent, "Stopped. Ask Again");
    type("a draft");
    sent();
    const again = button("Ask Again");
    again.dispatch("click");
    again.dispatch("click");
    assert.deepEqual(sent(), [{ type: "ask", text: "Why?" }]);
    assert.equal(box.value, "a draft");
    show({ entries: [question, cut, question, empty], answering: true });
    show({ entries: [question, cut, question, { ...empty, text: "Because." }] });
    assert.equal(byClass("note")[0]!.textContent, "Stopped.");
  });

  it("is asked for again with its own question, also when another one was drawn in its place", () => {
    const { show, button, sent } = openChatPage();
    for (const text of ["One?", "Two?"]) {
      show({ entries: [{ ...question, text } as ChatEntry, { ...empty, note: "Stopped." }] });
      sent();
      button("Ask Again").dispatch("click");
      assert.deepEqual(sent(), [{ type: "ask", text }]);
    }
  });

  it("is not asked for again while nothing can be asked", () => {
    const { show, button, sent } = openChatPage();
    const availability = { type: "unavailable", message: "It failed.", remedies: [] } as const;
    show({ entries: [question, { ...empty, note: "Stopped." }], availability });
    sent();
    button("Ask Again").dispatch("click");
    assert.deepEqual(sent(), []);
  });
});
