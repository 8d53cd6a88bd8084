// The access tokens that an installation may send, read before it begins: a store for secrets that fails then is neither a bad
// hub nor a bad disk.

import { secretsFault } from "./faults";
import { HUB } from "./hubPages";

/** The token that is kept for an origin. */
export type TokenOf = (origin: string) => string | undefined;

/**
 * Those of the endpoint and of the hub, to which a mirror may pass on. Throws a Fault.
 * @param read what is kept for an address
 */
export async function knownTokens(
  endpoint: string,
  read: (address: string) => PromiseLike<string | undefined>,
): Promise<TokenOf> {
  const known = new Map<string, string | undefined>();
  try {
    for (const origin of [new URL(endpoint).origin, HUB]) known.set(origin, await read(origin));
  } catch (error) {
    throw secretsFault(error);
  }
  return (origin) => known.get(origin);
}
