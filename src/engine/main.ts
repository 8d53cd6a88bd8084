// The engine's process: messages over the channel to the process that forked it, and an end when that process goes.

import type { EngineMessage, HostMessage } from "../protocol/engine";
import { EngineServer } from "./server";

if (process.send === undefined) {
  process.stderr.write("The engine is started by the extension, not by hand. For the terminal there is `griffin`.\n");
  process.exit(2);
}

const server = new EngineServer(
  (message: EngineMessage, whenSent = () => {}) => {
    if (process.connected) process.send!(message, undefined, undefined, () => whenSent());
    else whenSent();
  },
  (code) => process.exit(code),
);

process.on("message", (message) => server.receive(message as HostMessage));
// The host is gone, by intention or by a crash: nobody is left to work for. Or the user logs out, or ends the editor in its terminal.
for (const end of ["disconnect", "SIGTERM", "SIGHUP", "SIGINT"]) {
  process.on(end, () => server.receive({ type: "shutdown" }));
}
server.hello();
