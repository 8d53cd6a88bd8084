// A question's way to an endpoint and its answer's way back, with an engine that does what a test says.

import assert from "node:assert/strict";
import type { AnswerEnd } from "../../../../../src/extension/chat/answerer";
import { type Endpoint, endpointOf } from "../../../../../src/extension/chat/endpoint/address";
import { EndpointAnswerer } from "../../../../../src/extension/chat/endpoint/endpointAnswerer";
import { EndpointClient } from "../../../../../src/extension/chat/endpoint/endpointClient";
import { EndpointFault } from "../../../../../src/extension/chat/endpoint/faults";
import type { EngineClient } from "../../../../../src/extension/engineProcess/engineClient";
import type { ChatGrounds, ChatMessagesResult, ChatParams, ChatQuestion } from "../../../../../src/protocol/engine";
import { event, FakeEndpoint, onListing, onQuestion, sendError, startStream } from "../../../../support/fakeEndpoint";
import { FakeLog } from "../../../../support/fakeLog";
import { until } from "../../../../support/until";

const question: ChatParams = {
  ...{ turns: [{ role: "user", text: "Where?" }], maxTokens: 800, useRepository: true, attachments: [] },
};
const grounds: ChatGrounds = {
  sources: [],
  refusals: [".env was not used: secret."],
  earlierTurns: 0,
  promptTokens: 12,
};
const gathered: ChatMessagesResult = {
  ...{ type: "success", grounds, messages: [{ role: "user", content: "Code in a.ts:1-2 … Where?" }] },
};

describe("EndpointAnswerer", () => {
  let server: FakeEndpoint;
  beforeEach(async () => {
    server = await FakeEndpoint.start();
    server.answer = ["In ", "a.ts:2."];
  });
  afterEach(() => server.stop());

  function setUp({
    mayAsk = true,
    model = "",
    engine = {} as Partial<EngineClient>,
    address = server.address,
    client = (endpoint: Endpoint) => new EndpointClient({ endpoint, key: undefined, stallMs: 600_000 }),
  } = {}) {
    const asked: ChatQuestion[] = [];
    const events: string[] = [];
    const log = new FakeLog();
    const endpoint = endpointOf(address)!;
    const times = [1000, 3500];
    const answerer = new EndpointAnswerer({
      ...{ endpoint, model, log, now: () => times.shift()! },
      engine: {
        chatMessages: async (one: ChatQuestion) => {
          asked.push(one);
          return gathered;
        },
        ...engine,
      } as Pick<EngineClient, "chatMessages">,
      client: async () => client(endpoint),
      mayAsk: async () => mayAsk,
    });
    const controller = new AbortController();
    const answer = (): Promise<AnswerEnd> =>
      answerer.answer(
        question,
        { onFindings: ({ refusals }) => events.push(...refusals), onText: (text) => events.push(text) },
        controller.signal,
      );
    return { answer, asked, events, log, controller };
  }

  it("sends what the engine gathered, and nothing else; shows what it drew on, then the text", async () => {
    const { answer, asked, events } = setUp();
    const end = await answer();
    assert.deepEqual(asked, [{ turns: question.turns, useRepository: true, attachments: [] }]);
    assert.deepEqual(server.requests.at(-1)!.body, {
      ...{ model: "small-coder", messages: gathered.messages, stream: true },
    });
    assert.deepEqual(events, [".env was not used: secret.", "In ", "a.ts:2."]);
    const facts = `about 12 tokens sent to 127.0.0.1:${server.port} · answered by small-coder in 2.5 s`;
    assert.deepEqual(end, { facts });
  });

  it("asks the model that the setting names, without looking for others", async () => {
    const { answer } = setUp({ model: "big-coder" });
    assert.match((await answer()).facts!, /answered by big-coder/);
    assert.deepEqual(
      server.requests.map(({ path }) => path),
      ["/v1/chat/completions"],
    );
  });

  it("sends nothing, and gathers nothing, when the user does not want it", async () => {
    const { answer, asked } = setUp({ mayAsk: false });
    assert.match((await answer()).note!, /^Nothing was sent\. .*`griffin\.chat\.endpoint`/);
    assert.deepEqual([asked, server.requests], [[], []]);
  });

  it("sends nothing when the engine cannot gather", async () => {
    const failed = { type: "failed", message: "The engine is not ready." } as const;
    const { answer } = setUp({ engine: { chatMessages: async () => failed } });
    assert.deepEqual(await answer(), { note: "The engine is not ready." });
    assert.deepEqual(server.requests, []);
  });

  it("keeps what came before a fault, and says what happened", async () => {
    server.misbehave = onQuestion((response) => {
      startStream(response);
      response.write(event({ delta: { content: "In a.ts:2" } }), () => response.destroy());
    });
    const { answer, events, log } = setUp();
    const end = await answer();
    assert.deepEqual(events.slice(1), ["In a.ts:2"]);
    assert.match(end.note!, /broke before the end of the answer/);
    assert.match(end.facts!, /^about 12 tokens sent to [\d.:]+$/);
    assert.deepEqual(log.lines, ["warn: The chat's endpoint did not answer: cutOff."]);
  });

  it("does not say that something was sent when no model was found to send it to", async () => {
    server.misbehave = onListing((response) => sendError(response, 500, "Out of order."));
    const end = await setUp().answer();
    assert.match(end.note!, /reports an internal error/);
    assert.equal(end.facts, undefined);
  });

  it("does not say that something was sent when nobody answers, but does when the question is refused", async () => {
    server.misbehave = onQuestion((response) => sendError(response, 400, "Too long."));
    const { answer } = setUp({ model: "big-coder" });
    assert.match((await answer()).facts!, /^about 12 tokens sent to/);
    await server.stop();
    const end = await answer();
    assert.match(end.note!, /^Nobody answers at/);
    assert.equal(end.facts, undefined);
  });

  it("says what a proxy that refuses has got: of plain http the question, of https nothing", async () => {
    const complete = async () =>
      Promise.reject(new EndpointFault("proxy", { host: "vllm.example", path: "/v1", cause: "407" }));
    const client = () => ({ complete }) as unknown as EndpointClient;
    const endFor = (address: string) => setUp({ address, model: "big-coder", client }).answer();
    assert.match((await endFor("http://vllm.example/v1")).facts!, /^about 12 tokens sent to/);
    assert.equal((await endFor("https://vllm.example/v1")).facts, undefined);
  });

  it("does not write into the log what the server says", async () => {
    server.misbehave = onQuestion((response) => sendError(response, 400, "The question was: Where?"));
    const { answer, log } = setUp();
    assert.match((await answer()).note!, /The question was: Where\?/);
    assert.doesNotMatch(log.lines.join(), /Where/);
  });

  it("stops, closes the connection, and keeps what there is", async () => {
    server.misbehave = onQuestion((response) => {
      startStream(response);
      response.write(event({ delta: { content: "In " } }));
    });
    const { answer, events, controller, log } = setUp();
    const ended = answer();
    await until("something is written", () => events.includes("In "));
    controller.abort();
    assert.equal((await ended).note, "Stopped.");
    await until("the connection is closed", () => server.closedEarly > 0);
    assert.deepEqual(log.lines, [], "to stop is no fault");
  });

  it("says why a whole answer is not whole", async () => {
    for (const [finish, says] of [
      ["length", /because it reached the length limit of 127/],
      ["content_filter", /filtered out the rest/],
    ] as const) {
      server.misbehave = onQuestion((response) => {
        startStream(response);
        response.end(`${event({ delta: { content: "In" }, finish_reason: finish })}data: [DONE]\n\n`);
      });
      assert.match((await setUp().answer()).note!, says);
    }
  });
});
