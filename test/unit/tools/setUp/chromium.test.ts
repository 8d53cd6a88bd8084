import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { findChromium } from "../../../../tools/setUp/chromium.mjs";
import { withReplaced } from "../../../support/replaced";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

describe("the browser that is there", () => {
  const folder = useTemporaryFolder("all tests");
  before(async function () {
    if (process.platform === "win32") this.skip();
  });

  it("is not Ubuntu's script that asks for a snap", async () => {
    const stub = '#!/bin/sh\nif ! [ -x /snap/bin/chromium ]; then\n  exit 1\nfi\nexec /snap/bin/chromium "$@"\n';
    await writeFile(folder("chromium-browser"), stub);
    await writeFile(folder("google-chrome"), '#!/bin/sh\nexec /opt/google/chrome/chrome "$@"\n');
    const elsewhere = { PATH: folder(), GRIFFIN_CHROMIUM: undefined };
    const found = await withReplaced(process.env, elsewhere, async () => findChromium());
    assert.equal(found, folder("google-chrome"));
  });
});
