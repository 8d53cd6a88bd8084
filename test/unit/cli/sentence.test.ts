import assert from "node:assert/strict";
import { sentenceOf } from "../../../src/cli/sentence";
import { ModelFault } from "../../../src/engine/model/modelFault";

describe("a model that cannot be used", () => {
  it("is told in a terminal with what helps there", () => {
    const sentence = sentenceOf(new ModelFault("noMemory", "It is so."));
    assert.equal(sentence, "It is so. Close other programs, or name a smaller model with --model.");
  });
});

describe("the folder that a command was started in", () => {
  it("is told to be gone", () => {
    // As Node throws it, without a path.
    const error = Object.assign(new Error("ENOENT: no such file or directory, uv_cwd"), {
      code: "ENOENT",
      syscall: "uv_cwd",
    });
    assert.equal(sentenceOf(error), "The folder that this was started in is gone. Go to another, then run this again.");
  });
});

describe("a full disk", () => {
  const said = (error: object) =>
    sentenceOf(Object.assign(new Error("It is full. Do this."), { code: "ENOSPC" }, error));

  it("is told in a terminal where the system alone has spoken of it", () => {
    assert.equal(said({ syscall: "open", path: "/a" }), "The disk is full (/a). Free some space, then run this again.");
    assert.equal(said({}), "It is full. Do this.");
  });
});
