// The chat with an endpoint on this machine, in the editor: from the settings to an answer whose places are links.

import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { ToChat } from "../../src/extension/chat/chat";
import { endpointOf } from "../../src/extension/chat/endpoint/address";
import { remoteMachine } from "../../src/extension/secrets/remoteMachine";
import type { AnswerEntry, ToPage } from "../../src/protocol/webview";
import { FakeEndpoint } from "../support/fakeEndpoint";
import { until } from "../support/until";
import { closeEverything, openFile, readyGriffin } from "./support";

const SHAPES = `/** The area of a rhombus. */
export function rhombusArea(one: number, other: number) {
  return (one * other) / 2;
}
`;
const FILE = "griffin-editor-tests/rhombus.ts";

describe("the chat's endpoint", () => {
  let api: Awaited<ReturnType<typeof readyGriffin>>;
  let server: FakeEndpoint;
  const told: ToPage[] = [];

  before(async () => {
    api = await readyGriffin();
    api.chat.onToPage.on((message) => told.push(message));
    server = await FakeEndpoint.start();
    server.key = "sk-of-the-test";
    server.answer = ["It is in ", `${FILE}:3`, " and nowhere.ts:1."];
    await vscode.commands.executeCommand("griffin.clearChat");
  });
  afterEach(closeEverything);
  after(async () => {
    await configure(undefined);
    await vscode.commands.executeCommand("griffin.clearChat");
    await server.stop();
  });

  const send = (message: ToChat): void => api.chat.onFromPage.fire(message);

  function state() {
    api.chat.tellState();
    const last = told.at(-1)!;
    assert(last.type === "state");
    return last;
  }

  it("answers from it, with the repository's places and without what may not be read", async () => {
    await openFile("rhombus.ts", `${SHAPES}|`);
    await until("the file is known to the engine", () => {
      send({ type: "findFiles", query: "rhombus" });
      return told.some((message) => message.type === "files" && message.files.some(({ path }) => path === FILE));
    });
    const folder = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
    const secret = "griffin-editor-tests/.env";
    await vscode.workspace.fs.writeFile(vscode.Uri.file(`${folder}/${secret}`), Buffer.from("PASSWORD=hush"));
    await configure(server.address);
    const endpoint = endpointOf(server.address, remoteMachine())!;
    await until("the page is told where questions go", () => {
      const { availability } = state();
      return availability.type === "endpoint" && availability.name === endpoint.name;
    });
    // The question before the first question is a window that no test can answer.
    await api.chatEndpoint.consents.give(endpoint);
    await api.chatEndpoint.keys.set(endpoint.address, "sk-of-the-test");

    send({ type: "attachFile", file: { folder, path: secret, name: secret } });
    await api.chat.ask("How is the area of a rhombus computed?");
    const { entries, chips } = state();
    for (const { id } of chips.attachments) send({ type: "detach", id });
    const answer = entries.at(-1) as AnswerEntry;
    assert.equal(answer.note, undefined);
    assert.equal(answer.text, `It is in ${FILE}:3 and nowhere.ts:1.`);
    assert.deepEqual([answer.address, answer.isContinuation], [endpoint.address, false]);
    assert.equal(answer.sources[0]!.path, FILE);
    assert.deepEqual(
      answer.citations.map(({ path, startLine }) => [path, startLine]),
      [[FILE, 3]],
    );
    assert.deepEqual(answer.refusals, [
      `${secret} was not used: its name looks like that of a key, credentials or another secret.`,
    ]);
    assert.match(answer.facts!, /sent to 127\.0\.0\.1:\d+ .* answered by small-coder in/);
    const { messages } = server.requests.at(-1)!.body!;
    assert.match(messages.at(-1)!.content, /\(one \* other\) \/ 2[\s\S]*How is the area of a rhombus computed\?$/);
    assert.ok(!JSON.stringify(server.requests).includes("hush"));
  });

  it("says what is wrong with the address, and goes back to the model on this machine", async () => {
    await configure("localhost:8000");
    await until("the page is told", () => {
      const { availability } = state();
      return availability.type === "unavailable" && /which is not an address/.test(availability.message);
    });
    await configure(undefined);
    await until("the engine answers again", () => state().availability.type === "ready");
  });
});

async function configure(endpoint: string | undefined): Promise<void> {
  await vscode.workspace
    .getConfiguration("griffin")
    .update("chat.endpoint", endpoint, vscode.ConfigurationTarget.Global);
}
