// npm run screenshots
//
// Takes the README's pictures from the real workbench, with the packaged extension and the bundled model.

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ensureNpmPackages } from "./setUp/npmPackages.mjs";
import { cloneCache, root } from "./setUp/paths.mjs";

await ensureNpmPackages();
const { packageForTests, prepareTestEditor } = await import("./test/extensionUnderTest.mjs");
const { expectSoon } = await import("./workbench/expectSoon.mjs");
const { copySampleWorkspace } = await import("./workbench/sampleWorkspace.mjs");
const { withWorkbench } = await import("./workbench/session.mjs");

const QUESTION = "How is the area of a circle computed?";

const home = join(cloneCache, "screenshots");
const folder = join(home, "workspace");
const pictures = join(root, "media", "screenshots");
await rm(home, { recursive: true, force: true });
await mkdir(pictures, { recursive: true });
await copySampleWorkspace(folder);

const editor = await prepareTestEditor(await packageForTests());
const settings = {
  "editor.fontSize": 14,
  "editor.minimap.enabled": false,
  "editor.stickyScroll.enabled": false,
  "editor.wordBasedSuggestions": "off",
};
const viewport = { width: 1000, height: 640 };
await withWorkbench({ ...editor, home, settings, window: { folder, viewport } }, async (workbench) => {
  await workbench.openFile("shapes.py");
  await workbench.waitForStatus("ready");
  await takeGhostText(workbench);
  // While the other view is still closed, the chat has all of the side bar; an answer with its places wants some height.
  await workbench.page.setViewportSize({ ...viewport, height: 900 });
  await takeChat(workbench);
  await takeContext(workbench);
});

/** @param {import("./workbench/workbench.mjs").Workbench} workbench */
async function takeGhostText(workbench) {
  await workbench.placeCursor(1, 1); // also gives the focus to the editor
  await workbench.press("Control+End");
  await workbench.press("Enter");
  await workbench.press("Enter");
  await workbench.type("def smallest(shapes):");
  await workbench.press("Enter");
  await workbench.type('"""The shape with the smallest area."""');
  await workbench.press("Enter");
  await workbench.type("return mi"); // Without these letters the small model repeats the function above.
  await workbench.waitForGhostText((text) => text.length > 3);
  await workbench.page.screenshot({ path: join(pictures, "ghost-text.png") });
  await workbench.press("Tab");
  // The chat is asked about the file as it is on the disk.
  await workbench.undoAll();
}

/** @param {import("./workbench/workbench.mjs").Workbench} workbench */
async function takeContext(workbench) {
  const rows = await workbench.openContext();
  await expectSoon(
    "rows",
    () => rows.count(),
    (count) => count > 4,
  );
  // All of it, and not what the chat above leaves.
  await workbench.page.locator(".pane-header", { hasText: "Chat" }).first().click();
  await workbench.page.locator(".pane", { hasText: "Files read" }).getByText("Exact memory").first().waitFor();
  const header = workbench.page.locator(".pane-header", { hasText: "What the Model Saw" });
  await expectSoon(
    "pane at the top",
    async () => (await header.boundingBox())?.y ?? Infinity,
    (top) => top < 150,
  );
  await workbench.page.screenshot({ path: join(pictures, "context.png") });
}

/** @param {import("./workbench/workbench.mjs").Workbench} workbench */
async function takeChat(workbench) {
  const chat = await workbench.openChat();
  await chat.getByLabel("Question").fill(QUESTION);
  await chat.getByRole("button", { name: "Send" }).click();
  const stop = chat.getByRole("button", { name: "Stop" });
  const answered = async () => (await chat.locator(".turn.model").count()) > 0 && !(await stop.isVisible());
  await expectSoon("answer", answered, Boolean);
  // The places come first, and the answer may be long.
  await chat.locator(".turn.user").last().scrollIntoViewIfNeeded();
  await workbench.page.screenshot({ path: join(pictures, "chat.png") });
}
