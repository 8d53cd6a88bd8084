import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FileDownload } from "../../../../src/extension/models/fileDownload";
import { HttpClient } from "../../../../src/extension/models/http";
import { FakeHub } from "../../../support/fakeHub";
import { useTemporaryFolder } from "../../../support/temporaryFolder";
import { HurriedClock, SILENCE, tokenOf } from "./support";

const CONTENT = Buffer.from("what the hub has");

describe("a file that is downloaded", () => {
  const at = useTemporaryFolder();
  let hub: FakeHub;
  let folder: string;
  beforeEach(async () => {
    hub = await FakeHub.of("test/fixtures/tiny/sharded");
    hub.files.set("config.json", CONTENT);
    folder = at();
  });
  afterEach(() => hub.stop());

  /** Says what was found, what has come, and how often something was compared. */
  async function download(): Promise<{ found: number; come: number; checks: number }> {
    const seen = { found: 0, come: 0, checks: 0 };
    const digest = createHash("sha256").update(CONTENT).digest("hex");
    const url = `${hub.endpoint}/google/tiny/resolve/main/config.json`;
    const file = { path: "config.json", bytes: CONTENT.length, hash: { type: "sha256", digest }, url } as const;
    const http = new HttpClient(hub.endpoint, { tokenOf: tokenOf({}), silence: SILENCE });
    const context = {
      ...{ http, repository: "google/tiny", clock: new HurriedClock(), signal: new AbortController().signal },
      patience: { tries: 1, firstPauseMs: 1000, longestPauseMs: 1000 },
      onBytes: (bytes: number) => (seen.come += bytes),
      onFound(bytes: number) {
        seen.found += bytes;
        if (bytes === 0) seen.checks++;
      },
    };
    await new FileDownload(file, folder, context).run();
    assert.deepEqual(await readFile(join(folder, "config.json")), CONTENT);
    assert.deepEqual(await readdir(folder), ["config.json"]);
    return seen;
  }

  it("is not fetched when it is there", async () => {
    await writeFile(join(folder, "config.json"), CONTENT);
    assert.deepEqual(await download(), { found: CONTENT.length, come: 0, checks: 1 });
    assert.equal(hub.requests.length, 0);
  });

  for (const name of ["config.json", "config.json.part"]) {
    it(`is fetched anew when another one of its size is there, whole or not quite finished (${name})`, async () => {
      hub.requests.length = 0;
      await rm(join(folder, "config.json"), { force: true });
      await writeFile(join(folder, name), Buffer.alloc(CONTENT.length, 7));
      assert.deepEqual(await download(), { found: 0, come: CONTENT.length, checks: 2 });
      assert.deepEqual(
        hub.requests.map(({ range }) => range),
        [undefined],
      );
    });
  }
});
