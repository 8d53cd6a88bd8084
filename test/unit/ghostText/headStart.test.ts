import assert from "node:assert/strict";
import type { CompletionQuestion } from "../../../src/ghostText/completionQuestion";
import { Generation } from "../../../src/ghostText/generation";
import { HeadStart } from "../../../src/ghostText/headStart";
import type { CompleteResult } from "../../../src/protocol/engine";
import { FakeClock } from "../../support/fakeClock";
import { success } from "../../support/fakeEngineProcess";

const PLACE = { uri: "file:///a", version: 2, offset: 4 };
const ASKING = { type: "ask", extent: { multiline: false, maxTokens: 32 } } as const;

function question(more: Partial<CompletionQuestion> = {}): CompletionQuestion {
  return {
    trigger: "automatic",
    mode: "automatic",
    isEnabled: true,
    hasSelection: false,
    lineBefore: "foo.",
    lineAfter: "",
    place: PLACE,
    currentVersion: () => 2,
    isMirrored: () => true,
    ...more,
  };
}

function generation(): Generation {
  const engine = { complete: () => new Promise<CompleteResult>(() => {}) };
  const { extent } = ASKING;
  return new Generation(engine, { ...PLACE, trigger: "automatic", extent }, new FakeClock(), "foo.");
}

function begin() {
  const headStart = new HeadStart();
  const begun = generation();
  headStart.asked();
  headStart.begin(begun);
  const answer = (more: Partial<CompletionQuestion> = {}, current: Generation | undefined = undefined) =>
    headStart.answerFor(question(more), ASKING, current);
  return { headStart, begun, answer };
}

describe("a head start", () => {
  it("is made once for each time that VS Code asks", () => {
    const headStart = new HeadStart();
    assert.equal(headStart.mayBegin, false);
    headStart.asked();
    assert.equal(headStart.mayBegin, true);
    headStart.begin(generation());
    assert.equal(headStart.mayBegin, false);
  });

  it("answers just the question that it was begun for", () => {
    const { headStart, begun, answer } = begin();
    assert.equal(answer(), begun);
    assert.equal(answer({}, begun), begun);
    assert.equal(answer({ trigger: "invoke" }), undefined);
    for (const other of [{ offset: 5 }, { version: 3 }, { uri: "file:///b" }]) {
      assert.equal(answer({ place: { ...PLACE, ...other } }), undefined);
    }
    assert.equal(answer({ selected: { offset: 4, deleted: 0, text: "bar", typed: "" } }), undefined);
    for (const limit of [{ multiline: true }, { maxTokens: 72 }]) {
      const asking = { type: "ask", extent: { ...ASKING.extent, ...limit } } as const;
      assert.equal(headStart.answerFor(question(), asking, undefined), undefined);
    }
  });

  it("gives way to what is followed instead", () => {
    const { answer } = begin();
    assert.equal(answer({}, generation()), undefined);
  });

  const ENDS: readonly (readonly [CompleteResult, boolean])[] = [
    [success("bar"), true],
    [{ type: "empty", reason: "nothing" }, true],
    [{ type: "cancelled", reason: "typed otherwise" }, false],
    [{ type: "failed", message: "Out of memory." }, false],
  ];
  for (const [result, isKept] of ENDS) {
    it(`is ${isKept ? "kept" : "forgotten"} when it ends as ${result.type}`, () => {
      const { headStart, begun, answer } = begin();
      headStart.ended(begun, result);
      assert.equal(answer(), isKept ? begun : undefined);
    });
  }

  it("is forgotten when it is dropped, and not with another", () => {
    const { headStart, begun, answer } = begin();
    headStart.dropped(generation());
    headStart.dropped(undefined);
    headStart.ended(generation(), { type: "failed", message: "Out of memory." });
    assert.equal(answer(), begun);
    headStart.dropped(begun);
    assert.equal(answer(), undefined);
  });

  it("is forgotten with its document", () => {
    const { headStart, begun, answer } = begin();
    headStart.closed("file:///b");
    assert.equal(answer(), begun);
    headStart.closed(PLACE.uri);
    assert.equal(answer(), undefined);
  });
});
