// The question before the first question, and what leaves before and after its answer.

import "../../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import type { Endpoint } from "../../../../../src/extension/chat/endpoint/address";
import { ChatEndpoint, type ChatEndpointParts } from "../../../../../src/extension/chat/endpoint/chatEndpoint";
import { FakeEndpoint } from "../../../../support/fakeEndpoint";
import { FakeLog } from "../../../../support/fakeLog";
import { fakeSecrets } from "../../../../support/fakeSecrets";
import { fakeStore } from "../../../../support/fakeStore";
import { FakeWindow, FakeWorkspace } from "../../../../support/fakeVscode";

const grounds = { sources: [], refusals: [], earlierTurns: 0, promptTokens: 12 };
const gathered = { type: "success", grounds, messages: [{ role: "user", content: "Where?" }] };

describe("ChatEndpoint", () => {
  let server: FakeEndpoint;
  beforeEach(async () => {
    server = await FakeEndpoint.start();
  });
  afterEach(() => server.stop());

  function begin() {
    const workspace = new FakeWorkspace();
    workspace.set("griffin.chat.endpoint", server.address);
    const window = new FakeWindow();
    const endpoint = new ChatEndpoint({
      context: { globalState: fakeStore(), secrets: fakeSecrets() },
      client: { chatMessages: async () => gathered },
      log: new FakeLog(),
    } as unknown as ChatEndpointParts);
    /** Asks as the chat does; `choose` answers the window's question, if there is one. */
    const ask = async (choose?: string) => {
      const question = { turns: [], maxTokens: 1, useRepository: true, attachments: [] };
      const listener = { onFindings: () => {}, onText: () => {} };
      const { signal } = new AbortController();
      const answer = endpoint.answererFor(endpoint.current as Endpoint).answer(question, listener, signal);
      window.messages.at(-1)?.choose(choose);
      return answer;
    };
    return { endpoint, workspace, window, ask };
  }

  it("sends nothing before the user lets it, asks again after a refusal, and once after consent", async () => {
    const { window, ask } = begin();
    assert.match((await ask()).note!, /^Nothing was sent\./);
    assert.match((await ask("another button")).note!, /^Nothing was sent\./);
    assert.deepEqual(server.requests, []);
    assert.equal(window.messages.length, 2);
    assert.match(window.messages[0]!.text, /^Send the chat's questions to 127\.0\.0\.1:\d+\/v1\?$/);

    const accept = `Send to 127.0.0.1:${server.port}`;
    assert.equal((await ask(accept)).note, undefined);
    assert.equal((await ask()).note, undefined);
    assert.equal(server.requests.filter(({ body }) => body !== undefined).length, 2);
    assert.equal(window.messages.length, 3);
  });

  for (const [setting, model] of [
    ["", "small-coder"],
    [" big-coder ", "big-coder"],
  ] as const) {
    it(`asks the model that the setting names, or the first that there is (${JSON.stringify(setting)})`, async () => {
      const { workspace, ask } = begin();
      workspace.set("griffin.chat.endpointModel", setting);
      await ask(`Send to 127.0.0.1:${server.port}`);
      assert.deepEqual(
        server.requests.flatMap(({ body }) => body?.model ?? []),
        [model],
      );
    });
  }

  it("sends the key that is kept for it", async () => {
    const { endpoint, ask } = begin();
    server.key = "sk-1";
    await endpoint.keys.set(server.address, "sk-1");
    assert.equal((await ask(`Send to 127.0.0.1:${server.port}`)).note, undefined);
  });
});
