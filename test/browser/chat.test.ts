import assert from "node:assert/strict";
import type { FrameLocator } from "playwright-core";
import { expectSoon } from "../../tools/workbench/expectSoon.mjs";
import { PYTHON } from "./support/samples";
import { useWorkbench } from "./support/useWorkbench";

const ANSWER_TIMEOUT_MS = 60_000;

describe("chat", () => {
  const session = useWorkbench({ name: "chat", files: { "calculator.py": PYTHON } });

  it("streams an answer", async () => {
    const { workbench } = session();
    await workbench.openFile("calculator.py");
    await workbench.waitForStatus("ready");
    const chat = await workbench.openChat();
    await ask(chat, "Write a Python function that adds the numbers from one to ten, and explain each of its lines.");
    const lengths = new Set<number>();
    await expectSoon(
      "end of the answer",
      async () => {
        lengths.add((await answerText(chat)).length);
        return isAnswering(chat);
      },
      (answering) => !answering,
      ANSWER_TIMEOUT_MS,
    );
    assert.notEqual(await answerText(chat), "");
    assert.ok(lengths.size > 2, `the answer grew in steps, seen lengths: ${[...lengths].join(", ")}`);
  });

  it("stops when told to, and answers again", async () => {
    const chat = await session().workbench.openChat();
    // So long a question keeps the engine reading for seconds.
    await ask(chat, `Explain this. ${PYTHON.repeat(40)}`);
    await chat.getByRole("button", { name: "Stop" }).click();
    await expectSoon(
      "end after Stop",
      () => isAnswering(chat),
      (answering) => !answering,
      5000,
    );
    assert.match(await chat.locator(".note").innerText(), /stopped/i);

    await chat.getByRole("button", { name: "Clear" }).click();
    await chat.locator(".turn").first().waitFor({ state: "detached" });
    await ask(chat, "What is a list?");
    await expectSoon(
      "next answer",
      () => answerText(chat),
      (text) => text !== "",
      ANSWER_TIMEOUT_MS,
    );
  });
});

async function ask(chat: FrameLocator, question: string): Promise<void> {
  const turns = chat.locator(".turn");
  const before = await turns.count();
  await chat.getByLabel("Question").fill(question);
  await chat.getByRole("button", { name: "Send" }).click();
  await expectSoon(
    "the question and an answer",
    () => turns.count(),
    (count) => count === before + 2,
    15_000,
  );
}

/** The newest answer. */
function answerText(chat: FrameLocator): Promise<string> {
  return chat.locator(".turn.model").last().innerText();
}

function isAnswering(chat: FrameLocator): Promise<boolean> {
  return chat.getByRole("button", { name: "Stop" }).isVisible();
}
