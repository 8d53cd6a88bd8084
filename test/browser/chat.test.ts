import assert from "node:assert/strict";
import type { FrameLocator } from "playwright-core";
import { expectSoon } from "../../tools/workbench/expectSoon.mjs";
import type { Workbench } from "../../tools/workbench/workbench.mjs";
import { PYTHON } from "./support/samples";
import { useWorkbench } from "./support/useWorkbench";

const SHAPES = `/** The area of a trapezoid. */
export function trapezoidArea(a: number, b: number, height: number) {
  return ((a + b) / 2) * height;
}
`;
const FILES = {
  "calculator.py": PYTHON,
  "src/filler.ts": `${"export const filler = 1;\n".repeat(30)}`,
  "src/shapes.ts": `import { filler } from "./filler";\n\n${SHAPES}`,
  "src/environment.ts": "export const verbose = false;\n",
  ".env": "TRAPEZOID=secret\n",
};

describe("chat", () => {
  const session = useWorkbench({ name: "chat", files: FILES });

  it("takes what is typed after it is opened, the first time and again", async () => {
    const { workbench } = session();
    await workbench.openFile("calculator.py");
    for (const text of ["How", " and why"]) {
      const question = (await workbench.openChat()).getByLabel("Question");
      await expectSoon(
        "the keyboard is in the question",
        () => question.evaluate((box) => document.hasFocus() && document.activeElement === box),
        (isThere) => isThere,
      );
      await workbench.page.keyboard.type(text);
      assert.ok((await question.inputValue()).endsWith(text));
      await workbench.openFile("filler.ts");
    }
    await (await workbench.openChat()).getByLabel("Question").fill("");
  });

  it("streams an answer", async () => {
    const { workbench } = session();
    await workbench.openFile("calculator.py");
    await workbench.waitForStatus("ready");
    const chat = await workbench.openChat();
    await countLengths(chat);
    await ask(chat, "Write a Python function that adds the numbers from one to ten, and explain each of its lines.");
    await expectSoon(
      "end of the answer",
      () => isAnswering(chat),
      (answering) => !answering,
    );
    assert.notEqual(await answerText(chat), "");
    const lengths = Number(await chat.locator("body").getAttribute("data-lengths"));
    assert.ok(lengths > 2, `the answer grew in steps, seen lengths: ${lengths}`);
  });

  it("stops when told to, and answers again", async () => {
    const { workbench } = session();
    const chat = await workbench.openChat();
    // So long a question keeps the engine reading for seconds.
    await ask(chat, `Explain this. ${PYTHON.repeat(40)}`);
    await stop(chat);
    assert.match(await chat.locator(".note").last().innerText(), /stopped/i);

    await workbench.runCommand("Griffin: Clear the Chat's History");
    await chat.locator(".turn").first().waitFor({ state: "detached" });
    await ask(chat, "What is a list?");
    await expectSoon(
      "next answer",
      () => answerText(chat),
      (text) => text !== "",
    );
    await stop(chat);
  });

  it("offers the workspace's files after @, and not those that may not be read", async () => {
    const chat = await session().workbench.openChat();
    const question = chat.getByLabel("Question");
    const options = chat.getByRole("option");
    // Until the engine has read so far.
    await expectSoon(
      "file",
      async () => {
        await question.fill("");
        await question.pressSequentially("What is in @sha");
        await options
          .first()
          .waitFor({ timeout: 1000 })
          .catch(() => {});
        return options.allInnerTexts();
      },
      (texts) => texts.join() === "src/shapes.ts",
    );
    // As long as the list is one for less than was typed, the key waits for the next.
    await question.press("Enter");
    const text = () => question.inputValue();
    await expectSoon("question without the mention", text, (value) => value === "What is in ");
    await chat.locator(".chip", { hasText: "@src/shapes.ts" }).waitFor();
    await question.pressSequentially("@env");
    const onlyOne = (texts: string[]) => texts.length === 1;
    const others = await expectSoon("one file", () => options.allInnerTexts(), onlyOne);
    assert.deepEqual(others, ["src/environment.ts"]);
    await question.fill("");
    await chat.getByRole("button", { name: "Remove @src/shapes.ts" }).click();
    await chat.locator(".chip", { hasText: "@src/shapes.ts" }).waitFor({ state: "detached" });
  });

  // The workbench is a remote window: its files have another scheme than in a local one.
  it("is offered a file in the Explorer's menu", async () => {
    const { workbench } = session();
    await workbench.runCommand("View: Show Explorer");
    const row = workbench.page.locator(".explorer-folders-view").getByRole("treeitem", { name: "calculator.py" });
    await row.click({ button: "right" });
    await workbench.page.getByRole("menuitem", { name: "Add File to Griffin Chat" }).waitFor();
    await workbench.press("Escape");
  });

  it("shows the places that a question is about, and opens one at its line", async () => {
    const { workbench } = session();
    const chat = await askAnew(workbench, "How is the area of a trapezoid computed?");
    const places = chat.locator(".turn.model").last().locator(".sources li");
    await places.first().waitFor();
    assert.match(await places.first().innerText(), /src\/shapes\.ts:\d+-\d+/);
    assert.match(await places.first().innerText(), /\(\(a \+ b\) \/ 2\) \* height/);
    await expectSoon(
      "the draft",
      () => chat.locator(".turn.model").last().innerText(),
      (text) => text.includes("Draft of the model"),
    );
    await stop(chat);
    await places.first().getByRole("button").click();
    await workbench.page.locator(".tab.active", { hasText: "shapes.ts" }).waitFor();
    await expectSoon(
      "the place's first line",
      () => workbench.page.locator('.statusbar-item[id="status.editor.selection"]').innerText(),
      (text) => /Ln [3-6],/.test(text),
    );
  });

  it("keeps the conversation with its places after a reload, and forgets it when it is cleared", async () => {
    const { workbench } = session();
    const asked = await askAnew(workbench, "How is the area of a trapezoid computed?");
    await asked.locator(".sources li").first().waitFor();
    await stop(asked);
    // In a browser, the workbench's own storage is written a moment later, and a reload does not wait for it. The palette
    // takes longer.
    await workbench.openChat();
    await workbench.page.reload();
    await workbench.page.locator(".monaco-workbench .part.statusbar").waitFor();
    await workbench.waitForStatus("ready");
    const chat = await workbench.openChat();
    await chat.locator(".turn").nth(1).waitFor();
    assert.equal(await chat.locator(".turn.user").innerText(), "How is the area of a trapezoid computed?");
    await chat.locator(".sources li").first().getByRole("button").click();
    await workbench.page.locator(".tab.active", { hasText: "shapes.ts" }).waitFor();

    const turnsAfterClearing = async () => {
      await workbench.runCommand("Griffin: Clear the Chat's History");
      await chat.locator(".turn").first().waitFor({ state: "detached" });
      await workbench.openChat(); // As above.
      await workbench.page.reload();
      await workbench.page.locator(".monaco-workbench .part.statusbar").waitFor();
      await workbench.waitForStatus("ready");
      await workbench.openChat();
      // Who answers stands there once the page has heard what there is.
      await chat.locator(".answerer").waitFor();
      return chat.locator(".turn").count();
    };
    await expectSoon("empty conversation after a reload", turnsAfterClearing, (count) => count === 0);
  });
});

/** Asks in a conversation that begins with this question. */
async function askAnew(workbench: Workbench, question: string): Promise<FrameLocator> {
  const chat = await workbench.openChat();
  await workbench.runCommand("Griffin: Clear the Chat's History");
  await chat.locator(".turn").first().waitFor({ state: "detached" });
  await ask(chat, question);
  return chat;
}

async function ask(chat: FrameLocator, question: string): Promise<void> {
  const turns = chat.locator(".turn");
  const before = await turns.count();
  await chat.getByLabel("Question").fill(question);
  await chat.getByRole("button", { name: "Send" }).click();
  await expectSoon(
    "the question and an answer",
    () => turns.count(),
    (count) => count === before + 2,
  );
}

/** From now on the page counts the lengths that its newest answer has had; looking now and then could miss some. */
function countLengths(chat: FrameLocator): Promise<void> {
  return chat.locator("body").evaluate((body) => {
    const lengths = new Set<number>();
    const look = () => {
      const text = [...body.querySelectorAll(".turn.model .said")].at(-1)?.textContent ?? "";
      body.dataset.lengths = String(lengths.add(text.length).size);
    };
    new MutationObserver(look).observe(body, { childList: true, characterData: true, subtree: true });
  });
}

/** Ends the answer under way, if it has not come to its end. */
async function stop(chat: FrameLocator): Promise<void> {
  // The answer may end before the button is pressed.
  const button = chat.getByRole("button", { name: "Stop" });
  if (await isAnswering(chat)) await button.click({ timeout: 5_000 }).catch(() => {});
  await expectSoon(
    "end after Stop",
    () => isAnswering(chat),
    (answering) => !answering,
  );
}

/** The newest answer, also where it is folded away. */
async function answerText(chat: FrameLocator): Promise<string> {
  return (await chat.locator(".turn.model .said").last().textContent()) ?? "";
}

function isAnswering(chat: FrameLocator): Promise<boolean> {
  return chat.getByRole("button", { name: "Stop" }).isVisible();
}
