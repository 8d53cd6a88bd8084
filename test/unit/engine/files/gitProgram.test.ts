import assert from "node:assert/strict";
import { delimiter, join } from "node:path";
import { findGit } from "../../../../src/engine/files/gitProgram";

const STAND_IN = "/usr/bin/git";
const OWN = join("/opt/own", "git");

describe("the git that is called", () => {
  const onMac = (programs: readonly string[], hasTools: boolean) =>
    findGit({
      platform: "darwin",
      path: ["/opt/own", "/usr/bin"].join(delimiter),
      isProgram: async (path) => programs.includes(path),
      hasDeveloperTools: async () => hasTools,
    });

  it("is never Apple's stand-in, which asks the user to install something", async function () {
    if (process.platform === "win32") this.skip();
    assert.equal(await onMac([STAND_IN], false), undefined);
    assert.equal(await onMac([STAND_IN], true), STAND_IN);
  });

  it("is the user's own, where it comes first", async () => {
    assert.equal(await onMac([OWN, STAND_IN], false), OWN);
    assert.equal(await onMac([], true), undefined);
  });

  it("is what the system finds, elsewhere", async () => {
    const place = { platform: "linux", path: "", isProgram: assert.fail, hasDeveloperTools: assert.fail } as const;
    assert.equal(await findGit(place), "git");
  });
});
