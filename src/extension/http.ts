// Requests over Node's own http and https, for all that the extension asks of the network, and what their errors mean.
//
// These two are used because VS Code's extension host patches exactly them for extensions: proxy (`http.proxy`, the
// system's, PAC), proxy authorization and the system's certificates come with them.

import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";

/** A connection that says nothing for so long is ended. */
export interface Silence {
  readonly beforeAnswerMs: number;
  readonly midwayMs: number;
}

export interface HttpRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes it a POST. */
  readonly body?: string;
  readonly signal: AbortSignal;
  readonly silence: Silence;
  /** What it is then ended with, after so much silence. */
  readonly stallError: (silentMs: number) => Error;
}

/**
 * Resolves with an answer of any status, its body not yet read. Rejects with the signal's reason or the connection's error.
 */
export function sendRequest(url: URL, asking: HttpRequest): Promise<IncomingMessage> {
  const { headers, body, signal, silence, stallError } = asking;
  signal.throwIfAborted();
  const request = url.protocol === "http:" ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    let response: IncomingMessage | undefined;
    const sent = request(url, {
      method: body === undefined ? "GET" : "POST",
      headers: { "user-agent": "griffin-code", ...headers },
      signal,
      timeout: silence.beforeAnswerMs,
    });
    sent.once("response", (answer) => {
      response = answer;
      sent.setTimeout(silence.midwayMs);
      resolve(answer);
    });
    // The timeout is one of silence, and stays in force while the body is read.
    sent.once("timeout", () => {
      if (response) response.destroy(stallError(silence.midwayMs));
      else sent.destroy(stallError(silence.beforeAnswerMs));
    });
    sent.on("error", (error) => reject(signal.aborted ? signal.reason : error));
    sent.end(body);
  });
}

/** Why there is no connection, or not any more. */
export interface ConnectionProblem {
  readonly kind: "offline" | "tls" | "proxy" | "refused" | "cutOff";
  /** The system's code for it, or its words. */
  readonly cause: string;
}

export function connectionProblem(error: unknown): ConnectionProblem {
  const { code = "", message = String(error), syscall = "" } = error as NodeJS.ErrnoException;
  const cause = code || message;
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY|EPROTO/.test(code)) return { kind: "tls", cause };
  // Whoever could read or write was connected, and something may have been sent.
  if (/^(read|write)$/.test(syscall)) return { kind: "cutOff", cause };
  if (/^(ENOTFOUND|EAI_AGAIN|ENETUNREACH|ENETDOWN)$/.test(code)) return { kind: "offline", cause };
  if (/proxy|tunnel/i.test(message)) return { kind: "proxy", cause: message };
  if (/^(ECONNREFUSED|EHOSTUNREACH|ETIMEDOUT)$/.test(code)) return { kind: "refused", cause };
  return { kind: "cutOff", cause };
}

/** Why an answer is none. */
export type StatusProblem =
  | { readonly kind: "proxy"; readonly details: { readonly cause: string } }
  | { readonly kind: "tooManyRequests" | "serverError"; readonly details: { readonly retryAfterMs?: number } };

/** What a status means whoever was asked; undefined for one that depends on what was asked for. */
export function statusProblem(status: number, headers: IncomingHttpHeaders): StatusProblem | undefined {
  if (status === 407) return { kind: "proxy", details: { cause: "407" } };
  if (status === 429) {
    return { kind: "tooManyRequests", details: windowEnd(headers.ratelimit) ?? retryAfter(headers["retry-after"]) };
  }
  return status >= 500 ? { kind: "serverError", details: retryAfter(headers["retry-after"]) } : undefined;
}

/** When requests are counted anew, as the model hub says it: `"api";r=0;t=55`, in whole seconds. */
function windowEnd(header: string | readonly string[] | undefined): { readonly retryAfterMs: number } | undefined {
  const [, seconds] = /;\s*t=(\d+)/.exec(String(header)) ?? [];
  return seconds === undefined ? undefined : { retryAfterMs: (Number(seconds) + 1) * 1000 };
}

/** The header's two forms: seconds, or a date. */
function retryAfter(header: string | undefined): { readonly retryAfterMs?: number } {
  if (header === undefined) return {};
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? { retryAfterMs: ms } : {};
}
