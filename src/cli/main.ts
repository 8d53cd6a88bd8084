// Where the `griffin` command begins. What needs the engine is loaded only in the process that does the work.

import { inChild } from "./inChild";

void inChild(async () => (await import("./program")).run(process.argv));
