import assert from "node:assert/strict";
import type { ChatEntry } from "../../../src/protocol/webview";
import { openChatPage } from "../../support/chatPage";
import { useFakeDom } from "../../support/fakeDom";

const ENTRIES: readonly ChatEntry[] = [{ role: "user", text: "How?", attached: [] }];
const LONG = { scrollHeight: 1000, clientHeight: 100 };

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
