// npm run latency [-- --count N] [--json]
//
// From a keystroke to ghost text, in the real workbench: with Griffin Code, and with a provider that answers at once,
// which shows how much of the time is the workbench's own.

import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureNpmPackages } from "./setUp/npmPackages.mjs";
import { cloneCache, root } from "./setUp/paths.mjs";

const { values } = parseArgs({ options: { count: { type: "string", default: "60" }, json: { type: "boolean" } } });

await ensureNpmPackages();
const { packageForTests, prepareTestEditor } = await import("./test/extensionUnderTest.mjs");
const { installFloorExtension } = await import("./latency/floor.mjs");
const { measureLatency } = await import("./latency/measure.mjs");
const { expectSoon } = await import("./workbench/expectSoon.mjs");
const { withWorkbench } = await import("./workbench/session.mjs");

const home = join(cloneCache, "latency");
await rm(home, { recursive: true, force: true });
const editor = await prepareTestEditor(await packageForTests());
const floorExtensions = await installFloorExtension(editor.codeServer, join(home, "floor-install"));

const rows = {
  floor: await measure("floor", floorExtensions, false),
  griffin: await measure("griffin", editor.extensions, true),
};
if (values.json) console.log(JSON.stringify(rows));
else console.table(rows);

/**
 * @param {string} name
 * @param {string} extensions
 * @param {boolean} hasEngine
 */
async function measure(name, extensions, hasEngine) {
  const folder = join(home, name, "folder");
  await cp(join(root, "samples", "workspace", "garden"), folder, { recursive: true });
  // With VS Code's own settings for its list, which waits for ghost text: what comes too late is not shown.
  const options = { ...editor, home: join(home, name), extensions, window: { folder } };
  return withWorkbench(options, async (workbench) => {
    await workbench.openFile("watering.ts");
    if (hasEngine) await workbench.waitForStatus("ready");
    else await waitForAnyAnswer(workbench);
    return measureLatency(workbench, Number(values.count));
  });
}

/**
 * Types until there is ghost text: a provider without a status is there then, and the workbench has drawn once.
 * @param {import("./workbench/workbench.mjs").Workbench} workbench
 */
async function waitForAnyAnswer(workbench) {
  await workbench.placeCursor(1, 1);
  await workbench.press("End");
  await expectSoon(
    "a first answer",
    async () => {
      await workbench.type(" ");
      await workbench.page.waitForTimeout(1000);
      return workbench.ghostText();
    },
    (text) => text !== "",
  );
  await workbench.press("Escape");
  await workbench.undoAll();
}
