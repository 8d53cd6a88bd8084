// HTTP GET over Node's own modules, with every way to fail named.
//
// Node's http and https are used because VS Code's extension host patches exactly these two for extensions: proxy
// (`http.proxy`, the system's, PAC), proxy authorization and the system's certificates come with them.

import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Fault, type FaultDetails, networkFault } from "./faults";

export interface HttpOptions {
  /** Sent to the endpoint's own origin alone: downloads are redirected to other hosts, which get none of it. */
  readonly token?: string | undefined;
  /** A connection that says nothing for so long counts as stalled. */
  readonly stallMs: number;
}

export interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** What the answer is about, for the sentences of faults. */
  readonly about: FaultDetails;
}

/** An answer with status 200, 206 or 416, its body not yet read. */
export interface Answer {
  readonly response: IncomingMessage;
  /** Who gave it, after redirects. */
  readonly host: string;
}

const MOST_REDIRECTS = 5;

export class HttpClient {
  private readonly origin: string;

  constructor(
    endpoint: string,
    private readonly options: HttpOptions,
  ) {
    this.origin = new URL(endpoint).origin;
  }

  get hasToken(): boolean {
    return this.options.token !== undefined;
  }

  /** Throws a Fault, or the signal's reason. */
  async get(address: string, asking: Asking): Promise<Answer> {
    let url = new URL(address);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const about = { host: url.host, ...asking.about };
      const response = await this.ask(url, { ...asking, about });
      const { statusCode: status = 0, headers } = response;
      if (status >= 300 && status < 400 && headers.location) {
        response.resume();
        url = new URL(headers.location, url);
        continue;
      }
      if (status === 200 || status === 206 || status === 416) return { response, host: url.host };
      response.resume();
      throw this.statusFault(status, headers, about);
    }
    throw new Fault("redirects", { host: url.host, ...asking.about });
  }

  private ask(url: URL, { headers, signal, about }: Asking): Promise<IncomingMessage> {
    signal.throwIfAborted();
    const authorization =
      this.options.token && url.origin === this.origin ? { authorization: `Bearer ${this.options.token}` } : {};
    const request = url.protocol === "http:" ? httpRequest : httpsRequest;
    return new Promise((resolve, reject) => {
      let response: IncomingMessage | undefined;
      const sent = request(url, {
        headers: { "user-agent": "griffin-code", ...headers, ...authorization },
        signal,
        timeout: this.options.stallMs,
      });
      sent.once("response", (answer) => {
        response = answer;
        resolve(answer);
      });
      // The timeout is one of silence, and stays in force while the body is read.
      sent.once("timeout", () => (response ?? sent).destroy(new Fault("stalled", about)));
      sent.on("error", (error) => reject(signal.aborted ? signal.reason : networkFault(error, about)));
      sent.end();
    });
  }

  private statusFault(status: number, headers: IncomingMessage["headers"], about: FaultDetails): Fault {
    const details = { ...about, status };
    if (status === 401) return new Fault(this.hasToken ? "badToken" : "noToken", details);
    if (status === 403) return new Fault("noAccess", details);
    if (status === 404 || status === 410) return new Fault("notFound", details);
    if (status === 407) return new Fault("proxy", { ...details, cause: "407" });
    if (status === 429) return new Fault("tooManyRequests", { ...details, ...retryAfter(headers["retry-after"]) });
    if (status >= 500) return new Fault("serverError", { ...details, ...retryAfter(headers["retry-after"]) });
    return new Fault("unexpectedStatus", details);
  }
}

/** The header's two forms: seconds, or a date. */
function retryAfter(header: string | undefined): Pick<FaultDetails, "retryAfterMs"> {
  if (header === undefined) return {};
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? { retryAfterMs: ms } : {};
}
