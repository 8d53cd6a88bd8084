// Servers that say nothing, without anybody waiting for as long as the extension does.

import http, { type ClientRequest, type ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";
import { withReplaced } from "./replaced";
import { until } from "./until";

/** A request, and how long it would wait for an answer. */
export interface Waiting {
  readonly url: URL;
  readonly timeoutMs: number | undefined;
}

const underWay = new Set<ClientRequest>();

/** While `work` runs, servers may `fallSilent`. @param onRequest is told of each request */
export async function withSilence<R>(work: () => Promise<R>, onRequest = (_: Waiting) => {}): Promise<R> {
  const { request } = http;
  const noting = (url: URL, options: http.RequestOptions) => {
    onRequest({ url, timeoutMs: options.timeout });
    const sent = request(url, options);
    underWay.add(sent);
    return sent.once("close", () => underWay.delete(sent));
  };
  return withReplaced(http, { request: noting as typeof request }, work);
}

/** The server sends nothing more of this answer: whoever waits for it has done so for long enough when he has read the rest. */
export async function fallSilent(response: ServerResponse): Promise<void> {
  const connection = response.socket!;
  const asking = [...underWay].find(({ socket }) => socket?.localPort === connection.remotePort)!;
  await until("all has come that was sent", () => asking.socket!.bytesRead >= connection.bytesWritten);
  // What has come is in the reader's hands by now.
  await setImmediate();
  asking.emit("timeout");
}
