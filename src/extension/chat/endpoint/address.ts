// The setting `griffin.chat.endpoint` as an address.

import { isLoopback, type RemoteMachine } from "../../secrets/keptAddress";
import { EndpointFault } from "./faults";

export interface Endpoint {
  /** Without a slash at its end. */
  readonly base: URL;
  /** The whole of it but the query: one server may serve many, each below a path, and a workspace chooses the path. */
  readonly address: string;
  /** As it is told: with the port, when it is not the usual one, and with the machine. */
  readonly host: string;
  /** The same with the path. */
  readonly name: string;
  readonly isOnThisMachine: boolean;
  /** This machine, when the endpoint is on it and it is a remote one: `localhost` alone would be the user's own. */
  readonly machine?: RemoteMachine;
}

/**
 * Undefined when the setting is empty: no endpoint. Throws an EndpointFault when it is no address.
 * @param machine the remote machine at which this window works, if it does
 */
export function endpointOf(setting: string, machine?: RemoteMachine): Endpoint | undefined {
  const text = setting.trim();
  if (text === "") return undefined;
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) throw new EndpointFault("badAddress", { setting });
  const base = new URL(text);
  if (base.username !== "" || base.password !== "") throw new EndpointFault("keyInAddress", {});
  // Many documentations give the whole address of a request.
  base.pathname = base.pathname.replace(/\/(chat\/completions|models)\/*$/, "").replace(/\/+$/, "");
  base.hash = "";
  const path = base.pathname.replace(/\/$/, "");
  const { origin, host } = base;
  const isOnThisMachine = isLoopback(base);
  const told = { base, address: origin + path, host, name: host + path, isOnThisMachine };
  if (!isOnThisMachine || machine === undefined) return told;
  const on = ` on ${machine.name}`;
  return { ...told, host: told.host + on, name: told.name + on, machine };
}

/** @param path below the base, such as `chat/completions` */
export function addressOf({ base }: Endpoint, path: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  return url;
}
