import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { LanguageModels } from "../../../../src/extension/chat/languageModels";
import { Emitter } from "../../../../src/extension/emitter";
import type { ChatListener, EngineClient } from "../../../../src/extension/engineProcess/engineClient";
import type { EngineStatus, EngineSupervisor } from "../../../../src/extension/engineProcess/engineSupervisor";
import type { ChatParams, ChatResult } from "../../../../src/protocol/engine";
import { settled } from "../../../support/fakeClock";
import { fakeSummary } from "../../../support/fakeEngineProcess";
import { CHAT_ROLES, FakeEvent, FakeTextPart, FakeWorkspace } from "../../../support/fakeVscode";

const turn = (role: number, text: string) => ({ role, content: [new FakeTextPart(text)], name: undefined });
const QUESTION = [turn(CHAT_ROLES.User, "Why?")];

const READY: EngineStatus = { type: "ready", model: fakeSummary };
const STOPPED: EngineStatus = { type: "stopped", why: "notNeeded" };

/** What is offered to VS Code while an engine stands as a test says. */
function offer(modelFolder: string, status: EngineStatus) {
  const workspace = new FakeWorkspace();
  const supervisor = { onStatus: new Emitter<EngineStatus>(), status, start: () => {}, started: async () => status };
  const client = {} as EngineClient;
  const parts = { supervisor: supervisor as unknown as EngineSupervisor, client, modelFolder: () => modelFolder };
  return { workspace, supervisor, parts, models: new LanguageModels(parts) };
}

/** The model offered to VS Code, and an engine whose answers a test ends. */
async function begin() {
  const asked: {
    params: ChatParams;
    listener: ChatListener;
    signal: AbortSignal;
    end: (result: ChatResult) => void;
  }[] = [];
  const chat = (params: ChatParams, listener: ChatListener, signal: AbortSignal) =>
    new Promise<ChatResult>((end) => asked.push({ params, listener, signal, end }));
  const { models, parts } = offer("/models/none", READY);
  Object.assign(parts.client, { chat });
  const [model] = await models.provideLanguageModelChatInformation({ silent: true });
  const texts: string[] = [];
  const cancelled = new FakeEvent<void>();
  const ask = async (messages: readonly object[] = QUESTION) => {
    const answer = models.provideLanguageModelChatResponse(
      model!,
      messages as readonly vscode.LanguageModelChatRequestMessage[],
      {} as vscode.ProvideLanguageModelChatResponseOptions,
      { report: (part) => texts.push((part as unknown as FakeTextPart).value) },
      { onCancellationRequested: cancelled.event } as unknown as vscode.CancellationToken,
    );
    // Looked at where a test waits for it.
    answer.catch(() => {});
    await settled();
    return { answer, ...asked.at(-1)! };
  };
  return { ask, texts, cancel: () => cancelled.fire() };
}

describe("the model offered to VS Code", () => {
  it("is asked without the repository and without attachments, and the answer comes as it is written", async () => {
    const { ask, texts } = await begin();
    const { params, listener, end, answer } = await ask();
    assert.deepEqual([params.useRepository, params.attachments], [false, []]);
    listener.onText("Be");
    listener.onText("cause.");
    assert.deepEqual(texts, ["Be", "cause."]);
    end({ type: "success" } as ChatResult);
    await answer;
  });

  it("knows its own answers among the messages, and joins those of one side", async () => {
    const { User, Assistant } = CHAT_ROLES;
    const messages = [turn(User, "You are terse."), turn(User, "Why?"), turn(Assistant, "So."), turn(User, "How?")];
    const { params } = await (await begin()).ask(messages);
    assert.deepEqual(params.turns, [
      { role: "user", text: "You are terse.\n\nWhy?" },
      { role: "model", text: "So." },
      { role: "user", text: "How?" },
    ]);
  });

  it("stops when it is told to", async () => {
    const { ask, cancel } = await begin();
    const { signal, end, answer } = await ask();
    assert.ok(!signal.aborted);
    cancel();
    assert.ok(signal.aborted);
    end({ type: "cancelled", reason: "" });
    await answer;
  });

  it("passes on why there is no answer", async () => {
    const { end, answer } = await (await begin()).ask();
    end({ type: "failed", message: "The engine has gone." });
    await assert.rejects(answer, /The engine has gone/);
  });

  it("is the one of the model's folder while no engine is there, and another one's when another is chosen", async () => {
    const { models, parts, workspace } = offer("test/fixtures/tiny-griffin", STOPPED);
    const offered = async () => (await models.provideLanguageModelChatInformation({ silent: true }))[0];
    assert.equal((await offered())?.id, "tiny-griffin");
    let changes = 0;
    models.onDidChangeLanguageModelChatInformation(() => changes++);
    parts.modelFolder = () => "test/fixtures/tiny-gemma";
    workspace.set("griffin.model.path", "test/fixtures/tiny-gemma");
    assert.equal(changes, 1);
    assert.equal((await offered())?.id, "tiny-gemma");
  });

  it("is none where the engine has failed, or the folder holds none that could be loaded", async () => {
    const folders = {
      "test/fixtures/tiny-griffin": { type: "failed", message: "It failed." },
      "/models/none": STOPPED,
    };
    for (const [folder, status] of Object.entries(folders)) {
      const { models } = offer(folder, status as EngineStatus);
      assert.deepEqual(await models.provideLanguageModelChatInformation({ silent: true }), [], folder);
    }
  });
});
