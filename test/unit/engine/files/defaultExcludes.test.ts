import assert from "node:assert/strict";
import os from "node:os";
import { relative, sep } from "node:path";
import { defaultExcludes } from "../../../../src/engine/files/defaultExcludes";
import { onPlatform } from "../../../support/onPlatform";
import { withReplaced } from "../../../support/replaced";
import { useTemporaryTree } from "./temporaryTree";

/** System; what the environment says, as paths in a folder, which is the drive, too; in which of its folders git looks. */
const CASES: readonly (readonly [NodeJS.Platform, Readonly<Record<string, string>>, string])[] = [
  ["linux", {}, "profile/.config/git"],
  ["linux", { HOME: "home" }, "home/.config/git"],
  ["linux", { HOME: "home", XDG_CONFIG_HOME: "settings" }, "settings/git"],
  ["linux", { HOMEPATH: "/share", APPDATA: "data" }, "profile/.config/git"],
  ["win32", {}, "profile/.config/git"],
  ["win32", { HOME: "home", HOMEPATH: "/share" }, "home/.config/git"],
  ["win32", { HOMEPATH: "/share" }, "share/.config/git"],
  ["win32", { HOMEPATH: "/not/connected" }, "profile/.config/git"],
  ["win32", { HOMEPATH: "/Windows/System32", SystemRoot: "Windows" }, "profile/.config/git"],
  ["win32", { HOMEPATH: "/share", APPDATA: "data" }, "data/Git"],
  ["win32", { HOMEPATH: "/share", APPDATA: "none" }, "share/.config/git"],
  ["win32", { APPDATA: "data", XDG_CONFIG_HOME: "settings" }, "settings/git"],
];

describe("git's own place for the ignore file of all repositories", () => {
  const tree = useTemporaryTree();

  for (const [platform, said, folder] of CASES) {
    it(`is in ${folder} on ${platform} where the environment says ${JSON.stringify(said)}`, async () => {
      tree.add({ "share/a": "", "Windows/System32/a": "", "data/Git/ignore": "" });
      const env: Record<string, string> = { HOMEDRIVE: tree.path };
      for (const [name, path] of Object.entries(said)) {
        env[name] = name === "HOMEPATH" ? path.replaceAll("/", sep) : tree.at(path);
      }
      const found = await withReplaced(os, { homedir: () => tree.at("profile") }, () =>
        onPlatform(platform, () => defaultExcludes(env)),
      );
      assert.equal(relative(tree.path, found).split(sep).join("/"), `${folder}/ignore`);
    });
  }
});
