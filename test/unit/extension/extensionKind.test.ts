import assert from "node:assert/strict";
import { manifest } from "../../support/manifest";

describe("in a window that works on another machine", () => {
  it("the extension runs where the files are, or VS Code offers to install it there", () => {
    // With "ui" beside it VS Code would start it on the user's own machine, where there is nothing to read.
    assert.deepEqual(manifest.extensionKind, ["workspace"]);
  });
});
