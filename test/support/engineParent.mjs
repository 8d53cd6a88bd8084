// A process that forks the engine, tells its id once the model is loaded, and waits to be killed.

import { fork } from "node:child_process";

const engine = fork("dist/engine.js", [], { serialization: "advanced", silent: true });
engine.on("message", (/** @type {any} */ message) => {
  if (message.type === "hello") {
    const modelFolder = "test/fixtures/tiny-griffin";
    engine.send({ type: "start", protocolVersion: message.protocolVersion, modelFolder, options: { threads: 0 } });
  }
  if (message.type === "ready") process.send?.(engine.pid);
});
