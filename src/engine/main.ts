// The engine's process: messages over the channel to the process that forked it, and an end when that process goes.

import { loadFault } from "../machine/loadFault";
import { endProcess } from "../machine/processes";
import type { EngineMessage, HostMessage } from "../protocol/engine";
import type { EngineServer } from "./server";

if (process.send === undefined) {
  process.stderr.write("The engine is started by the extension, not by hand. For the terminal there is `griffin`.\n");
  process.exit(2);
}

// Imported only here, so that a machine on which its native modules cannot be loaded hears why.
void import("./server").then(({ EngineServer }) => serve(new EngineServer(send, endProcess)), refuse);

function serve(server: EngineServer): void {
  process.on("message", (message) => server.receive(message as HostMessage));
  // The host is gone, by intention or by a crash: nobody is left to work for. Or the user logs out, or ends the editor in its terminal.
  for (const end of ["disconnect", "SIGTERM", "SIGHUP", "SIGINT"]) {
    process.on(end, () => server.receive({ type: "shutdown" }));
  }
  server.hello();
}

function refuse(error: Error): void {
  send({ type: "log", level: "error", message: error.stack ?? error.message });
  send({ type: "failed", message: loadFault(error, 'run "Griffin: Restart Engine"') }, () => process.exit(1));
}

function send(message: EngineMessage, whenSent: () => void = () => {}): void {
  if (process.connected) process.send!(message, undefined, undefined, () => whenSent());
  else whenSent();
}
