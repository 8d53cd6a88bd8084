import assert from "node:assert/strict";
import type { PromptFrame } from "../../../../src/engine/completion/promptFrame";
import { RecentSuggestions, type Suggested } from "../../../../src/engine/completion/recentSuggestions";
import type { Task } from "../../../../src/engine/completion/task";
import { type Asked, costOfKnown, type Written } from "../../../../src/engine/completion/write";
import { Sequence } from "../../../../src/engine/decoding/sequence";
import type { ExactMemory } from "../../../../src/engine/exactMemory/exactMemory";
import { FakeModel } from "../../../support/fakeModel";

const INVOKED: Asked = { maxTokens: 40, isAutomatic: false };
const AUTOMATIC: Asked = { maxTokens: 40, isAutomatic: true };

const { emptyState } = new FakeModel();

interface Place {
  readonly tokens?: readonly number[];
  readonly wanted?: string;
  readonly suffix?: string;
  readonly epoch?: number;
  readonly farEpoch?: number;
  readonly state?: typeof emptyState;
}

/** What is asked at a place; the epochs are those of the exact memories, which may be switched off or not made yet. */
function taskAt({ tokens = [1, 2], wanted = "", suffix = "", epoch, farEpoch, state = emptyState }: Place = {}): Task {
  const base = { choice: "empty", state, isCompared: false, reason: "" } as const;
  const frame: PromptFrame = { base, tokens: [], snippets: [], after: undefined, told: 0, beginning: "", lines: 0 };
  const memory = epoch === undefined ? {} : { memory: { epoch } as ExactMemory };
  return {
    live: { path: "a.ts", languageId: "typescript", prefix: "", suffix },
    far: farEpoch === undefined ? undefined : ({ epoch: farEpoch } as ExactMemory),
    context: { prefix: "", suffix, multiline: true },
    indented: (text) => text,
    repository: { path: "a.ts", ...memory },
    prompt: { frame, landmarks: [], tokens, cut: [], wanted: Buffer.from(wanted) },
    sequence: new Sequence(new FakeModel()),
    isBrief: false,
  };
}

function suggestedFor({ prompt, context, repository, far }: Task, asked = INVOKED, isSure = true): Suggested {
  const written = { text: "text", tokens: [3], finish: "stop", isSure, cost: costOfKnown(prompt) } as const;
  return {
    ...asked,
    prompt,
    context,
    epoch: repository?.memory?.epoch,
    farEpoch: far?.epoch,
    written,
    besides: [],
    starts: [],
  };
}

describe("recent suggestions", () => {
  let recent: RecentSuggestions;
  beforeEach(() => {
    recent = new RecentSuggestions();
  });

  it("are found where the same prompt ends again, and the same must still be typed", () => {
    const suggested = suggestedFor(taskAt({ wanted: "ab" }));
    recent.keep(suggested);
    assert.equal(recent.find(taskAt({ wanted: "ab" }), INVOKED), suggested);
    assert.equal(recent.find(taskAt({ wanted: "abc" }), INVOKED), undefined);
    for (const tokens of [[1, 3], [1, 2, 3], [1]]) {
      assert.equal(recent.find(taskAt({ wanted: "ab", tokens }), INVOKED), undefined);
    }
    recent.clear();
    assert.equal(recent.find(taskAt({ wanted: "ab" }), INVOKED), undefined);
  });

  it("are not found any more once a file may have been forgotten whose words they have", () => {
    recent.keep(suggestedFor(taskAt({ epoch: 1 })));
    assert.ok(recent.find(taskAt({ epoch: 1 })));
    assert.equal(recent.find(taskAt({ epoch: 2 })), undefined);
    assert.equal(recent.find(taskAt()), undefined, "the memory is switched off");
  });

  it("are not found any more once the far text has changed that had a say in them", () => {
    const suggested = suggestedFor(taskAt({ farEpoch: 1 }));
    recent.keep(suggested);
    assert.equal(recent.find(taskAt({ farEpoch: 1 })), suggested);
    assert.equal(recent.find(taskAt({ farEpoch: 2 })), undefined);
    assert.equal(recent.find(taskAt()), undefined, "what it says now is not remembered yet");
    const before = suggestedFor(taskAt());
    recent.keep(before);
    assert.equal(recent.find(taskAt({ farEpoch: 1 })), before, "no far text had a say in it");
  });

  it("are found for the same question only, unless it is enough how their first line was chosen", () => {
    const suggested = suggestedFor(taskAt());
    recent.keep(suggested);
    assert.equal(recent.find(taskAt(), { ...INVOKED, maxTokens: 8 }), undefined);
    assert.equal(recent.find(taskAt({ suffix: ")" }), INVOKED), undefined);
    assert.equal(recent.find(taskAt({ suffix: ")" })), suggested);
  });

  it("are no answer to somebody who asks where they were refused: those were not written to their end", () => {
    const refused = suggestedFor(taskAt(), AUTOMATIC, false);
    recent.keep(refused);
    assert.equal(recent.find(taskAt(), AUTOMATIC), refused);
    assert.equal(recent.find(taskAt(), INVOKED), undefined);
    assert.equal(recent.find(taskAt()), undefined);
    const whole = suggestedFor(taskAt(), INVOKED, false);
    recent.keep(whole);
    assert.equal(recent.find(taskAt(), INVOKED), whole);
  });

  it("are found with what was written besides, as long as they are kept", () => {
    const suggested = suggestedFor(taskAt());
    const other: Written = { ...suggested.written, text: "other" };
    recent.keep(suggested);
    const added = recent.addBeside(suggested, other);
    assert.deepEqual(recent.find(taskAt()), { ...suggested, besides: [other] });
    recent.clear();
    recent.addBeside(added, other);
    assert.equal(recent.find(taskAt()), undefined);
  });

  it("are eight, and the one that is used again stays longest", () => {
    const all = Array.from({ length: 8 }, (_, index) => suggestedFor(taskAt({ tokens: [index] })));
    for (const one of all) recent.keep(one);
    recent.keep(all[0]!);
    recent.keep(suggestedFor(taskAt({ tokens: [8] })));
    assert.equal(recent.find(taskAt({ tokens: [0] })), all[0]);
    assert.equal(recent.find(taskAt({ tokens: [1] })), undefined);
    assert.equal(recent.find(taskAt({ tokens: [2] })), all[2]);
  });

  it("have the same base: another's state is not kept alive, nor what was written after it found", () => {
    const other = { ...emptyState };
    recent.keep(suggestedFor(taskAt()));
    assert.equal(recent.find(taskAt({ state: other })), undefined);
    recent.keep(suggestedFor(taskAt({ state: other })));
    assert.equal(recent.find(taskAt()), undefined);
  });
});
