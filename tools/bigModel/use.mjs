// What a person does first with a model: waits until it is loaded, types, takes a suggestion, asks a question.

import { join } from "node:path";
import { expectSoon } from "../workbench/expectSoon.mjs";
import { loadSeconds, residentMegabytes } from "./engine.mjs";

/** A large model on a slow machine. */
const PATIENCE_MS = 600_000;
/** So much of an answer is enough to see that it comes. */
const ANSWER_LENGTH = 40;
const QUESTION = "What does this file do?";

/**
 * @typedef {object} Use
 * @property {import("../workbench/workbench.mjs").Workbench} workbench
 * @property {string} home  the server's, with its log
 * @property {string} extensions
 * @property {string | undefined} screenshots
 */

/** @param {Use} use */
export async function useModel({ workbench, home, extensions, screenshots }) {
  const picture = async (/** @type {string} */ name) => {
    if (screenshots) await workbench.page.screenshot({ path: join(screenshots, `${name}.png`) });
  };
  await workbench.openFile("watering.ts");
  await workbench.waitForStatus("ready", PATIENCE_MS);
  const afterLoad = residentMegabytes(extensions);
  const completion = await complete(workbench);
  await picture("ghost-text");
  await workbench.press("Tab");
  await expectSoon(
    "accepted suggestion",
    () => workbench.ghostText(),
    (text) => text !== completion.text,
    10_000,
  );
  const answer = await ask(workbench);
  await picture("chat");
  return {
    "load s": loadSeconds(home),
    "resident MB after the load": afterLoad,
    "resident MB after the chat": residentMegabytes(extensions),
    "first ghost text s": completion.seconds,
    "ghost text": completion.text,
    "first words of the answer s": answer.seconds,
    answer: answer.text,
  };
}

/** @param {import("../workbench/workbench.mjs").Workbench} workbench */
async function complete(workbench) {
  await workbench.placeCursor(1, 1);
  await workbench.press("Control+End");
  await workbench.press("Enter");
  await workbench.type("export function total");
  const began = performance.now();
  const text = await workbench.waitForGhostText(undefined, PATIENCE_MS);
  return { text, seconds: secondsSince(began) };
}

/** @param {import("../workbench/workbench.mjs").Workbench} workbench */
async function ask(workbench) {
  const chat = await workbench.openChat();
  await chat.getByLabel("Question").fill(QUESTION);
  await chat.getByRole("button", { name: "Send" }).click();
  const began = performance.now();
  const answer = chat.locator(".turn.model").last();
  const look = async () => ((await answer.count()) > 0 ? answer.innerText() : "");
  await expectSoon("answer", look, (text) => text.trim() !== "", PATIENCE_MS);
  const seconds = secondsSince(began);
  const stop = chat.getByRole("button", { name: "Stop" });
  const isEnough = async () => (await look()).length >= ANSWER_LENGTH || !(await stop.isVisible());
  await expectSoon("longer answer", isEnough, Boolean, PATIENCE_MS);
  // It may have come to its end by itself.
  if (await stop.isVisible()) await stop.click({ timeout: 5_000 }).catch(() => {});
  await expectSoon(
    "end of the answer",
    () => stop.isVisible(),
    (visible) => !visible,
    PATIENCE_MS,
  );
  return { text: (await look()).replaceAll(/\s+/g, " "), seconds };
}

/** @param {number} began */
function secondsSince(began) {
  return Math.round((performance.now() - began) / 10) / 100;
}
