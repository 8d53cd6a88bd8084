// A process that forks the engine with a model, tells its id once it says a word (ready: the model is loaded; pong: it is being
// loaded), and waits to be killed.

import { fork } from "node:child_process";

const [modelFolder, word] = process.argv.slice(2);
const engine = fork("dist/engine.js", [], { serialization: "advanced", silent: true });
engine.on("message", (/** @type {any} */ message) => {
  if (message.type === "hello") {
    engine.send({ type: "start", protocolVersion: message.protocolVersion, modelFolder, options: { threads: 0 } });
    engine.send({ type: "ping" });
  }
  if (message.type === word) process.send?.(engine.pid);
});
