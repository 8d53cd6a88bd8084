import assert from "node:assert/strict";
import { endpointOf } from "../../../../../src/extension/chat/endpoint/address";
import { EndpointClient } from "../../../../../src/extension/chat/endpoint/endpointClient";
import type { ChatMessage } from "../../../../../src/protocol/engine";
import { event, FakeEndpoint, onQuestion, sendJson, startStream } from "../../../../support/fakeEndpoint";
import { until } from "../../../../support/until";

const messages: readonly ChatMessage[] = [{ role: "user", content: "What is two plus two?" }];

describe("EndpointClient", () => {
  let server: FakeEndpoint;
  beforeEach(async () => {
    server = await FakeEndpoint.start();
  });
  afterEach(() => server.stop());

  const clientOf = (key?: string) =>
    new EndpointClient({ endpoint: endpointOf(server.address)!, key, stallMs: 600_000 });

  /** How an answer to a question ends, and its text. */
  const ask = async () => {
    let text = "";
    const onText = (piece: string) => (text += piece);
    const finish = await clientOf().complete("m", messages, onText, new AbortController().signal);
    return [finish, text] as const;
  };

  it("asks the model that is listed first, with the key, and gives the text as it comes", async () => {
    server.key = "sk-1";
    const client = clientOf("sk-1");
    const { signal } = new AbortController();
    const model = await client.firstModel(signal);
    assert.equal(model, "small-coder");
    const pieces: string[] = [];
    const finish = await client.complete(model, messages, (piece) => pieces.push(piece), signal);
    assert.deepEqual([finish, pieces], ["stop", server.answer]);
    assert.deepEqual(server.requests, [
      { path: "/v1/models", authorization: "Bearer sk-1" },
      {
        ...{ path: "/v1/chat/completions", authorization: "Bearer sk-1" },
        body: { model: "small-coder", messages, stream: true },
      },
    ]);
  });

  it("sends no key when there is none", async () => {
    await clientOf().firstModel(new AbortController().signal);
    assert.deepEqual(server.requests, [{ path: "/v1/models", authorization: undefined }]);
  });

  it("takes an answer that comes whole", async () => {
    server.misbehave = onQuestion((response) => {
      const choice = { message: { role: "assistant", content: "4." }, finish_reason: "length" };
      sendJson(response, 200, { choices: [choice], usage: { total_tokens: 9 } });
    });
    assert.deepEqual(await ask(), ["length", "4."]);
  });

  it("takes a stream that does not say that it is one", async () => {
    server.misbehave = onQuestion((response) => {
      response.end(`${event({ delta: { content: "4." } })}data: [DONE]\n\n`);
    });
    assert.deepEqual(await ask(), ["stop", "4."]);
  });

  it("closes the connection when it is stopped, and throws the signal's reason", async () => {
    server.misbehave = onQuestion((response) => {
      startStream(response);
      response.write(event({ delta: { content: "Two " } }));
    });
    const controller = new AbortController();
    const reason = new Error("enough");
    let text = "";
    const answer = clientOf().complete(
      "m",
      messages,
      (piece) => {
        text += piece;
        controller.abort(reason);
      },
      controller.signal,
    );
    await assert.rejects(answer, reason);
    assert.equal(text, "Two ");
    await untilClosed(server);
  });

  it("does not wait for a server that goes on after its end", async () => {
    server.misbehave = onQuestion((response) => {
      startStream(response);
      response.write(`${event({ delta: { content: "4." } })}data: [DONE]\n\n`);
    });
    assert.deepEqual(await ask(), ["stop", "4."]);
    await untilClosed(server);
  });

  it("takes of a piece that is longer than an answer may be its beginning", async () => {
    server.misbehave = onQuestion((response) => {
      startStream(response);
      response.end(event({ delta: { content: "x".repeat(300_000) } }));
    });
    assert.deepEqual(await ask(), ["length", "x".repeat(100_000)]);
  });

  it("ends an answer that has no end", async () => {
    server.misbehave = onQuestion((response) => {
      startStream(response);
      const write = (): void => {
        while (!response.destroyed && response.write(event({ delta: { content: "x".repeat(1000) } })));
        if (!response.destroyed) response.once("drain", write);
      };
      write();
    });
    assert.deepEqual(await ask(), ["length", "x".repeat(100_000)]);
    await untilClosed(server);
  });
});

async function untilClosed(server: FakeEndpoint): Promise<void> {
  await until("the connection is closed", () => server.closedEarly > 0);
}
