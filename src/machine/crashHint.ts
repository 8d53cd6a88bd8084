// What most often ends a process that runs a model, and has no time to say why, and what helps: by the signal, or by the code
// that Windows gives in its place.

import { visualCppAddress } from "./loadFault";

/**
 * A sentence or two; undefined where the end says nothing in particular.
 * @param how ends in a signal or an exit code, as in `signal SIGILL` and `exit code 3221225501`
 */
export function crashHint(how: string, arch: NodeJS.Architecture = process.arch): string | undefined {
  const end = how.split(" ").at(-1)!;
  switch (WINDOWS_ENDS[Number(end)] ?? end) {
    case "wrongLibrary":
      return `Most often Microsoft's Visual C++ runtime is missing or too old: install it from ${visualCppAddress(arch)}.`;
    case "SIGILL":
      return (
        "This machine's processor lacks instructions that what runs the model needs. A virtual machine can have them if it is " +
        "given all that the host's processor has; an old processor cannot."
      );
    case "SIGBUS":
      return (
        "The disk did not give what the model has there, as when a network drive is disconnected. Connect it again, or keep " +
        "the model on a disk of this machine."
      );
    default:
      return undefined;
  }
}

/** NTSTATUS values. */
const WINDOWS_ENDS: Readonly<Record<number, "wrongLibrary" | "SIGILL" | "SIGBUS">> = {
  // Access violation: binaries that are newer than the runtime end so in its locks.
  3221225477: "wrongLibrary",
  3221225781: "wrongLibrary",
  3221225785: "wrongLibrary",
  3221225501: "SIGILL",
  3221225478: "SIGBUS",
};
