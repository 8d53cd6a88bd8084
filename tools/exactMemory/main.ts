// The measuring scripts of the exact memory, by name.

import { dump } from "./dump";
import { forwardCost } from "./forwardCost";
import { report } from "./report";
import { spans } from "./spans";
import { speed } from "./speed";

const [name, ...args] = process.argv.slice(2);
const commands: Record<string, (args: readonly string[]) => Promise<void> | void> = {
  dump,
  forwardCost,
  report,
  spans,
  speed,
};
Promise.resolve(commands[name!]!(args)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
