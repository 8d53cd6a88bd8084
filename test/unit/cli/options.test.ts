import assert from "node:assert/strict";
import { Command } from "commander";
import { namedRepository } from "../../../src/cli/openRepository";
import { count, repoTokensOption, threadsOption } from "../../../src/cli/options";
import { mostThreads } from "../../../src/machine/mostThreads";

describe("how much is read of a repository", () => {
  const asked = (...args: string[]) => new Command().addOption(repoTokensOption()).parse(args, { from: "user" }).opts();

  it("is what the editor's setting says, or what the option does", () => {
    assert.deepEqual(asked(), { repoTokens: 200_000 });
    assert.deepEqual(asked("--repo-tokens", "500"), { repoTokens: 500 });
  });

  it("is asked for one that is named", async () => {
    const read = { folder: "src", maxTokens: 500, stateFolder: undefined };
    assert.deepEqual(await namedRepository({ repo: "src", repoTokens: 500 }), read);
    assert.equal(await namedRepository(asked()), undefined);
    await assert.rejects(namedRepository({ repoTokens: 500 }), /give --repo, too/);
    await assert.rejects(namedRepository({ state: "states" }), /give --repo, too/);
  });
});

describe("numbers", () => {
  it("are whole and written in digits", () => {
    assert.equal(count("007"), 7);
    for (const text of ["", " ", "-1", "1.5", "1e3", "0x10", "9".repeat(17)])
      assert.throws(() => count(text), /must be a whole number/);
  });

  it("of threads are no more than the editor's setting takes", () => {
    const { parseArg } = threadsOption();
    const most = mostThreads();
    assert.equal(parseArg!(`${most}`, 0), most);
    assert.throws(() => parseArg!(`${most + 1}`, 0), new RegExp(`must be at most ${most}\\b`));
  });
});
