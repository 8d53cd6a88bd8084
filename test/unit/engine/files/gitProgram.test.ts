import assert from "node:assert/strict";
import { delimiter, join } from "node:path";
import { findGit } from "../../../../src/engine/files/gitProgram";

const STAND_IN = "/usr/bin/git";
const OWN = join("/opt/own", "git");

describe("the git that is called", () => {
  const onMac = (programs: readonly string[], hasTools: boolean) =>
    findGit({
      platform: "darwin",
      env: { PATH: ["/opt/own", "/usr/bin"].join(delimiter) },
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

  it("is where its installer put it, on Windows, unless the system finds it", async () => {
    const onPath = join("/own", "git.exe");
    const [mine, everyones, old] = ["/me/Programs", "/programs", "/programs32"].map((folder) =>
      join(folder, "Git/cmd/git.exe"),
    );
    const env = { ProgramW6432: "/programs", "ProgramFiles(x86)": "/programs32", ProgramFiles: "/programs32" };
    const find = (programs: readonly unknown[]) =>
      findGit({
        platform: "win32",
        env: { ...env, LOCALAPPDATA: "/me", PATH: ["/system", "/own"].join(delimiter) },
        isProgram: async (path) => programs.includes(path),
        hasDeveloperTools: assert.fail,
      });
    assert.equal(await find([onPath, everyones]), "git");
    assert.equal(await find([mine, everyones, old]), everyones);
    assert.equal(await find([mine, old]), old);
    assert.equal(await find([mine]), mine);
    assert.equal(await find([]), "git");
  });

  it("is what the system finds, elsewhere", async () => {
    const place = { platform: "linux", env: {}, isProgram: assert.fail, hasDeveloperTools: assert.fail } as const;
    assert.equal(await findGit(place), "git");
  });
});
