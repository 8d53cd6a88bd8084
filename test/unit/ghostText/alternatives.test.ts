import assert from "node:assert/strict";
import { Alternatives } from "../../../src/ghostText/alternatives";
import type { CompletionQuestion } from "../../../src/ghostText/completionQuestion";
import type { AskedCompletion } from "../../../src/ghostText/generation";
import { GhostText } from "../../../src/ghostText/ghostText";
import type { AlternativesResult, CompleteParams, CompleteResult } from "../../../src/protocol/engine";
import { FakeClock, settled } from "../../support/fakeClock";
import { success } from "../../support/fakeEngineProcess";
import { FakeLog } from "../../support/fakeLog";

/** An engine that completes at once, and gives alternatives when it is told to. */
class SlowEngine {
  asked: CompleteParams[] = [];
  withinMs = 0;
  signal: AbortSignal | undefined;
  #answer: (result: AlternativesResult) => void = () => {};

  constructor(
    private readonly first: string,
    private readonly clock: FakeClock,
    private readonly takesMs: number,
  ) {}

  complete(): AskedCompletion {
    return { result: this.#complete(), hurry: () => {} };
  }

  prepare(): void {}

  alternatives(params: CompleteParams, withinMs: number, signal: AbortSignal): Promise<AlternativesResult> {
    this.asked.push(params);
    this.withinMs = withinMs;
    this.signal = signal;
    return new Promise((resolve) => {
      this.#answer = resolve;
      signal.addEventListener("abort", () => resolve({ type: "cancelled", reason: "cancelled by the caller" }));
    });
  }

  give(...texts: string[]): void {
    this.#answer({ type: "success", texts });
  }

  async #complete(): Promise<CompleteResult> {
    if (this.takesMs > 0) await new Promise<void>((resolve) => this.clock.after(this.takesMs, resolve));
    return this.first === "" ? { type: "empty", reason: "nothing" } : success(this.first);
  }
}

function question(more: Partial<CompletionQuestion> = {}): CompletionQuestion {
  return {
    trigger: "invoke",
    mode: "automatic",
    isEnabled: true,
    hasSelection: false,
    lineBefore: "foo",
    lineAfter: "",
    place: { uri: "file:///a", version: 1, offset: 3 },
    currentVersion: () => 1,
    isMirrored: () => true,
    ...more,
  };
}

function begin(first: string, more: Partial<CompletionQuestion> = {}, takesMs = 0) {
  const clock = new FakeClock();
  const [engine, ending] = [new SlowEngine(first, clock, takesMs), new AbortController()];
  const ghostText = new GhostText(engine, clock, new FakeLog());
  const alternatives = new Alternatives(ghostText, engine, clock);
  const shown: string[][] = [];
  const ask = async () => {
    const suggestions = await alternatives.complete(question(more), ending.signal);
    shown.push(suggestions.map(({ text }) => text));
  };
  return { engine, clock, ghostText, ending, shown, ask };
}

describe("alternatives", () => {
  it("follow the suggestion, which is not said twice", async () => {
    const { engine, shown, ask } = begin("bar");
    const asked = ask();
    await settled();
    engine.give("baz", "bar", "qux");
    await asked;
    assert.deepEqual(shown, [["bar", "baz", "qux"]]);
    assert.deepEqual(engine.asked, [
      { uri: "file:///a", version: 1, offset: 3, trigger: "invoke", extent: { multiline: false, maxTokens: 32 } },
    ]);
  });

  it("stay in sight while the user types one of them, also where nothing comes by itself", async () => {
    const { engine, ghostText, ask } = begin("bar", { mode: "manual" });
    const asked = ask();
    await settled();
    engine.give("qux");
    await asked;
    ghostText.documentChanged("file:///a", 2, [{ offset: 3, deleted: 0, inserted: "q" }]);
    const place = { uri: "file:///a", version: 2, offset: 4 };
    const later = question({ mode: "manual", trigger: "automatic", lineBefore: "fooq", place });
    assert.deepEqual(ghostText.complete(later, new AbortController().signal), { text: "ux", replacedTail: 0 });
  });

  for (const [takesMs, withinMs] of [
    [0, 300],
    [400, 400],
    [500, 500],
  ] as const) {
    it(`are waited for ${withinMs} ms where the suggestion took ${takesMs}`, async () => {
      const { engine, clock, shown, ask } = begin("bar", {}, takesMs);
      await clock.advance(10_000);
      void ask();
      await clock.advance(takesMs);
      assert.equal(engine.withinMs, withinMs);
      await clock.advance(withinMs + 99);
      assert.deepEqual(shown, []);
      await clock.advance(1);
      assert.deepEqual(shown, [["bar"]]);
      assert.ok(engine.signal!.aborted, "and nobody works on them any more");
    });
  }

  it("are not asked for where there is no suggestion, or one that has one form only", async () => {
    const selected = { offset: 0, deleted: 3, text: "fool", typed: "foo" };
    for (const [first, more] of [
      ["", {}],
      ["bar", { selected }],
      ["bar", { isEnabled: false }],
    ] as const) {
      const { engine, ask } = begin(first, more);
      await ask();
      assert.deepEqual(engine.asked, [], first);
    }
  });

  it("are not asked for where the suggestion is still there and no other would be", async () => {
    const { engine, ghostText, ask } = begin("bar", { mode: "manual", trigger: "automatic" });
    await ghostText.complete(question(), new AbortController().signal);
    await ask();
    assert.deepEqual(engine.asked, []);
  });

  it("are not begun where a suggestion takes so long that they would come too late", async () => {
    const { engine, clock, shown, ask } = begin("bar", {}, 501);
    void ask();
    await clock.advance(501);
    assert.deepEqual([shown, engine.asked], [[["bar"]], []]);
  });

  it("come to nothing when the question is cancelled, or the document has changed", async () => {
    const cancelled = begin("bar");
    const asked = cancelled.ask();
    await settled();
    cancelled.ending.abort();
    await asked;
    assert.deepEqual(cancelled.shown, [["bar"]]);

    let version = 1;
    const changed = begin("bar", { currentVersion: () => version });
    const other = changed.ask();
    await settled();
    version = 2;
    changed.engine.give("baz");
    await other;
    assert.deepEqual(changed.shown, [["bar"]]);
  });
});
