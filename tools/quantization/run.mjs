// node tools/quantization/run.mjs [--model FOLDER] [--tasks FILE] [--limit N] [--characters N]
//   [--layers LIST] [--only PATTERN] [--threads N] [--out FOLDER]
//
// What each way to store weights in 8 and 4 bits costs: first the error of single linears' outputs in the layers of
// LIST ("" leaves that out), then, for whole models, the weights' error, bits a byte of code that calibration has not
// seen, and how far the predictions are from those of float32, with the engine's own kernels. The model is one whose
// weights are float32 or 8 bits, near enough to the floats that they came from. Takes a minute or two a row; PATTERN
// chooses rows by what stands in their first column, N characters of each text shorten them.

import { runTypeScript } from "../runTypeScript.mjs";

await runTypeScript("quantization", "tools/quantization/main.ts");
