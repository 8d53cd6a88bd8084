import assert from "node:assert/strict";
import { Command } from "commander";
import { namedRepository } from "../../../src/cli/openRepository";
import { repoTokensOption } from "../../../src/cli/options";

describe("how much is read of a repository", () => {
  const asked = (...args: string[]) => new Command().addOption(repoTokensOption()).parse(args, { from: "user" }).opts();

  it("is what the editor's setting says, or what the option does", () => {
    assert.deepEqual(asked(), { repoTokens: 200_000 });
    assert.deepEqual(asked("--repo-tokens", "500"), { repoTokens: 500 });
  });

  it("is asked for one that is named", async () => {
    assert.deepEqual(await namedRepository({ repo: "lib", repoTokens: 500 }), { folder: "lib", maxTokens: 500 });
    assert.equal(await namedRepository(asked()), undefined);
    await assert.rejects(namedRepository({ repoTokens: 500 }), /give --repo, too/);
    await assert.rejects(namedRepository({ state: "states" }), /give --repo, too/);
  });
});
