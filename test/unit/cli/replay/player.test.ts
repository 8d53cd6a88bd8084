import assert from "node:assert/strict";
import { type Keystroke, play } from "../../../../src/cli/replay/player";
import type { LanguageModel } from "../../../../src/engine/model/languageModel";
import type { ForwardResult, Model, TokenId } from "../../../../src/engine/model/model";
import { Tokenizer } from "../../../../src/engine/model/tokenizer";
import { headerTokens } from "../../../../src/engine/repository/fileTokens";
import type { RecordedEvent } from "../../../../src/text/recording";
import { FakeModel } from "../../../support/fakeModel";

/** One token a character of these, so that the counts below can be read off the text. */
const LETTERS = [..."abcdefghijklmnopqrstuvwxyz =.\n"];
const FILE = "a.txt";
const EOS = 1;
const BOS = 2;
const FIRST_LETTER = 4;

/** Writes `text`, character by character, whatever it has read; the place follows from the prompt's length. */
class Parrot implements Model {
  readonly #inner = new FakeModel();
  readonly architecture = this.#inner.architecture;
  readonly emptyState = this.#inner.emptyState;

  constructor(
    private readonly text: string,
    private readonly start: number,
  ) {}

  async forward(tokens: readonly TokenId[], state: ForwardResult["state"], rows: readonly number[]) {
    const result = await this.#inner.forward(tokens, state, rows);
    const { logits } = result;
    logits.fill(0);
    rows.forEach((row, index) => {
      const next = this.text[state.position + row + 1 - this.start];
      const token = next === undefined ? EOS : FIRST_LETTER + LETTERS.indexOf(next);
      logits[index * this.architecture.vocabSize + token] = 30;
    });
    return result;
  }

  async dispose(): Promise<void> {}
}

/** The model expects the whole file to become `text`. */
async function languageModel(text: string): Promise<LanguageModel> {
  const spellings = ["<pad>", "<eos>", "<bos>", "<unk>", ...LETTERS.map((letter) => letter.replace(" ", "\u2581"))];
  const tokenizer = Tokenizer.fromJson({
    version: "1.0",
    truncation: null,
    padding: null,
    normalizer: { type: "Replace", pattern: { String: " " }, content: "\u2581" },
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    added_tokens: [],
    model: {
      type: "BPE",
      byte_fallback: true,
      vocab: Object.fromEntries(spellings.map((spelling, id) => [spelling, id])),
      merges: [],
      unk_token: "<unk>",
    },
  } as never);
  const about = { tokens: { bos: BOS, eos: EOS, stop: [EOS] }, trained: {} } as unknown as LanguageModel["about"];
  const model = new FakeModel();
  const before = 1 + (await headerTokens({ model, tokenizer, about }, FILE)).length;
  return { model: new Parrot(text, before), tokenizer, about };
}

function typed(text: string, intervalMs: number, start = 0): RecordedEvent[] {
  return [...text].map((key, index) => ({
    tMs: (index + 1) * intervalMs,
    edits: [{ offset: start + index, deleted: 0, inserted: key }],
    cursor: start + index + 1,
  }));
}

/** `runMs`: how long a run of the model takes. */
async function outcomes(
  expected: string,
  initial: string,
  events: readonly RecordedEvent[],
  runMs = 0,
): Promise<Keystroke[]> {
  const header = { file: FILE, languageId: "text", text: initial };
  return play(await languageModel(expected), { header, events }, { runTime: () => runMs });
}

describe("playing a recording", () => {
  it("shows lines indented as the editor did, so that these are typed as shown", async () => {
    const header = { file: FILE, languageId: "text", indentUnit: "    ", text: "a" };
    const recording = { header, events: typed("\n    b", 400, 1) };
    const keystrokes = await play(await languageModel("a\n  b ="), recording, { runTime: () => 0 });
    assert.deepEqual(
      keystrokes.map(({ outcome }) => outcome),
      ["suggested", "shown", "shown", "shown", "shown", "shown"],
    );
  });

  it("asks the engine once and then shows the rest, as long as it is typed", async () => {
    const keystrokes = await outcomes("abc = d", "a", typed("bc =", 400, 1));
    assert.deepEqual(
      keystrokes.map(({ outcome }) => outcome),
      ["suggested", "shown", "shown", "shown"],
    );
    assert.deepEqual(
      keystrokes.slice(1).map(({ work }) => work.replayed),
      [0, 0, 0],
    );
  });

  it("asks again when something else is typed, and runs only what is new", async () => {
    const initial = "first line\nsecond line\n";
    const keystrokes = await outcomes(`${initial}abc`, initial, typed("a x y", 400, initial.length));
    assert.deepEqual(
      keystrokes.map(({ outcome }) => outcome === "shown"),
      [false, false, false, false, false],
    );
    assert.equal(keystrokes[0]!.work.replayed + keystrokes[0]!.readAhead > initial.length, true);
    for (const { work } of keystrokes.slice(2)) assert.ok(work.replayed <= 3, `${work.replayed} tokens were run again`);
  });

  it("does not ask while the next key comes faster than the editor asks", async () => {
    const keystrokes = await outcomes("nothing", "", typed("abc", 40));
    assert.deepEqual(
      keystrokes.slice(0, 2).map(({ outcome }) => outcome),
      ["superseded", "superseded"],
    );
    assert.notEqual(keystrokes[2]!.outcome, "superseded");
  });

  it("does not ask inside a word", async () => {
    const keystrokes = await outcomes("nothing", "word", typed("a", 400, 2));
    assert.equal(keystrokes[0]!.outcome, "skipped");
  });

  it("lets a slow engine go on while the user types what it writes", async () => {
    const keystrokes = await outcomes("abcdefghij", "a", typed("bcdefg", 200, 1), 40);
    assert.deepEqual(
      keystrokes.map(({ outcome }) => outcome),
      ["cancelled", "superseded", "inFlight", "shown", "shown", "shown"],
    );
    assert.equal(keystrokes[0]!.work.generated > 6, true);
    for (const { work } of keystrokes.slice(1)) assert.equal(work.replayed, 0);
  });

  it("cancels a slow engine when the user types something else", async () => {
    const keystrokes = await outcomes("abcdefghij", "a", typed("bxy", 200, 1), 40);
    assert.equal(keystrokes[0]!.outcome, "cancelled");
    assert.ok(keystrokes[0]!.work.generated < 5, "it wrote on");
    assert.ok(keystrokes[1]!.work.replayed > 0);
  });

  it("gives the same figures however fast the machine is", async () => {
    const play = () => outcomes("abcdefghij", "a", typed("bcxdeyf", 130, 1), 30);
    const figures = (keystrokes: readonly Keystroke[]) =>
      keystrokes.map(({ outcome, work: { prefillMs: _, decodeMs: __, ...counts }, ahead }) => [outcome, counts, ahead]);
    assert.deepEqual(figures(await play()), figures(await play()));
  });

  it("reads ahead where the cursor rests", async () => {
    const move: RecordedEvent = { tMs: 10, edits: [], cursor: 6 };
    const [keystroke] = await outcomes("nothing", "abcdef", [move, ...typed("x", 900, 6)]);
    assert.ok(keystroke!.work.reused > 0);
  });

  it("writes ahead until the cursor rests elsewhere", async () => {
    const letters = LETTERS.slice(0, 26);
    const expected = letters.join("") + letters.reverse().join("");
    const ahead = async (cursor: number) => {
      const moves = [1900, 20_000].map((tMs): RecordedEvent => ({ tMs, edits: [], cursor }));
      const [keystroke] = await outcomes(expected, "a", [...typed("b", 200, 1), ...moves], 50);
      return keystroke!.ahead;
    };
    const [here, elsewhere] = [await ahead(2), await ahead(0)];
    assert.ok(0 < elsewhere && elsewhere < here, `${elsewhere} and ${here} tokens were run`);
  });
});
