// What consents and secrets are kept for. VS Code keeps them beside the user, for all machines that he works on, and
// `localhost` is somebody else on each of them.

import { createHash } from "node:crypto";

/** A machine at which a window works, other than the user's own. */
export interface RemoteMachine {
  /** What the user reads. */
  readonly name: string;
  /** Tells it from others, also from those of its name. */
  readonly id: string;
}

/** @param systemId what the system says that it is; it is not to be told to others, so a hash stands for it */
export function remoteMachineOf(name: string, systemId: string | undefined): RemoteMachine {
  if (systemId === undefined) return { name, id: name };
  const hash = createHash("sha256").update(`griffin-code ${systemId}`).digest("hex");
  return { name, id: `${name} ${hash.slice(0, 12)}` };
}

/** @param machine the remote machine at which this window works, if it does */
export function keptAddress(address: string, machine: RemoteMachine | undefined): string {
  return machine !== undefined && isLoopback(new URL(address)) ? `${address} on ${machine.id}` : address;
}

export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
