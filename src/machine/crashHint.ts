// What most often ends a process that runs a model, and has no time to say why, and what helps: by the signal, or by the code
// that Windows gives in its place.

import { visualCppAddress } from "./loadFault";

export interface CrashOptions {
  /** Whether what runs the model had done nothing yet: later, faults of its own and of drivers end it in the same way. */
  readonly isAtStart: boolean;
  readonly platform?: NodeJS.Platform;
  readonly arch?: NodeJS.Architecture;
}

/**
 * A sentence or two; undefined where the end says nothing in particular.
 * @param how ends in a signal or an exit code, as in `signal SIGILL` and `exit code 3221225501`
 */
export function crashHint(
  how: string,
  { isAtStart, platform = process.platform, arch = process.arch }: CrashOptions,
): string | undefined {
  const end = how.split(" ").at(-1)!;
  switch (WINDOWS_ENDS[Number(end)] ?? end) {
    case "wrongLibrary":
      return runtimeHint(arch);
    case "SIGILL":
      return (
        "This machine's processor lacks instructions that what runs the model needs. A virtual machine can have them if it is " +
        "given all that the host's processor has; an old processor cannot."
      );
    case "accessViolation":
      return isAtStart ? runtimeHint(arch) : undefined;
    case "SIGBUS":
      // On a Mac, also a fault of the program ends so.
      if (platform === "darwin") return undefined;
      return (
        "The disk did not give what the model has there, as when a network drive is disconnected. Connect it again, or keep " +
        "the model on a disk of this machine."
      );
    default:
      return undefined;
  }
}

function runtimeHint(arch: NodeJS.Architecture): string {
  return `Most often Microsoft's Visual C++ runtime is missing or too old: install it from ${visualCppAddress(arch)}.`;
}

/** NTSTATUS values. */
const WINDOWS_ENDS: Readonly<Record<number, "accessViolation" | "wrongLibrary" | "SIGILL" | "SIGBUS">> = {
  // Binaries that are newer than the runtime end so in its locks.
  3221225477: "accessViolation",
  3221225781: "wrongLibrary",
  3221225785: "wrongLibrary",
  3221225501: "SIGILL",
  3221225478: "SIGBUS",
};
