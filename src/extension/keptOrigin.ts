// What consents and secrets are kept for. VS Code keeps them beside the user, for all machines that he works on, and
// `localhost` is somebody else on each of them.

/** @param machine the name of the remote machine at which this window works, if it does */
export function keptOrigin(origin: string, machine: string | undefined): string {
  return machine !== undefined && isLoopback(new URL(origin)) ? `${origin} on ${machine}` : origin;
}

export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
