import assert from "node:assert/strict";
import os from "node:os";
import { tunedLoad } from "../../../src/cli/tunedLoad";
import { withReplaced } from "../../support/replaced";

describe("the place of what the command line has measured", () => {
  it("is none for a user without a home, for whom nothing is measured", async () => {
    // As Node says of one whom the system does not know.
    const homedir = () => {
      throw new Error("A system error occurred: uv_os_homedir returned ENOENT (no such file or directory)");
    };
    const isWindows = process.platform === "win32";
    await withReplaced(process.env, { XDG_CACHE_HOME: undefined }, () =>
      withReplaced(os, { homedir }, async () => assert.equal(tunedLoad(2).measureNow, isWindows ? true : undefined)),
    );
  });
});
