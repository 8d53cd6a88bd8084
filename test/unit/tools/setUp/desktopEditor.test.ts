import assert from "node:assert/strict";
import { hasDisplay } from "../../../../tools/setUp/desktopEditor.mjs";

describe("a window of its own", () => {
  const check = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, expected: boolean): void =>
    assert.equal(hasDisplay({ platform, env }), expected);

  it("can be shown on macOS and Windows, and where there is a display", () => {
    check("darwin", {}, true);
    check("win32", {}, true);
    check("linux", { DISPLAY: ":0" }, true);
    check("linux", { WAYLAND_DISPLAY: "wayland-0" }, true);
  });

  it("cannot be shown in a remote terminal of VS Code, which only knows the user's window", () => {
    check("linux", { VSCODE_IPC_HOOK_CLI: "/run/user/1000/vscode-ipc.sock" }, false);
    check("linux", {}, false);
  });
});
