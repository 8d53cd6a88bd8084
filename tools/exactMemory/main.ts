// The measuring scripts of the exact memory, by name.

import { dump } from "./dump";
import { forwardCost } from "./forwardCost";
import { longFiles } from "./longFiles";
import { report } from "./report";
import { speed } from "./speed";

const commands: Record<string, (args: readonly string[]) => Promise<void> | void> = {
  dump,
  forwardCost,
  longFiles,
  report,
  speed,
};

async function main([name = "", ...args]: readonly string[]): Promise<void> {
  const command = commands[name];
  if (command === undefined) throw new Error(`Give one of ${Object.keys(commands).join(", ")}, not "${name}".`);
  await command(args);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
