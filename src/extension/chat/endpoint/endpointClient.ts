// Requests to a chat endpoint, with every way to fail named: which models there are, and an answer as it is written.

import type { IncomingMessage } from "node:http";
import type { ChatMessage } from "../../../protocol/engine";
import { objectOf, parseJson } from "../../../text/json";
import { connectionProblem, sendRequest, statusProblem } from "../../http";
import { addressOf, type Endpoint } from "./address";
import { type CompletionFinish, CompletionStream, wholeAnswer } from "./completionStream";
import { type Asked, type AskedModel, EndpointFault } from "./faults";
import { saidIn } from "./serverWords";

export interface EndpointClientOptions {
  readonly endpoint: Endpoint;
  /** Sent to the endpoint's own address alone: no request goes elsewhere, and none follows a redirect. */
  readonly key: string | undefined;
  /** A server that says nothing for so long is not waited for, before an answer and in the middle of it. */
  readonly stallMs: number;
}

/** The longest body that is read as a whole, in UTF-16 units. */
const LONGEST_BODY = 4_000_000;

/** Every method throws an EndpointFault, or the signal's reason. */
export class EndpointClient {
  constructor(private readonly options: EndpointClientOptions) {}

  /** The first of the models that the server lists. */
  async firstModel(signal: AbortSignal): Promise<string> {
    const asked = this.asked("models");
    const response = await this.ask("models", undefined, asked, signal);
    const { data } = objectOf(parseJson(await this.whole(response, asked, signal)));
    if (!Array.isArray(data)) throw new EndpointFault("notAnApi", asked);
    const { id } = objectOf(data[0]);
    if (typeof id !== "string" || id === "") throw new EndpointFault("noModels", asked);
    return id;
  }

  /**
   * `onText` gets the answer piece by piece; what has come before a fault stays said. Length, temperature and the like are
   * left to the server: which names of them it takes differs from one to the next.
   */
  async complete(
    model: string,
    messages: readonly ChatMessage[],
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<CompletionFinish> {
    const asked = { ...this.asked("chat/completions"), model };
    const body = JSON.stringify({ model, messages, stream: true });
    const response = await this.ask("chat/completions", body, asked, signal);
    const type = response.headers["content-type"] ?? "";
    // Some say nothing of what they send, or something else: most of it is a stream, since one was asked for.
    if (!/\b(json|html)\b/i.test(type)) return this.streamed(response, asked, onText, signal);
    return wholeAnswer(await this.whole(response, asked, signal), asked, onText);
  }

  private asked(path: string): Asked {
    const { endpoint } = this.options;
    return { host: endpoint.host, path: addressOf(endpoint, path).pathname };
  }

  /** Resolves with an answer of status 200, its body not yet read. */
  private async ask(
    path: string,
    body: string | undefined,
    asked: Asked,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { endpoint, key, stallMs } = this.options;
    let hasAnswered = false;
    const response = await sendRequest(addressOf(endpoint, path), {
      headers: {
        accept: "application/json, text/event-stream",
        // A connection that is kept may be closed by the server just when the next question is on its way.
        connection: "close",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
      },
      ...(body !== undefined && { body }),
      signal,
      silence: { beforeAnswerMs: stallMs, midwayMs: stallMs },
      stallError: () => new EndpointFault(hasAnswered ? "silentMidway" : "silentBefore", asked),
    }).catch((error) => Promise.reject(faultOf(error, asked, signal)));
    hasAnswered = true;
    if (response.statusCode === 200) return response;
    // What the server says is welcome, but not needed.
    const said = await this.whole(response, asked, signal).catch(() => "");
    signal.throwIfAborted();
    throw this.statusFault(response, said, asked);
  }

  private async streamed(
    response: IncomingMessage,
    asked: AskedModel,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<CompletionFinish> {
    const stream = new CompletionStream(asked, onText);
    for await (const text of this.textOf(response, asked, signal)) if (stream.push(text)) break;
    return stream.end();
  }

  private async whole(response: IncomingMessage, asked: Asked, signal: AbortSignal): Promise<string> {
    let body = "";
    for await (const text of this.textOf(response, asked, signal)) {
      body += text;
      if (body.length > LONGEST_BODY) throw new EndpointFault("notAnApi", asked);
    }
    return body;
  }

  /** The body as it comes. Who reads no further closes the connection by that: Node ends what is iterated to no end. */
  private async *textOf(response: IncomingMessage, asked: Asked, signal: AbortSignal): AsyncGenerator<string> {
    try {
      // Characters of several bytes come cut in two.
      response.setEncoding("utf8");
      for await (const text of response) {
        signal.throwIfAborted();
        yield text as string;
      }
    } catch (error) {
      throw faultOf(error, asked, signal);
    }
  }

  private statusFault({ statusCode: status = 0, headers }: IncomingMessage, body: string, asked: Asked) {
    const isPage = /^\s*</.test(body);
    const said = isPage ? undefined : saidIn(parseJson(body) ?? body);
    const details = { ...asked, status, said };
    const { model } = asked;
    const problem = statusProblem(status, headers);
    if (problem?.kind === "proxy") return new EndpointFault("proxy", { ...asked, ...problem.details });
    if (problem) return new EndpointFault(problem.kind, { ...details, ...problem.details });
    if (status === 401) return new EndpointFault(this.options.key === undefined ? "noKey" : "badKey", details);
    if (status === 403) return new EndpointFault("forbidden", details);
    if (status >= 300 && status < 400 && headers.location) {
      return new EndpointFault("moved", { ...details, location: this.wholeAddress(headers.location, asked) });
    }
    // Servers say with 404, and some with 400, that they have not got a model; its name is in what they say.
    if (model !== undefined && (status === 404 || status === 400) && said?.includes(model)) {
      return new EndpointFault("unknownModel", { ...details, model });
    }
    if (status === 404 || status === 405) return new EndpointFault("notFound", details);
    if (status === 400 || status === 413 || status === 422) return new EndpointFault("refusedQuestion", details);
    return new EndpointFault("unexpectedStatus", details);
  }

  /** Servers say of a place of their own only the path, which may go on from that of what was asked. */
  private wholeAddress(location: string, { path }: Asked): string {
    const address = new URL(path, this.options.endpoint.base);
    return URL.canParse(location, address) ? new URL(location, address).href : location;
  }
}

/** The fault that an error of the connection stands for, or the signal's reason. */
function faultOf(error: unknown, asked: Asked, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof EndpointFault) return error;
  const { kind, cause } = connectionProblem(error);
  if (kind === "cutOff") return new EndpointFault("cutOff", asked, error);
  return new EndpointFault(kind, { ...asked, cause }, error);
}
