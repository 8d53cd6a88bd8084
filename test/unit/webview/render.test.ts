import assert from "node:assert/strict";
import type { AnswerEntry, AnswerSource, ChatEntry } from "../../../src/protocol/webview";
import { answerOf } from "../../support/chatEntries";
import { openChatPage } from "../../support/chatPage";
import { useFakeDom } from "../../support/fakeDom";

const ENTRIES: readonly ChatEntry[] = [{ role: "user", text: "How?", attached: [] }];
const place: AnswerSource = {
  ...{ folder: "/work", path: "a.ts", name: "a.ts", startLine: 1, endLine: 2, tokens: 9 },
  reason: "similar",
};
const empty = answerOf({ isGathered: true });
const LONG = { scrollHeight: 1000, clientHeight: 100 };

describe("a page whose end is in sight", () => {
  useFakeDom();

  /** Where one reads while an answer grows by 1000 at a time, whose question stands 300 below what is read first. */
  function reading(change: Partial<AnswerEntry>) {
    const { all, byClass, show } = openChatPage();
    const [scroll] = byClass("scroll");
    let text = "";
    const draw = () => show({ entries: [...ENTRIES, { ...empty, ...change, text }], answering: true });
    draw();
    scroll!.offsetTop = 40;
    byClass("turn user")[0]!.offsetTop = 340;
    Object.assign(scroll!, { clientHeight: 100, scrollTop: 250 });
    Object.defineProperty(scroll!, "scrollHeight", {
      get: () => 350 + 1000 * byClass("said")[0]!.textContent.length,
    });
    return {
      scroll: scroll!,
      openDraft: () => all("details")[0]!.setAttribute("open", ""),
      grow(): number {
        text += "a";
        draw();
        return scroll!.scrollTop;
      },
    };
  }

  it("follows an answer", () => {
    for (const isContinuation of [false, true]) assert.equal(reading({ isContinuation }).grow(), 1350);
  });

  it("follows an answer whose places come first until its question is at the top, and does not go back there", () => {
    const { scroll, openDraft, grow } = reading({ isContinuation: true, sources: [place] });
    assert.deepEqual([grow(), grow()], [300, 300]);
    scroll.scrollTop = scroll.scrollHeight - 100;
    assert.equal(
      grow(),
      2250,
      "the best place comes first, also below a question that is longer than what is in sight",
    );
    openDraft();
    scroll.scrollTop = scroll.scrollHeight - 100;
    assert.equal(grow(), 4350, "somebody reads the draft");
  });
});

describe("a page that was hidden, and begins anew", () => {
  useFakeDom();

  it("has the question so far", () => {
    const { type, kept } = openChatPage();
    type("What is");
    assert.equal(openChatPage(kept()).box.value, "What is");
  });

  it("shows what one has read last, once it is told what there is to read, and then what one scrolls to", () => {
    const { byClass, kept, show } = openChatPage();
    show({ entries: ENTRIES });
    const [read] = byClass("scroll");
    Object.assign(read!, LONG, { scrollTop: 300 }).dispatch("scroll");

    const next = openChatPage(kept());
    const [scroll] = next.byClass("scroll");
    next.show();
    assert.equal(scroll!.scrollTop, 0, "nothing is there yet");
    Object.assign(scroll!, LONG);
    next.show({ entries: ENTRIES, answering: true });
    assert.equal(scroll!.scrollTop, 300);
    scroll!.scrollTop = 200;
    next.show({ entries: ENTRIES });
    assert.equal(scroll!.scrollTop, 200);
  });

  it("has the drafts open that were opened, and closed that were closed, each of its own question", () => {
    const draft = { ...empty, isContinuation: true, text: "Draft." };
    const ask = (text: string): ChatEntry => ({ role: "user", text, attached: [] });
    const [first, second] = [ask("One?"), ask("Two?")];
    const entries = [first, { ...draft, sources: [place] }, second, draft];
    const { all, byClass, kept, show } = openChatPage();
    const areOpen = (details = all("details")) => details.map((one) => one.getAttribute("open") !== null);
    show({ entries });
    assert.deepEqual(areOpen(), [false, true]);
    all("details")[0]!.setAttribute("open", "");
    all("details")[1]!.removeAttribute("open");
    byClass("turns")[0]!.dispatch("toggle");

    const next = openChatPage(kept());
    next.show({ entries });
    assert.deepEqual(areOpen(next.all("details")), [true, false]);
    next.show({ entries: [ask("Three?"), { ...draft, sources: [place] }] });
    assert.deepEqual(areOpen(next.all("details")), [false]);
  });

  it("follows an answer where one was at the end, and where one has asked since", () => {
    const { byClass, kept, show } = openChatPage();
    show({ entries: ENTRIES });
    const [read] = byClass("scroll");
    for (const scrollTop of [300, 900]) Object.assign(read!, LONG, { scrollTop }).dispatch("scroll");
    assert.equal(kept().scrollTop, undefined);

    const next = openChatPage({ draft: "Why?", scrollTop: 300 });
    next.show();
    next.press("Enter");
    const [scroll] = next.byClass("scroll");
    scroll!.scrollHeight = 1000;
    next.show({ entries: ENTRIES });
    assert.notEqual(scroll!.scrollTop, 300);
  });
});
