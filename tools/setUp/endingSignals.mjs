// The signals by which a process is asked to end. One that does not listen ends at once, and leaves what it has started.

import { constants } from "node:os";

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * @param {(exitCode: number) => void} end  gets the shell's number for a program that the signal has ended
 * @returns {() => void} listens no more
 */
export function onEndingSignal(end) {
  const listener = (/** @type {NodeJS.Signals} */ signal) => end(128 + constants.signals[signal]);
  for (const signal of SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
}
