// node tools/bigModel.mjs MODEL_DIR [--screenshots DIR] [--json]
//
// A large model of yours in the real workbench: loads it, types until ghost text comes, asks the chat; then measures it
// with `griffin bench --quick`. Prints one table. MODEL_DIR is what `griffin convert` wrote, such as RecurrentGemma 2B.

import { cp, mkdir, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ensureNpmPackages } from "./setUp/npmPackages.mjs";
import { cloneCache, root } from "./setUp/paths.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, screenshots: { type: "string" } },
});
const model = resolve(positionals[0] ?? "");
if (positionals.length !== 1 || !(await stat(join(model, "model.json")).catch(() => false))) {
  console.error(
    "usage: node tools/bigModel.mjs MODEL_DIR [--screenshots DIR] [--json], where MODEL_DIR has a model.json",
  );
  process.exit(2);
}

await ensureNpmPackages();
const { packageForTests, prepareTestEditor } = await import("./test/extensionUnderTest.mjs");
const { measureBench } = await import("./bigModel/bench.mjs");
const { useModel } = await import("./bigModel/use.mjs");
const { withWorkbench } = await import("./workbench/session.mjs");

const home = join(cloneCache, "big-model");
const folder = join(home, "folder");
await rm(home, { recursive: true, force: true });
await cp(join(root, "samples", "workspace", "garden"), folder, { recursive: true });
if (values.screenshots) await mkdir(values.screenshots, { recursive: true });

const editor = await prepareTestEditor(await packageForTests());
const settings = {
  "griffin.model.path": model,
  // Another job of the model's, and not what is measured here.
  "griffin.repository.read": false,
  "editor.quickSuggestions": false,
  "editor.wordBasedSuggestions": "off",
};
const { extensions } = editor;
const { screenshots } = values;
const used = await withWorkbench({ ...editor, home, settings, window: { folder } }, (workbench) =>
  useModel({ workbench, home, extensions, screenshots }),
);
const report = { model, ...used, ...measureBench(model) };
if (values.json) console.log(JSON.stringify(report));
else console.table(report);
