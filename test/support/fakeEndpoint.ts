// A chat endpoint on this machine, which misbehaves when a test says so.

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ChatMessage } from "../../src/protocol/engine";

export interface EndpointRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  /** Of a question. */
  readonly body?: { readonly model: string; readonly messages: readonly ChatMessage[]; readonly stream: boolean };
}

/** Answers in its own way and says true, or leaves it to the endpoint. */
export type Misbehavior = (asked: EndpointRequest, response: ServerResponse) => boolean;

export class FakeEndpoint {
  models = ["small-coder", "big-coder"];
  /** Each piece is an event of its own. */
  answer: readonly string[] = ["Two ", "plus two ", "is 4."];
  /** When set, what a request has to carry. */
  key: string | undefined;
  misbehave: Misbehavior = () => false;
  readonly requests: EndpointRequest[] = [];
  /** Answers whose connection was closed before their end. */
  closedEarly = 0;

  private readonly server = createServer((request, response) => void this.receive(request, response));

  static async start(): Promise<FakeEndpoint> {
    const endpoint = new FakeEndpoint();
    endpoint.server.listen(0, "127.0.0.1");
    await once(endpoint.server, "listening");
    return endpoint;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** What a user writes into the setting. */
  get address(): string {
    return `http://127.0.0.1:${this.port}/v1`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { authorization } = request.headers;
    const asked = { path: request.url!, authorization, ...(text !== "" && { body: JSON.parse(text) }) };
    this.requests.push(asked);
    response.on("close", () => {
      if (!response.writableFinished) this.closedEarly++;
    });
    if (this.misbehave(asked, response)) return;
    if (this.key !== undefined && authorization !== `Bearer ${this.key}`) {
      sendError(response, 401, "Unauthorized");
    } else if (asked.path === "/v1/models") {
      sendJson(response, 200, { object: "list", data: this.models.map((id) => ({ id, object: "model" })) });
    } else if (asked.path !== "/v1/chat/completions") {
      sendJson(response, 404, { detail: "Not Found" });
    } else if (!this.models.includes(asked.body.model)) {
      sendError(response, 404, `The model \`${asked.body.model}\` does not exist.`);
    } else {
      startStream(response);
      for (const piece of this.answer) response.write(event({ delta: { content: piece } }));
      response.end(`${event({ delta: {}, finish_reason: "stop" })}data: [DONE]\n\n`);
    }
  }
}

export function onQuestion(answer: (response: ServerResponse) => unknown): Misbehavior {
  return answering(true, answer);
}

/** When it is asked which models there are. */
export function onListing(answer: (response: ServerResponse) => unknown): Misbehavior {
  return answering(false, answer);
}

function answering(isQuestion: boolean, answer: (response: ServerResponse) => unknown): Misbehavior {
  return ({ body }, response) => {
    if ((body !== undefined) !== isQuestion) return false;
    answer(response);
    return true;
  };
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** In OpenAI's form. */
export function sendError(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { error: { message, type: "error", code: status } });
}

export function startStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
}

export function event(choice: object): string {
  const chunk = { id: "1", object: "chat.completion.chunk", choices: [{ index: 0, ...choice }] };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}
