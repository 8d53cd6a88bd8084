import assert from "node:assert/strict";
import { ModelFault } from "../../../src/engine/model/modelFault";
import { sentenceOf } from "../../../src/extension/modelFaults";

describe("a model that cannot be used", () => {
  it("is told in the editor with a command that helps", () => {
    const sentence = (kind: ModelFault["kind"]) => sentenceOf(new ModelFault(kind, "It is so."));
    assert.match(
      sentence("noFolder"),
      /^It is so\. If its disk is not connected, .* "Griffin: Restart Engine"\. Else run "Griffin: Choose a Model", which also goes back to the/,
    );
    assert.match(
      sentence("noModelJson"),
      /^It is so\. Run "Griffin: Repair a Model", .* install the extension again\.$/,
    );
    assert.match(sentence("damaged"), /^It is so\. Run "Griffin: Repair a Model", .* install the extension again\.$/);
    assert.match(sentence("suspect"), /^It is so\. Run "Griffin: Check a Model's Files" or `griffin doctor`, then /);
    assert.match(sentence("otherVersion"), /^It is so\. Update Griffin Code; or run "Griffin: Repair a Model"/);
    assert.match(sentence("noMemory"), /^It is so\. Close other programs, .* with "Griffin: Choose a Model"\.$/);
    assert.match(
      sentence("damagedTokenizer"),
      /^It is so\. Run "Griffin: Repair a Model"; or fetch its tokenizer\.json .*, and convert the model again\.$/,
    );
    assert.equal(sentence("unknownTokenizer"), "It is so. Choose another model.");
  });

  it("is told from other errors, which have their next step", () => {
    assert.equal(sentenceOf(new Error("The disk is full. Free some space.")), "The disk is full. Free some space.");
  });
});
