// HTTP GET of a model hub's files, through redirects, with every way to fail named.

import type { IncomingMessage } from "node:http";
import { sendRequest, statusProblem } from "../http";
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

  private async ask(url: URL, { headers, signal, about }: Asking): Promise<IncomingMessage> {
    const authorization =
      this.options.token && url.origin === this.origin ? { authorization: `Bearer ${this.options.token}` } : {};
    const stallError = (): Error => new Fault("stalled", about);
    try {
      return await sendRequest(url, {
        headers: { ...headers, ...authorization },
        ...{ signal, stallMs: this.options.stallMs, stallError },
      });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const fault = networkFault(error, about);
      // Nothing has come yet in the middle of which it could break.
      throw fault.kind === "cutOff" ? new Fault("refused", fault.details, error) : fault;
    }
  }

  private statusFault(status: number, headers: IncomingMessage["headers"], about: FaultDetails): Fault {
    const details = { ...about, status };
    const problem = statusProblem(status, headers);
    if (problem) return new Fault(problem.kind, { ...details, ...problem.details });
    if (status === 401) return new Fault(this.hasToken ? "badToken" : "noToken", details);
    if (status === 403) return new Fault("noAccess", details);
    if (status === 404 || status === 410) return new Fault("notFound", details);
    return new Fault("unexpectedStatus", details);
  }
}
