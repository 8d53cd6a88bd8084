// A contender without a model, for the tests of tools/sideBySide: each token takes as many seconds as its id says.
//
//   node contender.mjs [dies|grows]   what it does when it is asked to decode

import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

const fault = process.argv[2];
const say = (/** @type {number[]} */ seconds = []) =>
  console.log(JSON.stringify({ seconds, choices: seconds.map(() => 0) }));

say();
for await (const line of createInterface({ input: process.stdin })) {
  /** @type {{ prefill?: number[], decode?: number[], writeLogits?: string }} */
  const { prefill, decode, writeLogits } = JSON.parse(line);
  if (writeLogits) {
    writeFileSync(writeLogits, new Float32Array([1, 3, 2]));
    say();
  } else if (prefill) {
    say([prefill.reduce((sum, seconds) => sum + seconds, 0)]);
  } else if (fault === "dies") {
    console.error("Traceback of something\nRuntimeError: out of luck\n");
    process.exit(1);
  } else if (fault === "grows") {
    const grown = [];
    for (;;) {
      grown.push(Buffer.alloc(2 ** 24, 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } else {
    say(decode);
  }
}
