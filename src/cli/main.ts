// Where the `griffin` command begins. What needs the engine is loaded only in the process that does the work.

import { loadFault } from "../machine/loadFault";
import { inChild } from "./inChild";

void inChild(() => import("./program").then(({ run }) => run(process.argv), refuse));

function refuse(error: unknown): void {
  process.stderr.write(`griffin: ${loadFault(error, "try again")}\n`);
  process.exitCode = 1;
}
