// The setting `griffin.chat.endpoint` as an address.

import { EndpointFault } from "./faults";

export interface Endpoint {
  /** Without a slash at its end. */
  readonly base: URL;
  readonly origin: string;
  /** With the port, when it is not the usual one. */
  readonly host: string;
  readonly isOnThisMachine: boolean;
}

/** Undefined when the setting is empty: no endpoint. Throws an EndpointFault when it is no address. */
export function endpointOf(setting: string): Endpoint | undefined {
  const text = setting.trim();
  if (text === "") return undefined;
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) throw new EndpointFault("badAddress", { found: setting });
  const base = new URL(text);
  if (base.username !== "" || base.password !== "") throw new EndpointFault("keyInAddress");
  // Many documentations give the whole address of a request.
  base.pathname = base.pathname.replace(/\/(chat\/completions|models)\/*$/, "").replace(/\/+$/, "");
  base.hash = "";
  const { origin, host, hostname } = base;
  return { base, origin, host, isOnThisMachine: /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname) };
}

/** @param path below the base, such as `chat/completions` */
export function addressOf({ base }: Endpoint, path: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  return url;
}
