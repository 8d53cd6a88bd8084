// Whether letters' case counts in ignore files, against the real git, and without one.

import assert from "node:assert/strict";
import { listFiles } from "../../../../src/engine/files/listFiles";
import { loadRules } from "../../../../src/engine/files/readRules";
import type { Refusal } from "../../../../src/engine/files/refusal";
import { onPlatform } from "../../../support/onPlatform";
import { withReplaced } from "../../../support/replaced";
import { git } from "./realGit";
import { useTemporaryTree } from "./temporaryTree";

/** What stands in the repository's settings, on which system, and whether /Config/Local.json is ignored as config/local.json. */
const CASES: readonly (readonly [config: string, platform: NodeJS.Platform, isIgnored: boolean])[] = [
  ["[core]\n\tignorecase = true", "linux", true],
  ["[core]\n\tignorecase = true\n[core]\n\tignorecase = false", "linux", false],
  ["[core]\n\tignorecase = false", "darwin", false],
  ["[core]\n\tignorecase = false", "win32", false],
  ["[Core] IgnoreCase", "linux", true],
  ['[core]\r\n\tignorecase = "yes"\r', "linux", true],
  ["[core]\n\tignorecase=1 # on a Mac", "linux", true],
  ['[core]\n[other "core"]\n\tignorecase = true', "linux", false],
  ["[core]\n#\tignorecase = true", "linux", false],
  ["[core]", "linux", false],
  ["[core]", "darwin", true],
];

/** What git notes as it makes a repository, on which system, and what is said of Private/a.ts and Drafts/a.ts. */
const OWN_CASES: readonly (readonly [
  ignorecase: boolean,
  platform: NodeJS.Platform,
  ofSetting: Refusal | undefined,
  ofFile: Refusal | undefined,
])[] = [
  [false, "linux", undefined, undefined],
  [true, "linux", "excluded", "griffinignore"],
  [false, "darwin", "excluded", "griffinignore"],
  [false, "win32", "excluded", "griffinignore"],
];

describe("an ignore file", () => {
  const tree = useTemporaryTree();

  for (const [config, platform, isIgnored] of CASES) {
    it(`${isIgnored ? "means" : "does not mean"} names in another case on ${platform} where the repository says ${JSON.stringify(config)}`, async function () {
      if (process.platform === "win32") this.skip(); // A program is found by another path there.
      tree.add({ ".gitignore": "/Config/Local.json\n", "config/local.json": "{}", "a.ts": "" });
      git(tree.path, ["init", "-q"]);
      tree.add({ ".git/config": `${config}\n` });
      const isListed = async (globalExcludesPath?: string) => {
        const rules = await loadRules(tree.path, globalExcludesPath === undefined ? {} : { globalExcludesPath });
        return (await listFiles(rules)).files.some(({ path }) => path === "config/local.json");
      };
      await onPlatform(platform, async () => {
        assert.equal(await isListed(), !isIgnored, "git is asked");
        assert.equal(await isListed(""), !isIgnored, "git may not be asked");
        await withReplaced(process.env, { PATH: tree.at("none") }, async () => {
          assert.equal(await isListed(), !isIgnored, "there is no git");
        });
      });
      const found = git(tree.path, ["ls-files", "-co", "--exclude-standard"]).toString();
      if (config !== "[core]") assert.equal(found.includes("config/local.json"), !isIgnored);
    });
  }

  for (const [ignorecase, platform, ofSetting, ofFile] of OWN_CASES) {
    it(`of ours, and the setting, ${ofFile ? "mean" : "do not mean"} names in another case on ${platform} where git's say ${ignorecase}`, async () => {
      tree.add({ ".griffinignore": "drafts/\n", ".git/HEAD": "ref: refs/heads/main\n" });
      tree.add({ ".git/config": `[core]\n\tignorecase = ${ignorecase}\n` });
      await onPlatform(platform, async () => {
        const rules = await loadRules(tree.path, { globalExcludesPath: "", exclude: ["private/"] });
        assert.equal(await rules.refusal("Private/a.ts"), ofSetting);
        assert.equal(await rules.refusal("Drafts/a.ts"), ofFile);
      });
    });
  }
});
