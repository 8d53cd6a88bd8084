// What the engine's messages bring about, in this process.

import assert from "node:assert/strict";
import { join } from "node:path";
import { Completer } from "../../src/engine/completion/completer";
import { Cancelled } from "../../src/engine/modelAccess";
import { EngineServer } from "../../src/engine/server";
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
