// node tools/quantization/run.mjs [--model FOLDER] [--tasks FILE] [--limit N] [--characters N]
//   [--only PATTERN] [--threads N] [--out FOLDER]
//
// What each way to store weights in 8 and 4 bits costs: the weights' error, and bits a byte of code that the model has
// not seen, with the engine's own kernels. The model is one whose weights are float32 or 8 bits, near enough to the
// floats that they came from. Takes a minute or two a row; PATTERN chooses
// rows by what stands in their first column, N characters of each text shorten them.

import { runTypeScript } from "../runTypeScript.mjs";

await runTypeScript("quantization", "tools/quantization/main.ts");
