// Whatever somebody types, takes back and accepts while the engine writes, what is shown makes a text that an answer has said.

import assert from "node:assert/strict";
import type { Suggestion } from "../../../src/ghostText/followedCompletion";
import type { Completing } from "../../../src/ghostText/generation";
import { GhostText } from "../../../src/ghostText/ghostText";
import { cursorAfterKey } from "../../../src/ghostText/typedKey";
import type { CompleteParams, CompleteResult } from "../../../src/protocol/engine";
import { applyEdit, type TextEdit } from "../../../src/text/edit";
import { lineAfter, lineBefore } from "../../../src/text/lines";
import { randomFrom } from "../../../tools/recordings/random.mjs";
import { FakeClock, settled } from "../../support/fakeClock";
import { success } from "../../support/fakeEngineProcess";
import { FakeLog } from "../../support/fakeLog";

const URI = "file:///a.ts";
/** Few, so that what is typed is often what is suggested. */
const KEYS = [..."aab(()){};\n"];
const CLOSER = /^[)}]/;
const PAIRS: Readonly<Record<string, string>> = { "(": "()", "{": "{}" };

/** A request of which so much has been told. */
interface Asked {
  readonly writes: string;
  /** The text around what is written. */
  readonly around: readonly [string, string];
  told: number;
  readonly onText: (text: string) => void;
  readonly settle: (result: CompleteResult) => void;
}

class RandomUser {
  private readonly random: ReturnType<typeof randomFrom>;
  private readonly clock = new FakeClock();
  private readonly asked = new Set<Asked>();
  private readonly ghostText: GhostText;
  /** Each text that somebody gets who accepts what an answer said. */
  private readonly said = new Set<string>();
  /** And each that somebody would have got, but no answer said. */
  private readonly unsaid: string[] = [];
  private text = "";
  private cursor = 0;
  private version = 1;
  private shown: Suggestion | undefined;
  private question = new AbortController();
  private cancelQuestion = () => {};
  private openQuestions = 0;

  constructor(seed: number) {
    this.random = randomFrom(seed);
    const complete: Completing["complete"] = (...asked) => ({ result: this.complete(...asked), hurry: () => {} });
    const engine: Completing = { complete, prepare: () => {} };
    this.ghostText = new GhostText(engine, this.clock, new FakeLog());
  }

  async step(): Promise<void> {
    const kind = this.random.next();
    const { shown, cursor } = this;
    if (kind < 0.32) this.type(shown?.text[0] ?? this.pick(KEYS));
    else if (kind < 0.37) this.type(this.pick(KEYS));
    else if (kind < 0.45 && shown) this.accept(shown.text, shown.replacedTail);
    else if (kind < 0.5 && shown) this.accept(shown.text.slice(0, 1 + this.below(shown.text.length)), 0);
    else if (kind < 0.6 && cursor > 0) this.edit({ offset: cursor - 1, deleted: 1, inserted: "" }, cursor - 1);
    else if (kind < 0.63) this.ask("invoke");
    else if (kind < 0.85) this.work();
    else await this.clock.advance(this.pick([1, 50, 60, 150, 1200]));
    if (this.random.happens(0.7)) await settled();
  }

  /** Nothing is typed any more, and the engine comes to its end. */
  async end(): Promise<void> {
    await this.clock.advance(200);
    for (let left = 100; left > 0 && this.asked.size > 0; left--) {
      this.work();
      await this.clock.advance(100);
    }
    assert.deepEqual(this.unsaid, [], "what is shown has been said");
    assert.equal(this.asked.size, 0, "each request ends");
    assert.equal(this.openQuestions, 0, "each question is answered");
  }

  private type(key: string): void {
    const { cursor } = this;
    const pair = this.random.happens(0.8) ? PAIRS[key] : undefined;
    const isTypedOver = this.text[cursor] === key && /[)}]/.test(key) && this.random.happens(0.5);
    const isBetween = Object.values(PAIRS).includes(this.text.slice(cursor - 1, cursor + 1));
    const lines = key === "\n" && isBetween && this.random.happens(0.8) ? "\n\n" : undefined;
    const edit = { offset: cursor, deleted: isTypedOver ? 1 : 0, inserted: pair ?? lines ?? key };
    this.edit(edit, cursor + 1);
    if (cursorAfterKey([edit]) !== undefined) this.ghostText.keyTyped(this.questionFor("automatic"));
  }

  private accept(inserted: string, deleted: number): void {
    this.edit({ offset: this.cursor, deleted, inserted }, this.cursor + inserted.length);
  }

  private edit(edit: TextEdit, cursor: number): void {
    this.text = applyEdit(this.text, edit);
    this.cursor = cursor;
    this.version++;
    this.shown = undefined;
    this.ghostText.documentChanged(URI, this.version, [edit]);
    this.question.abort();
    this.cancelQuestion();
    this.cancelQuestion = this.clock.after(50, () => this.ask("automatic"));
  }

  private ask(trigger: "automatic" | "invoke"): void {
    this.question.abort();
    this.question = new AbortController();
    const { signal } = this.question;
    this.openQuestions++;
    void Promise.resolve(this.ghostText.complete(this.questionFor(trigger), signal)).then((suggestion) => {
      this.openQuestions--;
      if (!signal.aborted) this.show(suggestion);
    });
  }

  private show(suggestion: Suggestion | undefined): void {
    this.shown = suggestion;
    if (suggestion === undefined) return;
    const behind = this.text.slice(this.cursor + suggestion.replacedTail);
    const accepted = this.text.slice(0, this.cursor) + suggestion.text + behind;
    if (!this.said.has(comparable(accepted))) this.unsaid.push(accepted);
  }

  private questionFor(trigger: "automatic" | "invoke") {
    const { version, text, cursor } = this;
    return {
      ...{ trigger, mode: "automatic" as const, isEnabled: true, hasSelection: false },
      lineBefore: lineBefore(text.slice(0, cursor)),
      lineAfter: lineAfter(text.slice(cursor)),
      place: { uri: URI, version, offset: cursor },
      currentVersion: () => this.version,
      isMirrored: () => this.version === version,
    };
  }

  private complete(
    { version, offset, selected }: CompleteParams,
    signal: AbortSignal,
    onText: (text: string) => void,
  ): Promise<CompleteResult> {
    assert.equal(version, this.version, "only the present text is asked about");
    return new Promise((resolve) => {
      const around = [this.text.slice(0, offset) + (selected?.text ?? ""), this.text.slice(offset)] as const;
      const keys = Array.from({ length: 1 + this.below(4) }, () => this.pick(KEYS)).join("");
      const writes = CLOSER.test(around[1]) && this.random.happens(0.5) ? `\n${keys}\n` : keys;
      const settle = (result: CompleteResult) => {
        this.asked.delete(asked);
        resolve(result);
      };
      const asked: Asked = { writes: filtered(writes, around[1]), around, told: 0, onText, settle };
      this.asked.add(asked);
      signal.addEventListener("abort", () => settle({ type: "cancelled", reason: "by the caller" }), { once: true });
    });
  }

  /** The engine writes more of something, or ends it: with all of it, with less, or with nothing. */
  private work(): void {
    if (this.asked.size === 0) return;
    const asked = this.pick([...this.asked]);
    const { writes, around, told } = asked;
    const kind = this.random.next();
    if (kind < 0.5 && told < writes.length) {
      asked.told += 1 + this.below(writes.length - told);
      asked.onText(writes.slice(told, asked.told));
    } else if (kind < 0.9) {
      const text = this.random.happens(0.8) ? writes : writes[0]!;
      this.said.add(comparable(around[0] + text + around[1]));
      asked.settle(success(text));
    } else asked.settle({ type: "failed", message: "out of memory" });
  }

  private pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  private below(limit: number): number {
    return Math.floor(this.random.next() * limit);
  }
}

/** What the filters leave of it: the break before a closing bracket stays behind several lines. */
function filtered(writes: string, suffix: string): string {
  const text = writes.trimEnd();
  if (text === "") return "a";
  const keepsBreak = writes !== text && text.includes("\n") && CLOSER.test(suffix);
  return keepsBreak ? `${text}\n` : text;
}

/** Whether a closing bracket stands on a line of its own is for Enter between brackets to say, whatever an answer said. */
function comparable(text: string): string {
  return text.replace(/\n(?=[)}])/g, "");
}

describe("GhostText, whatever somebody does", () => {
  it("shows only what an answer has said for just this text, and lets nothing wait for ever", async () => {
    for (let seed = 1; seed <= 150; seed++) {
      const user = new RandomUser(seed);
      try {
        for (let step = 0; step < 60; step++) await user.step();
        await user.end();
      } catch (error) {
        throw new Error(`With the seed ${seed}`, { cause: error });
      }
    }
  });
});
