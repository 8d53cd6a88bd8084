// Answers from a chat endpoint. The engine gathers what a question draws on and refuses what may not be read, as for its own
// model; the question goes out from here.

import type { ChatParams } from "../../../protocol/engine";
import type { EngineClient } from "../../engineProcess/engineClient";
import type { Log } from "../../log";
import { type AnswerEnd, type Answerer, type AnswerListener, STOPPED } from "../answerer";
import { endpointFacts } from "../facts";
import type { Endpoint } from "./address";
import type { CompletionFinish } from "./completionStream";
import type { EndpointClient } from "./endpointClient";
import { EndpointFault, type EndpointFaultKind } from "./faults";

export interface EndpointAnswererOptions {
  readonly endpoint: Endpoint;
  readonly engine: Pick<EngineClient, "chatMessages">;
  /** With the key as it is now. */
  readonly client: () => Promise<EndpointClient>;
  /** The one to ask; empty: the first that the endpoint lists. */
  readonly model: string;
  /** Whether the user lets questions go there. */
  readonly mayAsk: () => Promise<boolean>;
  readonly log: Log;
  /** Milliseconds. */
  readonly now?: () => number;
}

export class EndpointAnswerer implements Answerer {
  readonly address: string;
  readonly isContinuation = false;
  private readonly now: () => number;

  constructor(private readonly options: EndpointAnswererOptions) {
    this.address = options.endpoint.address;
    this.now = options.now ?? (() => performance.now());
  }

  async answer(asked: ChatParams, listener: AnswerListener, signal: AbortSignal): Promise<AnswerEnd> {
    const { endpoint, engine, mayAsk } = this.options;
    if (!(await mayAsk())) return { note: NOT_ASKED };
    // How long the answer may be is the endpoint's business.
    const { maxTokens: _, ...question } = asked;
    const gathered = await engine.chatMessages(question, signal);
    if (gathered.type === "cancelled") return { note: STOPPED };
    if (gathered.type === "failed") return { note: gathered.message };
    const { messages, grounds } = gathered;
    listener.onFindings(grounds);

    const began = this.now();
    let isSent = false;
    try {
      const client = await this.options.client();
      const model = this.options.model || (await client.firstModel(signal));
      isSent = true;
      const finish = await client.complete(model, messages, (text) => listener.onText(text), signal);
      const facts = endpointFacts(grounds, endpoint.host, { model, ms: this.now() - began });
      return { facts, ...noteFor(finish, endpoint) };
    } catch (error) {
      const facts = isSent && !hasNotLeft(error, endpoint) && { facts: endpointFacts(grounds, endpoint.host) };
      if (signal.aborted) return { ...facts, note: STOPPED };
      this.logFault(error);
      const note = error instanceof EndpointFault ? error.message : `The endpoint could not be asked: ${String(error)}`;
      return { ...facts, note };
    }
  }

  /** The server's words stay out of the log: they may repeat the question. */
  private logFault(error: unknown): void {
    const what = error instanceof EndpointFault ? error.kind : (error as Error).name;
    this.options.log.warn(`The chat's endpoint did not answer: ${what}.`);
  }
}

const NOT_ASKED =
  "Nothing was sent. Send the question again to be asked for permission again, or clear `griffin.chat.endpoint` so that the model " +
  "on this machine answers.";

/** The faults of a connection that never came about: nothing has left. */
const UNCONNECTED: ReadonlySet<EndpointFaultKind> = new Set(["offline", "refused", "tls"]);

function hasNotLeft(error: unknown, { base }: Endpoint): boolean {
  if (!(error instanceof EndpointFault)) return false;
  // A proxy is asked for a connection first for https alone; of plain http it gets the question itself.
  return UNCONNECTED.has(error.kind) || (error.kind === "proxy" && base.protocol === "https:");
}

function noteFor(finish: CompletionFinish, { host }: Endpoint): Pick<AnswerEnd, "note"> {
  if (finish === "length") return { note: `The answer ends here because it reached the length limit of ${host}.` };
  if (finish === "filtered") return { note: `The answer ends here because ${host} filtered out the rest.` };
  return {};
}
