import assert from "node:assert/strict";
import { openChatPage } from "../../support/chatPage";
import { fakeDocument, useFakeDom } from "../../support/fakeDom";

const file = (path: string) => ({ folder: "/work", path, name: path });

function typing() {
  const page = openChatPage();
  page.show();
  const found = (query: string, ...paths: string[]) => page.tell({ type: "files", query, files: paths.map(file) });
  return { ...page, found };
}

describe("the question's keys", () => {
  useFakeDom();

  for (const key of ["Enter", "Tab"]) {
    it(`pick what is marked in the list (${key})`, () => {
      const { type, found, press, box, sent } = typing();
      type("what is @sh");
      found("sh", "src/shapes.ts", "src/share.ts");
      press("ArrowDown");
      sent();
      assert.ok(press(key));
      assert.equal(box.value, "what is ");
      assert.deepEqual(sent(), [{ type: "attachFile", file: file("src/share.ts") }]);
    });
  }

  it("mention a file also with a button, where the cursor is", () => {
    const { type, found, press, box, button, sent } = typing();
    type("what is");
    sent();
    button("+ File").dispatch("click");
    assert.equal(box.value, "what is @");
    assert.deepEqual(sent(), [{ type: "findFiles", query: "" }]);
    found("", "src/shapes.ts");
    press("Enter");
    assert.equal(box.value, "what is ");
    assert.deepEqual(sent(), [{ type: "attachFile", file: file("src/shapes.ts") }]);
  });

  for (const key of ["Enter", "Tab"]) {
    it(`pick while the files for what is typed are still sought the first that is found for it (${key})`, () => {
      const { type, found, press, box, sent } = typing();
      type("what is @s");
      found("s", "src/first.ts");
      type("what is @sh");
      sent();
      assert.ok(press(key), "the list is that of less");
      assert.deepEqual([sent(), box.value], [[], "what is @sh"]);
      found("sh", "src/shapes.ts", "src/share.ts");
      assert.deepEqual([sent(), box.value], [[{ type: "attachFile", file: file("src/shapes.ts") }], "what is "]);
      type("and @sh");
      sent();
      assert.ok(press(key), "the same letters again are another mention");
      assert.deepEqual(sent(), []);
    });

    it(`pick nothing that is found once somebody types on, goes elsewhere, or is told that there is none (${key})`, () => {
      const { type, found, press, box, sent, options } = typing();
      type("@s");
      press(key);
      type("@sh");
      found("sh", "src/shapes.ts");
      assert.deepEqual([box.value, options().length], ["@sh", 1], "typed on");
      type("@sha");
      press(key);
      press("Escape");
      found("sha", "src/shapes.ts");
      assert.equal(box.value, "@sha", "closed");
      type("@shap");
      press(key);
      found("shap");
      sent();
      found("shap", "src/shapes.ts");
      assert.deepEqual([box.value, sent()], ["@shap", []], "none");
    });
  }

  it("send the question when no file fits, when the list was closed, and when the mention has ended", () => {
    const ask = ({ press, sent }: ReturnType<typeof typing>, text: string): void => {
      sent();
      assert.ok(press("Enter"));
      assert.deepEqual(sent(), [{ type: "ask", text }]);
    };
    const one = typing();
    one.type("who is @bob");
    one.found("bob");
    const none = () => one.byClass("suggestions").find(({ tag }) => tag === "p")!;
    assert.equal(
      none().textContent,
      "No file matches. Only files that Griffin has looked at are offered, and none that are ignored, secret or data. " +
        '"Add File to Griffin Chat" adds data, too.',
    );
    assert.equal(one.options().length, 0);
    ask(one, "who is @bob");
    assert.equal(none().textContent, "");
    const other = typing();
    other.type("who is @sh");
    assert.ok(other.press("Escape"));
    other.found("sh", "src/shapes.ts");
    assert.equal(other.options().length, 0, "it stays closed");
    ask(other, "who is @sh");
    const third = typing();
    third.type("@sh");
    third.type("@sh is who");
    ask(third, "@sh is who");
  });

  it("go back or begin a line with Shift, and choose words in an input method", () => {
    const { type, found, press, sent, options } = typing();
    type("@s");
    assert.ok(!press("Tab", { shiftKey: true }), "while the files are sought");
    found("s", "src/shapes.ts");
    sent();
    assert.ok(!press("Tab", { shiftKey: true }));
    assert.ok(!press("Enter", { shiftKey: true }));
    assert.ok(!press("Enter", { isComposing: true }));
    assert.deepEqual([sent(), options().length], [[], 1]);
  });

  it("ask without a repository where there is none, and why is said to the keyboard, too", () => {
    const { show, sent, box, button, all } = typing();
    assert.equal(box.getAttribute("placeholder"), "Ask about the repository; @ adds a file, # the selection");
    const refusal = "In Restricted Mode only open documents are read.";
    show({ chips: { repository: { isOn: false, refusal }, attachments: [] } });
    assert.equal(box.getAttribute("placeholder"), "Ask; @ adds a file, # the selection");
    const chip = button("Repository: off");
    assert.deepEqual([chip.disabled, chip.getAttribute("aria-disabled")], [false, "true"]);
    const described = all("id").find((one) => one.getAttribute("id") === chip.getAttribute("aria-describedby"));
    assert.equal(described!.textContent, refusal);
    sent();
    chip.dispatch("click");
    assert.deepEqual(sent(), []);
  });

  it("lead to the trust in the workspace where that is missing", () => {
    const { show, sent, button } = typing();
    show({ chips: { repository: { isOn: false, refusal: "Not read.", needsTrust: true }, attachments: [] } });
    sent();
    button("Manage Trust").dispatch("click");
    assert.deepEqual(sent(), [{ type: "manageTrust" }]);
  });

  it("keep a question that cannot be asked now, beside the reason", () => {
    const { show, type, press, sent, box, byClass } = typing();
    show({ availability: { type: "unavailable", message: "No model.", remedies: [] } });
    type("Why?");
    sent();
    press("Enter");
    assert.deepEqual([sent(), box.value], [[], "Why?"]);
    const [line] = byClass("hindrance");
    assert.deepEqual([line!.textContent, line!.parent], ["No model.", box.parent]);
  });

  it("ask also while the model is loaded, and say that the question waits", () => {
    const { show, type, press, sent, byClass } = typing();
    show({ availability: { type: "starting" } });
    assert.equal(byClass("hindrance")[0]!.textContent, "The model is being loaded. What you ask waits for it.");
    type("Why?");
    sent();
    press("Enter");
    assert.deepEqual(sent(), [{ type: "ask", text: "Why?" }]);
  });

  it("are beside what may help, as long as that does", () => {
    const { show, press, sent, box, button, byClass } = typing();
    const failed = { type: "unavailable", message: "It failed.", remedies: ["restart", "showLog"] } as const;
    show({ availability: failed });
    sent();
    button("Show Log").dispatch("click");
    const restart = button("Restart Engine");
    restart.focus();
    restart.dispatch("click");
    assert.deepEqual(
      sent(),
      (["showLog", "restart"] as const).map((remedy) => ({ type: "tryRemedy", remedy })),
    );
    show({ availability: failed });
    assert.equal(button("Restart Engine"), restart);
    show();
    assert.deepEqual([byClass("remedies")[0]!.hidden, fakeDocument.activeElement], [true, box]);
    assert.ok(press("Enter"));
  });

  it("are beside who answers, and a click there changes it", () => {
    const { show, button, sent } = typing();
    const away = { type: "endpoint", name: "vllm.example:8000", isOnThisMachine: false } as const;
    for (const [availability, words] of [
      [{ type: "ready", modelName: "Big", instructionTuned: true }, "Big, on this machine"],
      [away, "Sent to vllm.example:8000 · Change"],
      [{ type: "starting", endpoint: away }, "Sent to vllm.example:8000 · Change"],
    ] as const) {
      show({ availability });
      sent();
      assert.equal(/ leaves$/.test(button(words).className), words.startsWith("Sent"));
      button(words).dispatch("click");
      assert.deepEqual(sent(), [{ type: "changeAnswerer" }]);
    }
    show({ availability: { type: "starting" } });
    assert.throws(() => button(""), "nobody answers");
  });

  it("stop an answer with Escape, and nothing else with it", () => {
    const { show, type, press, sent, options, found } = typing();
    sent();
    assert.ok(!press("Escape"), "nothing is answered");
    show({ entries: [], answering: true });
    type("@s");
    found("s", "src/shapes.ts");
    sent();
    press("Escape");
    assert.deepEqual([sent(), options().length], [[], 0], "the list is closed first");
    assert.ok(!press("Escape", { isComposing: true }));
    assert.ok(press("Escape"));
    assert.deepEqual(sent(), [{ type: "stop" }]);
  });

  it("keep the next question until the host has said what became of the one before", () => {
    const { type, press, show, sent, box } = typing();
    type("One?");
    press("Enter");
    type("Two?");
    sent();
    press("Enter");
    assert.deepEqual([sent(), box.value], [[], "Two?"]);
    show();
    press("Enter");
    assert.deepEqual(sent(), [{ type: "ask", text: "Two?" }]);
  });
});
