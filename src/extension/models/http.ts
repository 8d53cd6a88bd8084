// HTTP GET of a model hub's files, through redirects, with every way to fail named.

import type { IncomingMessage } from "node:http";
import { connectionProblem, sendRequest, statusProblem } from "../http";
import { type Asked, Fault, type Subject } from "./faults";

export interface HttpOptions {
  /** Sent to the endpoint's own origin alone: downloads are redirected to other hosts, which get none of it. */
  readonly token?: string | undefined;
  /** A connection that says nothing for so long counts as stalled. */
  readonly stallMs: number;
}

export interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
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
      const asked = { ...asking.subject, host: url.host };
      const response = await this.ask(url, asking, asked);
      const { statusCode: status = 0, headers } = response;
      if (status >= 300 && status < 400 && headers.location) {
        response.resume();
        url = new URL(headers.location, url);
        continue;
      }
      if (status === 200 || status === 206 || status === 416) return { response, host: url.host };
      response.resume();
      throw this.statusFault(status, headers, asked);
    }
    throw new Fault("redirects", { ...asking.subject, host: url.host });
  }

  private async ask(url: URL, { headers, signal }: Asking, asked: Asked): Promise<IncomingMessage> {
    const authorization =
      this.options.token && url.origin === this.origin ? { authorization: `Bearer ${this.options.token}` } : {};
    const stallError = (): Error => new Fault("stalled", asked);
    try {
      return await sendRequest(url, {
        headers: { ...headers, ...authorization },
        ...{ signal, stallMs: this.options.stallMs, stallError },
      });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof Fault) throw error;
      const { kind, cause } = connectionProblem(error);
      // Nothing has come yet in the middle of which it could break.
      throw new Fault(kind === "cutOff" ? "refused" : kind, { ...asked, cause }, error);
    }
  }

  private statusFault(status: number, headers: IncomingMessage["headers"], asked: Asked): Fault {
    const problem = statusProblem(status, headers);
    if (problem?.kind === "proxy") return new Fault("proxy", { ...asked, ...problem.details });
    if (problem) return new Fault(problem.kind, { ...asked, ...problem.details, status });
    if (status === 401) return new Fault(this.hasToken ? "badToken" : "noToken", asked);
    if (status === 403) return new Fault("noAccess", asked);
    if (status === 404 || status === 410) return new Fault("notFound", asked);
    return new Fault("unexpectedStatus", { ...asked, status });
  }
}
