// What happens when the command ends early: nobody reads its output any more, or somebody stops it.

import { rmSync } from "node:fs";
import { sentenceOf } from "./sentence";
import { complain } from "./tell";

/** As shells see a program that has ended by SIGPIPE, which Node's do not get. */
const ENDED_BY_PIPE = 128 + 13;
const STOPS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Ends the process when its output cannot be written: without a word when whoever reads it has seen enough, as `head` has. */
export function endWithReader(): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(ENDED_BY_PIPE);
      if (output === process.stdout) complain(`griffin: ${sentenceOf(error)}\n`);
      process.exit(1);
    });
  }
}

/**
 * Removes a folder when the process ends or is stopped; not when it is killed.
 * @returns what is to be called when the folder has been removed, or is to stay
 */
export function removeAtEnd(folder: string): () => void {
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const stop = (signal: NodeJS.Signals) => {
    remove();
    forget();
    process.kill(process.pid, signal);
  };
  const forget = () => {
    process.off("exit", remove);
    for (const signal of STOPS) process.off(signal, stop);
  };
  process.on("exit", remove);
  for (const signal of STOPS) process.on(signal, stop);
  return forget;
}
