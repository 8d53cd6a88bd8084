// Bundles and runs one of the measuring scripts of the exact memory:
//
//   node tools/exactMemory/run.mjs dump|forwardCost|longFiles|report|speed …
//
// What each does stands at the head of its file. Nothing here is shipped.

import { runTypeScript } from "../runTypeScript.mjs";

await runTypeScript("exactMemory", "tools/exactMemory/main.ts");
