import assert from "node:assert/strict";
import { sentenceOf } from "../../../src/cli/sentence";
import { ModelFault } from "../../../src/engine/model/modelFault";

describe("a model that cannot be used", () => {
  it("is told in a terminal without the editor's commands", () => {
    const sentence = (kind: ModelFault["kind"]) => sentenceOf(new ModelFault(kind, "It is so."));
    assert.equal(sentence("noFolder"), "It is so. Name the folder of a model with --model.");
    assert.equal(sentence("noModelJson"), "It is so. Name the folder of a model with --model.");
    assert.match(sentence("damaged"), /^It is so\. Convert the model again, or name another with --model; /);
    assert.match(
      sentence("suspect"),
      /^It is so\. If `griffin doctor` finds a damaged file, convert the model again; /,
    );
    assert.equal(sentence("otherVersion"), "It is so. Update Griffin Code, or convert the model again.");
    assert.equal(sentence("noMemory"), "It is so. Close other programs, or name a smaller model with --model.");
    assert.match(
      sentence("damagedTokenizer"),
      /^It is so\. Fetch its tokenizer\.json .*, and convert the model again\.$/,
    );
    assert.equal(sentence("unknownTokenizer"), "It is so. Name another model.");
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
