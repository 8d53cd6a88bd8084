// The commands that measure, with a tiny model: that they print all their rows. What the rows say depends on the machine.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { measureTyping } from "../../src/cli/bench/typing";
import type { ReplaySummary } from "../../src/cli/replay/summary";
import { formatEvent, formatHeader } from "../../src/text/recording";
import { TINY_MODEL } from "../support/engineHarness";
import { LineModel } from "../support/lineModel";
import { bundledTrained } from "../support/pupil";
import { useTemporaryFolder, writeFiles } from "../support/temporaryFolder";

/** @param edits what is typed, a second apart, each at the end of the text */
function recordingOf(file: string, text: string, edits: readonly string[]): string {
  const events = edits.map((inserted, index) => {
    const offset = text.length + edits.slice(0, index).join("").length;
    return { tMs: 1000 * (index + 1), edits: [{ offset, deleted: 0, inserted }], cursor: offset + inserted.length };
  });
  return formatHeader({ file, languageId: "python", text }) + events.map(formatEvent).join("");
}

function assertLines(printed: string, expected: readonly RegExp[]): void {
  const lines = printed.split("\n");
  assert.equal(lines.pop(), "");
  assert.equal(lines.length, expected.length, printed);
  for (const [index, line] of lines.entries()) assert.match(line, expected[index]!);
}

describe("the griffin command", () => {
  const folder = useTemporaryFolder("all tests");

  /** What it prints. */
  async function griffin(...args: string[]): Promise<string> {
    const all = [join("dist", "cli.js"), ...args, "--model", TINY_MODEL, "--threads", "1"];
    // What is measured is remembered there.
    const env = { ...process.env, XDG_CACHE_HOME: folder("cache") };
    return (await promisify(execFile)(process.execPath, all, { env })).stdout;
  }

  it("bench prints how the model starts, reads and writes, what it takes, and how soon its state and a suggestion come", async () => {
    assertLines(await griffin("bench", "--quick"), [
      /^tiny-griffin on \d+ × \S.*, Node \d+\.\d+\.\d+$/,
      /^The model runs with 1 thread and \d+ tokens at once.*\.$/,
      /^start {5}\d+ ms to the first logits$/,
      /^memory {4}\d+ MB resident after the start, \d+ MB at most$/,
      /^prefill +\d+ tok\/s from the beginning, \d+ tokens a run$/,
      /^prefill +\d+ tok\/s from token 256, \d+ tokens a run$/,
      /^decode {4}\d+\.\d ms a token at token 256$/,
      /^restore {3}\d+ ms for a state of \d+ kB, which has read 512 tokens; saved in \d+ ms$/,
      /^keystroke (?:\d+ ms to a suggestion, \d+ ms at the 95th percentile; \d of 9 keys got one|none of 9 keys got a suggestion)$/,
    ]);
  });

  it("bench has the same as one JSON object", async () => {
    const { model, ownChunk, prefillByChunk, byPosition, ...rest } = JSON.parse(
      await griffin("bench", "--quick", "--json"),
    );
    assert.equal(model, "tiny-griffin");
    assert.deepEqual([prefillByChunk.length, byPosition.length], [1, 1]);
    const [{ chunk, tokensPerSecond }] = prefillByChunk;
    const [{ position, prefillTokensPerSecond, decodeMs }] = byPosition;
    assert.deepEqual([chunk, position], [ownChunk, 256]);
    const { startMs, residentMb, peakMb, restoring, typing } = rest;
    const { tokens, bytes, saveMs, restoreMs } = restoring;
    assert.deepEqual([tokens, typing.keys], [512, 9]);
    const costs = [startMs, residentMb, peakMb, bytes, saveMs, restoreMs];
    for (const measured of [tokensPerSecond, prefillTokensPerSecond, decodeMs, ...costs])
      assert.ok(measured > 0, JSON.stringify(rest));
  });

  it("bench types, and tells how soon a suggestion came where there was one", async () => {
    const { tokenizer, about } = await bundledTrained(false);
    const lines = { "export function middle(from: Point, to: Point): Point {": 1 };
    const model = new LineModel(lines, tokenizer, about.architecture.vocabSize);
    const { keys, suggestions, msToSuggestion } = await measureTyping({ model, tokenizer, about }, 20);
    // The rest of the line after 20 and 40 keys; a line that is not known is not sure enough.
    assert.deepEqual([keys, suggestions], [5, 2]);
    assert.ok(0 < msToSuggestion.median && msToSuggestion.median <= msToSuggestion.p95);
  });

  it("bench --flat prints and draws what a token costs, from the first thousand to half a million", async () => {
    const row = (tokens: number, isRead: boolean) =>
      new RegExp(
        `^ *${tokens} tokens read {2}\\d+\\.\\d ms a token {2}\\d+ MB resident${isRead ? "$" : " {2}\\(the state moved there, not read\\)$"}`,
      );
    assertLines(await griffin("bench", "--flat", "--draw", folder("curves.svg")), [
      row(1_000, true),
      row(10_000, true),
      row(100_000, false),
      row(500_000, false),
      /^last to first: \d+\.\d{3} in time, \d+\.\d{3} in memory$/,
      /^last to 10000: \d+\.\d{3} in time, \d+\.\d{3} in memory$/,
    ]);
    assert.match(await readFile(folder("curves.svg"), "utf8"), /^<svg.*ms a token.*MB resident.*<\/svg>\n$/s);
  });

  it("replay prints what became of the keystrokes of each recording, and of all", async () => {
    await writeFiles(folder(), {
      "first.jsonl": recordingOf("a.py", "def area(width, height):\n    ", ["r", "eturn ", "width"]),
      "second.jsonl": recordingOf("b.py", "x = ", ["1\n", "y"]),
    });
    const recordings = [folder("first.jsonl"), folder("second.jsonl")];
    const table = (title: RegExp, keystrokes: number) => [
      title,
      new RegExp(`^ {2}keystrokes {13}${keystrokes}: \\d typed as suggested, .* \\d where nothing is asked$`),
      /^ {2}answered {15}\d+\.\d % of where something was to be asked; \d+\.\d % without a new request$/,
      /^ {2}tokens run {13}\d+\.\d a keystroke, .*; \d+\.\d of them for the time after acceptance$/,
      ...["replayed tokens", "reused tokens", "generated tokens", "prefill ms", "decode ms", "replayed, every key"].map(
        (name) => new RegExp(`^ {2}${name} +median +[\\d.]+ {3}p95 +[\\d.]+ {3}max +[\\d.]+$`),
      ),
    ];
    assertLines(await griffin("replay", ...recordings, "--patient"), [
      ...table(/first\.jsonl$/, 3),
      ...table(/second\.jsonl$/, 2),
      ...table(/^all 2 sessions$/, 5),
    ]);

    const { model, total, sessions } = JSON.parse(await griffin("replay", ...recordings, "--as", "800,15", "--json"));
    assert.equal(model, "tiny-griffin");
    assert.deepEqual(
      sessions.map(({ file, keystrokes }: ReplaySummary & { file: string }) => [file, keystrokes]),
      [
        [recordings[0], 3],
        [recordings[1], 2],
      ],
    );
    assert.equal(total.keystrokes, 5);
    // A run of one token takes 15 ms there, and one of more takes longer.
    assert.ok(total.prefillMs.max > 15 && total.replayed.max > 1, JSON.stringify(total));
  });
});
