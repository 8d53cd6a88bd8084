// What the engine's messages bring about, in this process.

import assert from "node:assert/strict";
import { join } from "node:path";
import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import { Chatter } from "../../src/engine/chat/chatter";
import { Completer } from "../../src/engine/completion/completer";
import { Cancelled } from "../../src/engine/modelAccess";
import { Scheduler } from "../../src/engine/scheduler";
import { EngineServer } from "../../src/engine/server";
import type { Language } from "../../src/engine/snippets/languages";
import { SHARED_OUTLINER } from "../../src/engine/snippets/outline";
import { PROTOCOL_VERSION } from "../../src/protocol/engine";
import { withReplaced } from "../support/replaced";

const URI = "file:///sample.py";

describe("the engine's server", () => {
  it("reads no more ahead in a document that is closed", async () => {
    const server = await started();
    let close = () => {};
    const isClosed = new Promise<void>((resolve) => {
      close = resolve;
    });
    let prepared: Promise<void> | undefined;
    const prepare: Completer["prepare"] = (_document, _offset, access) => {
      prepared = isClosed.then(() => access.nextRun());
      return prepared;
    };
    await withReplaced(Completer.prototype, { prepare }, async () => {
      server.receive({ type: "open", uri: URI, version: 1, languageId: "python", text: "a = 1" });
      server.receive({ type: "prepare", uri: URI, version: 1, offset: 5 });
      server.receive({ type: "close", uri: URI });
      close();
      await assert.rejects(prepared!, Cancelled);
    });
    server.receive({ type: "shutdown" });
  });

  for (const [how, expected] of [
    ["until it is ready", ["question", "prepared"]],
    ["until it is cancelled", ["prepared", "question"]],
  ] as const) {
    it(`lets nothing less urgent run while a question is made ready for a model elsewhere, ${how}`, async () => {
      const server = await started();
      const ended: string[] = [];
      let answer = () => {};
      const answered = new Promise<void>((resolve) => {
        answer = resolve;
      });
      const messagesFor = async () => {
        await answered;
        ended.push("question");
        return { type: "failed", message: "Nothing to ask." } as const;
      };
      let prepared: Promise<void> | undefined;
      const prepare: Completer["prepare"] = (_document, _offset, access) => {
        prepared = access.nextRun().then(() => void ended.push("prepared"));
        return prepared;
      };
      const question = { turns: [], attachments: [], useRepository: false };
      await withReplaced(Chatter.prototype, { messagesFor }, () =>
        withReplaced(Completer.prototype, { prepare }, async () => {
          server.receive({ type: "open", uri: URI, version: 1, languageId: "python", text: "a = 1" });
          server.receive({ type: "chatMessages", id: 1, question });
          server.receive({ type: "prepare", uri: URI, version: 1, offset: 5 });
          for (let turn = 0; turn < 5; turn++) await turnOfTheLoop();
          assert.deepEqual(ended, []);
          if (how === "until it is ready") answer();
          else server.receive({ type: "cancel", id: 1 });
          await prepared;
          answer();
          await turnOfTheLoop();
        }),
      );
      assert.deepEqual(ended, expected);
      server.receive({ type: "shutdown" });
    });
  }

  it("loads the grammar of a language once a document of it is open", async () => {
    const server = await started();
    const prepared: string[] = [];
    const prepare = async ({ grammar }: Language) => void prepared.push(grammar);
    await withReplaced(SHARED_OUTLINER, { prepare }, async () => {
      for (const path of ["src/main.go", "notes.txt"])
        server.receive({ type: "open", uri: `file:///${path}`, version: 1, languageId: "", path, text: "" });
    });
    assert.deepEqual(prepared, ["go"]);
    server.receive({ type: "shutdown" });
  });

  it("takes what is written for ever, and for which nothing is asked, for a program's work that needs no quiet", async () => {
    const server = await started();
    let disturbed = 0;
    const disturb = () => void disturbed++;
    let version = 0;
    const change = () => {
      const edits = [{ offset: 0, deleted: 0, inserted: "x" }];
      server.receive({ type: "change", uri: URI, version: ++version, edits });
    };
    const prepare = async () => {};
    await withReplaced(Completer.prototype, { prepare }, () =>
      withReplaced(Scheduler.prototype, { disturb }, async () => {
        server.receive({ type: "open", uri: URI, version, languageId: "python", text: "" });
        for (const expected of [50, 50]) {
          server.receive({ type: "prepare", uri: URI, version, offset: 0 });
          await turnOfTheLoop();
          disturbed = 0;
          for (let count = 0; count < 60; count++) change();
          assert.equal(disturbed, expected);
        }
      }),
    );
    server.receive({ type: "shutdown" });
  });

  async function started(): Promise<EngineServer> {
    return new Promise((resolve, reject) => {
      const server = new EngineServer(
        (message) => {
          if (message.type === "ready") resolve(server);
          if (message.type === "failed") reject(new Error(message.message));
        },
        () => {},
      );
      const modelFolder = join("test", "fixtures", "tiny-griffin");
      server.receive({ type: "start", protocolVersion: PROTOCOL_VERSION, modelFolder, options: { threads: 1 } });
    });
  }
});
