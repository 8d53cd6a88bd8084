import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium } from "../../../../tools/setUp/chromium.mjs";
import { withReplaced } from "../../../support/replaced";

describe("the browser that is there", () => {
  let folder: string;
  before(async function () {
    if (process.platform === "win32") this.skip();
    folder = await mkdtemp(join(tmpdir(), "griffin-"));
  });
  after(async () => {
    if (folder) await rm(folder, { recursive: true });
  });

  it("is not Ubuntu's script that asks for a snap", async () => {
    const stub = '#!/bin/sh\nif ! [ -x /snap/bin/chromium ]; then\n  exit 1\nfi\nexec /snap/bin/chromium "$@"\n';
    await writeFile(join(folder, "chromium-browser"), stub);
    await writeFile(join(folder, "google-chrome"), '#!/bin/sh\nexec /opt/google/chrome/chrome "$@"\n');
    const elsewhere = { PATH: folder, GRIFFIN_CHROMIUM: undefined };
    const found = await withReplaced(process.env, elsewhere, async () => findChromium());
    assert.equal(found, join(folder, "google-chrome"));
  });
});
