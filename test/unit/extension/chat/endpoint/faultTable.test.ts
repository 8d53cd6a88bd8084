// Each way in which a chat endpoint or a network can fail a question: what the user reads, what is kept of the answer, and
// that the next question, when all is well again, is answered. Prints the table.

import assert from "node:assert/strict";
import { type Endpoint, endpointOf } from "../../../../../src/extension/chat/endpoint/address";
import { EndpointClient } from "../../../../../src/extension/chat/endpoint/endpointClient";
import { EndpointFault, type EndpointFaultKind, SENTENCES } from "../../../../../src/extension/chat/endpoint/faults";
import {
  event,
  FakeEndpoint,
  type Misbehavior,
  onListing,
  onQuestion,
  sendError,
  sendJson,
  startStream,
} from "../../../../support/fakeEndpoint";
import { faultOf } from "../../../../support/faultOf";
import { fallSilent, withSilence } from "../../../../support/silence";
import { useUnknownNames } from "../../../../support/unknownNames";

interface Case {
  readonly title: string;
  readonly kind: EndpointFaultKind;
  /** A part of the sentence that no other fault has. */
  readonly says: RegExp;
  readonly misbehave?: Misbehavior;
  /** Changes the setting. */
  readonly address?: (endpoint: FakeEndpoint) => string;
  readonly key?: string;
  /** The setting's; empty: the first that is listed. */
  readonly model?: string;
  /** What has come of the answer, and stays. */
  readonly kept?: string;
}

const CASES: readonly Case[] = [
  {
    title: "no address",
    kind: "badAddress",
    says: /is "localhost:8000", which is not an address. It should look like http:\/\/localhost:8000\/v1/,
    address: () => "localhost:8000",
  },
  {
    title: "a password in the address",
    kind: "keyInAddress",
    says: /contains a user name or a password/,
    address: ({ port }) => `http://me:secret@127.0.0.1:${port}/v1`,
  },
  {
    title: "no key (401)",
    kind: "noKey",
    says: /wants a key \(401\)\. Enter it with "Griffin: Set the Chat Endpoint's Key"/,
    misbehave: onQuestion((response) => sendError(response, 401, "Unauthorized")),
  },
  {
    title: "a key that is not accepted (401)",
    kind: "badKey",
    says: /does not accept your key \(401\)/,
    key: "old",
    misbehave: onListing((response) => sendError(response, 401, "Incorrect API key provided: old")),
  },
  {
    title: "not for this user (403)",
    kind: "forbidden",
    says: /refuses access \(403: Your team has no budget left\)/,
    key: "good",
    misbehave: onQuestion((response) => sendError(response, 403, "Your team has no budget left.")),
  },
  {
    title: "/v1 is missing (404)",
    kind: "notFound",
    says: /has nothing at \/models \(404: Not Found\). Check `griffin.chat.endpoint`: is \/v1 missing at its end\?/,
    address: ({ port }) => `http://127.0.0.1:${port}`,
  },
  {
    title: "/v1 is missing, and the model is named (404)",
    kind: "notFound",
    says: /has nothing at \/chat\/completions \(404: Not Found\).*is \/v1 missing/,
    address: ({ port }) => `http://127.0.0.1:${port}/`,
    model: "small-coder",
  },
  {
    title: "a server that lists no models (404)",
    kind: "notFound",
    says: /nothing at \/v1\/models \(404\)\. Check `griffin.chat.endpoint`\. If the server lists no models, name one/,
    misbehave: onListing((response) => response.writeHead(404).end()),
  },
  {
    title: "no model is loaded",
    kind: "noModels",
    says: /lists no model\./,
    misbehave: onListing((response) => sendJson(response, 200, { data: [] })),
  },
  {
    title: "a model that it has not got (404)",
    kind: "unknownModel",
    says: /has no model named huge-coder \(404: The model `huge-coder` does not exist\)/,
    model: "huge-coder",
  },
  {
    title: "a model that it has not got, said with 400",
    kind: "unknownModel",
    says: /has no model named huge-coder \(400/,
    model: "huge-coder",
    misbehave: onQuestion((response) => sendJson(response, 400, { object: "error", message: "huge-coder is unknown" })),
  },
  {
    title: "too long for the model (400)",
    kind: "refusedQuestion",
    says: /refuses the question \(400: This model's maximum context length is 4096 tokens\). If it is too long/,
    misbehave: onQuestion((response) =>
      sendError(response, 400, "This model's maximum context length is 4096 tokens."),
    ),
  },
  {
    title: "another form of refusal (422)",
    kind: "refusedQuestion",
    says: /refuses the question \(422: field required\)/,
    misbehave: onQuestion((response) =>
      sendJson(response, 422, { detail: [{ loc: ["body"], msg: "field required" }] }),
    ),
  },
  {
    title: "too many requests (429), with a time",
    kind: "tooManyRequests",
    says: /limiting requests \(429: slow down\)\. Ask again in 20 s\./,
    misbehave: onQuestion((response) => {
      response.setHeader("retry-after", "20");
      sendError(response, 429, "slow down");
    }),
  },
  {
    title: "too many requests (429), without one",
    kind: "tooManyRequests",
    says: /limiting requests \(429\)\. Ask again in a while\./,
    misbehave: onQuestion((response) => response.writeHead(429).end()),
  },
  {
    title: "the server's own fault (503), as a page",
    kind: "serverError",
    says: /reports an internal error \(503\)\. Ask again/,
    misbehave: onQuestion((response) => response.writeHead(503).end("<html><h1>Service Unavailable</h1></html>")),
  },
  {
    title: "the server's own fault (500), at length",
    kind: "serverError",
    says: /\(500: Traceback x{290}…\)/,
    misbehave: onQuestion((response) => sendJson(response, 500, { error: `Traceback ${"x".repeat(5000)}` })),
  },
  {
    title: "the server's own fault (500), cut between whole characters",
    kind: "serverError",
    says: /\(500: x{299}…\)/,
    misbehave: onQuestion((response) => sendJson(response, 500, { error: `${"x".repeat(299)}😀` })),
  },
  {
    title: "a redirect, which could lead anywhere (307)",
    kind: "moved",
    says: /redirects to https:\/\/elsewhere\.example\/v1 \(307\)\. Questions do not follow redirects\. If https:\/\/elsewhere/,
    key: "good",
    misbehave: onQuestion((response) => response.writeHead(307, { location: "https://elsewhere.example/v1" }).end()),
  },
  {
    title: "a redirect within the server (308)",
    kind: "moved",
    says: /redirects to (http:\/\/127\.0\.0\.1:\d+\/v2\/chat\/completions) \(308\)\..* If \1 is the right address/,
    misbehave: onQuestion((response) => response.writeHead(308, { location: "/v2/chat/completions" }).end()),
  },
  {
    title: "a redirect to a path beside what was asked (308)",
    kind: "moved",
    says: /redirects to http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions\/ \(308\)\./,
    misbehave: onQuestion((response) => response.writeHead(308, { location: "completions/" }).end()),
  },
  {
    title: "a redirect to nowhere (307)",
    kind: "unexpectedStatus",
    says: /answered with 307, which/,
    misbehave: onQuestion((response) => response.writeHead(307).end()),
  },
  {
    title: "a status that makes no sense (418)",
    kind: "unexpectedStatus",
    says: /answered with 418, which/,
    misbehave: onQuestion((response) => response.writeHead(418).end()),
  },
  {
    title: "a web page instead of the models",
    kind: "notAnApi",
    says: /sent a web page, or something else that is not an answer/,
    misbehave: onListing((response) => response.setHeader("content-type", "text/html").end("<html>Log in</html>")),
  },
  {
    title: "a web page instead of an answer",
    kind: "notAnApi",
    says: /sent a web page/,
    misbehave: onQuestion((response) => response.setHeader("content-type", "text/html").end("<html>Log in</html>")),
  },
  {
    title: "a web page that does not say so",
    kind: "notAnApi",
    says: /sent a web page/,
    misbehave: onQuestion((response) => response.end("<!DOCTYPE html>\n<html>\n<p>Log in</p>\n</html>\n")),
  },
  {
    title: "JSON of another kind instead of an answer",
    kind: "notAnApi",
    says: /sent a web page, or something else/,
    misbehave: onQuestion((response) => sendJson(response, 200, { status: "ok" })),
  },
  {
    title: "an error in the middle of the answer",
    kind: "errorInAnswer",
    says: /in the middle of the answer: CUDA out of memory\. Ask again/,
    kept: "Two ",
    misbehave: onQuestion((response) => {
      startStream(response);
      response.write(event({ delta: { content: "Two " } }));
      response.end('data: {"error": {"message": "CUDA out of memory.", "code": 500}}\n\ndata: [DONE]\n\n');
    }),
  },
  {
    title: "an error instead of an answer, with status 200",
    kind: "errorInAnswer",
    says: /in the middle of the answer: quota exceeded/,
    misbehave: onQuestion((response) => sendJson(response, 200, { error: "quota exceeded" })),
  },
  {
    title: "an event that is no JSON",
    kind: "garbled",
    says: /sent invalid JSON/,
    kept: "Two ",
    misbehave: onQuestion((response) => {
      startStream(response);
      response.end(`${event({ delta: { content: "Two " } })}data: plus two\n\n`);
    }),
  },
  {
    title: "an event without an end",
    kind: "garbled",
    says: /invalid JSON/,
    misbehave: onQuestion((response) => {
      startStream(response);
      response.end(`data: ${"x".repeat(1_100_000)}`);
    }),
  },
  {
    title: "the connection breaks in the middle",
    kind: "cutOff",
    says: /broke before the end of the answer/,
    kept: "Two ",
    misbehave: onQuestion((response) => {
      startStream(response);
      response.write(event({ delta: { content: "Two " } }), () => response.destroy());
    }),
  },
  {
    title: "an end before the end",
    kind: "cutOff",
    says: /broke before the end of the answer/,
    kept: "Two ",
    misbehave: onQuestion((response) => {
      startStream(response);
      response.end(event({ delta: { content: "Two " } }));
    }),
  },
  {
    title: "silence instead of an answer",
    kind: "silentBefore",
    says: /accepted the question but did not reply/,
    misbehave: onQuestion(fallSilent),
  },
  {
    title: "silence in the middle",
    kind: "silentMidway",
    says: /went silent before the end of the answer/,
    kept: "Two ",
    misbehave: onQuestion((response) => {
      startStream(response);
      response.write(event({ delta: { content: "Two " } }));
      return fallSilent(response);
    }),
  },
  {
    title: "no word of text",
    kind: "emptyAnswer",
    says: /an answer without any text. Ask again, or name a model other than small-coder/,
    misbehave: onQuestion((response) => {
      startStream(response);
      response.write(event({ delta: { reasoning_content: "Hm." } }));
      response.end(`${event({ delta: {}, finish_reason: "length" })}data: [DONE]\n\n`);
    }),
  },
  {
    title: "nobody is there",
    kind: "refused",
    says: /Nobody answers at 127\.0\.0\.1:9 \(ECONNREFUSED\)\. Is the server running\?/,
    address: () => "http://127.0.0.1:9/v1",
  },
  {
    title: "a host that does not exist",
    kind: "offline",
    says: /griffin-endpoint\.invalid cannot be found/,
    address: () => "http://griffin-endpoint.invalid/v1",
  },
  {
    title: "https where http is spoken",
    kind: "tls",
    says: /cannot be trusted.*If the server speaks plain http, write http:\/\//,
    address: ({ port }) => `https://127.0.0.1:${port}/v1`,
  },
  {
    title: "the proxy wants a password (407)",
    kind: "proxy",
    says: /proxy refused the connection/,
    misbehave: onListing((response) => response.writeHead(407).end()),
  },
];

describe("fault table of chat endpoints", () => {
  useUnknownNames();
  const rows: string[] = [];
  let server: FakeEndpoint;
  beforeEach(async () => {
    server = await FakeEndpoint.start();
  });
  afterEach(() => server.stop());
  after(() => {
    console.log(`\n    fault → what the user reads (host and port as in the test)\n${rows.join("\n")}\n`);
  });

  for (const { title, kind, says, kept = "", ...one } of CASES) {
    it(title, async () => {
      if (one.misbehave) server.misbehave = one.misbehave;
      let text = "";
      const asking = withSilence(() =>
        ask(one.address?.(server) ?? server.address, one, (piece) => {
          text += piece;
        }),
      );
      const fault = await faultOf(EndpointFault, asking);
      rows.push(`    ${title}\n        → ${fault.message}`);
      assert.equal(fault.kind, kind, fault.message);
      assert.match(fault.message, says);
      assert.equal(text, kept);
      assert.ok(!/undefined|null|\[object/.test(fault.message), fault.message);

      // A while later, all is well.
      server.misbehave = () => false;
      let next = "";
      await ask(server.address, {}, (piece) => {
        next += piece;
      });
      assert.equal(next, "Two plus two is 4.");
    });
  }

  it("has a case for every fault", () => {
    assert.deepEqual(new Set(CASES.map(({ kind }) => kind)), new Set(Object.keys(SENTENCES)));
  });
});

async function ask(
  address: string,
  { key, model = "" }: Pick<Case, "key" | "model">,
  onText: (text: string) => void,
): Promise<unknown> {
  const endpoint = endpointOf(address) as Endpoint;
  const client = new EndpointClient({ endpoint, key, stallMs: 600_000 });
  const { signal } = new AbortController();
  const chosen = model || (await client.firstModel(signal));
  return client.complete(chosen, [{ role: "user", content: "What is two plus two?" }], onText, signal);
}
