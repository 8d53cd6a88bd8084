// node tools/exactMemory/run.mjs FILE... [--places 3] [--threads 0]
//
// What the exact memory is worth in long files: longFiles.ts says how that is measured.

import { runTypeScript } from "../runTypeScript.mjs";

await runTypeScript("exactMemory", "tools/exactMemory/longFiles.ts");
