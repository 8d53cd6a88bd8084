// HTTP GET of a model hub's files, through redirects, with every way to fail named.

import type { IncomingMessage } from "node:http";
import { type Silence, sendRequest, statusProblem } from "../http";
import { type Asked, Fault, networkFault, type Subject } from "./faults";
import { HUB } from "./hubPages";

/** How long the endpoint, and whoever it redirects to, may say nothing. */
export interface HubSilence extends Silence {
  /** Before the answer to a request for a large file, in the endpoint's case. */
  readonly beforeLargeFileMs: number;
}

/** The token that is kept for an origin. Throws a Fault. */
export type TokenOf = (origin: string) => Promise<string | undefined>;

export interface HttpOptions {
  /** A token is sent to its origin and nowhere else, wherever redirects lead. */
  readonly tokenOf: TokenOf;
  /** The hub that mirrors may pass on to; tests have one of their own. */
  readonly hubOrigin?: string;
  readonly silence: HubSilence;
}

export interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  /** One of gigabytes, for which a mirror may need longer. */
  readonly isLargeFile?: boolean;
  readonly signal: AbortSignal;
  /** For the sentences of faults. */
  readonly subject: Subject;
}

/** An answer with status 200, 206 or 416, its body not yet read. */
export interface Answer {
  readonly response: IncomingMessage;
  /** Who gave it, after redirects. */
  readonly host: string;
}

/** Throws a Fault, also where the signal has ended it. */
export async function* bodyOf({ response }: Answer, asked: Asked): AsyncGenerator<Buffer> {
  try {
    yield* response as AsyncIterable<Buffer>;
  } catch (error) {
    throw networkFault(error, asked);
  }
}

const MOST_REDIRECTS = 5;

export class HttpClient {
  private readonly endpoint: URL;

  constructor(
    endpoint: string,
    private readonly options: HttpOptions,
  ) {
    this.endpoint = new URL(endpoint);
  }

  /** Throws a Fault, or the signal's reason. */
  async get(address: string, asking: Asking): Promise<Answer> {
    let url = new URL(address);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const asked = { ...asking.subject, host: url.host };
      const token = this.mayWantToken(url) ? await this.options.tokenOf(url.origin) : undefined;
      const response = await this.ask(url, token, asking, asked);
      const { statusCode: status = 0, headers } = response;
      if (status >= 300 && status < 400 && headers.location && URL.canParse(headers.location, url)) {
        response.resume();
        url = new URL(headers.location, url);
        continue;
      }
      if (status === 200 || status === 206 || status === 416) return { response, host: url.host };
      response.resume();
      if (status === 401 || status === 403) throw this.accessFault(status, url, token !== undefined, asked);
      throw statusFault(status, headers, asked);
    }
    const asked = { ...asking.subject, host: url.host };
    throw this.isHub(url)
      ? new Fault("redirects", asked)
      : new Fault("storageRedirects", { ...asked, endpointHost: this.endpoint.host });
  }

  private async ask(
    url: URL,
    token: string | undefined,
    { headers, isLargeFile = false, signal }: Asking,
    asked: Asked,
  ): Promise<IncomingMessage> {
    const { beforeAnswerMs, beforeLargeFileMs, midwayMs } = this.options.silence;
    const isWorthWaiting = isLargeFile && url.hostname === this.endpoint.hostname;
    const silence = { beforeAnswerMs: isWorthWaiting ? beforeLargeFileMs : beforeAnswerMs, midwayMs };
    const stallError = (silentMs: number): Error => new Fault("stalled", { ...asked, silentMs });
    try {
      return await sendRequest(url, {
        headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        signal,
        silence,
        stallError,
      });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw networkFault(error, asked, false);
    }
  }

  private accessFault(status: number, url: URL, hasToken: boolean, asked: Asked): Fault {
    const { origin } = url;
    const endpointHost = this.endpoint.host;
    // Elsewhere no token opens a file: an address signed by the hub does, for a while.
    if (!this.isHub(url)) return new Fault("storageRefuses", { ...asked, status, endpointHost });
    if (!hasToken && this.isEndpointElsewhere(url)) {
      const address = `${origin}${this.endpoint.pathname}`.replace(/\/$/, "");
      return new Fault("movedEndpoint", { ...asked, status, endpointHost, address });
    }
    if (status === 403) return new Fault("noAccess", { ...asked, origin });
    if (hasToken) return new Fault("badToken", { ...asked, origin });
    if (origin === this.endpoint.origin) return new Fault("noToken", { ...asked, origin });
    return new Fault("passedOn", { ...asked, origin, endpointHost });
  }

  /** Others get none, also where the user has entered one for them. */
  private mayWantToken({ origin }: URL): boolean {
    const { hubOrigin = HUB } = this.options;
    return origin === this.endpoint.origin || origin === hubOrigin;
  }

  /** Some mirrors pass on to the hub itself; whoever else is redirected to only keeps files. */
  private isHub(url: URL): boolean {
    return this.mayWantToken(url) || this.isEndpointElsewhere(url);
  }

  /** The same machine, under https instead of http, or at another port: tokens stay with the origin that they were entered for. */
  private isEndpointElsewhere({ origin, hostname }: URL): boolean {
    return hostname === this.endpoint.hostname && origin !== this.endpoint.origin;
  }
}

function statusFault(status: number, headers: IncomingMessage["headers"], asked: Asked): Fault {
  const problem = statusProblem(status, headers);
  if (problem?.kind === "proxy") return new Fault("proxy", { ...asked, ...problem.details });
  if (problem) return new Fault(problem.kind, { ...asked, ...problem.details, status });
  if (status === 404 || status === 410) return new Fault("notFound", asked);
  return new Fault("unexpectedStatus", { ...asked, status });
}
