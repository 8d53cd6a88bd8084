// node tools/randomCheckpoint.mjs 2b|2b-it|9b|9b-it OUT [--layers N] [--vocabulary N] [--tokenizer FILE] [--seed N]
//
// Writes a RecurrentGemma checkpoint in the hub's layout with random weights: to convert, to run and to measure, where
// the real weights cannot be had. Its words mean nothing.

import { runTypeScript } from "./runTypeScript.mjs";

await runTypeScript("randomCheckpoint", "tools/randomCheckpoint/main.ts");
