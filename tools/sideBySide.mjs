// node tools/sideBySide.mjs CHECKPOINT_DIR [--tokens 1000,4000,16000] [--only NAME,…] [--results FILE] [--json]
//
// Griffin Code beside the other programs that run RecurrentGemma on a processor: DeepMind's torch, transformers and
// candle. The same checkpoint, the same token ids and threads, one program after the other in processes of their own:
// seconds to load, tokens a second read and written, memory, and whether the logits are the reference's.
//
// The first run sets everything up in .cache/sideBySide: Python packages (6 GB), candle (needs cargo), our conversions
// and candle's. With --results what was measured is kept in a file, and a later run measures only what is missing:
//
//   --tokens N,…     lengths of the prompt (1000,4000,16000)
//   --only NAME,…    these contenders alone; `none` prints what the file has
//   --decode N       tokens written after the prompt (16)
//   --threads N      threads of each program (2)
//   --rounds N       times that each is measured, by turns (1); the table has the middle one
//   --limit SECONDS  what reading may take (240); a slower program reads fewer tokens, and its row says so
//   --memory GB      what a program may take before it is ended (the memory that is free now, less 3 GB)
//   --prepare        set up what they need, and measure nothing
//   --again          measure anew what the file has
//   --json           print the measurements
//
// Linux only: memory is read from /proc. A checkpoint with random weights: tools/randomCheckpoint.mjs.

import { runTypeScript } from "./runTypeScript.mjs";

await runTypeScript("sideBySide", "tools/sideBySide/main.ts");
