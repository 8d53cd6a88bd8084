// Recall is measured from states along one long reading. On models with real states: each answer is what a fresh run over
// everything that stands before the question gives, and a run that is cut short goes on with the very same numbers.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { measureStream } from "../../src/cli/eval/recall/measureStream";
import type { RecallResult } from "../../src/cli/eval/recall/results";
import { makeStream } from "../../src/cli/eval/recall/stream";
import { heal } from "../../src/engine/completion/tokenHealing";
import { bitsOf } from "../../src/engine/decoding/logits";
import { forEachPrediction } from "../../src/engine/decoding/predictions";
import { loadLanguageModel } from "../../src/engine/loadLanguageModel";
import { undisturbed } from "../../src/engine/modelAccess";
import { headerTokens } from "../../src/engine/repository/fileTokens";
import { assertClose } from "../support/assertClose";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { fillerFiles } from "../unit/cli/eval/recall/support";

const TINY = join("test", "fixtures", "tiny-griffin");

interface TinyTask {
  readonly id: string;
  readonly repo: string;
}

describe("recall on a tiny model", () => {
  const folder = useTemporaryFolder();

  it("asks from states that are those of a fresh run", async () => {
    const lm = await loadLanguageModel(TINY, { threads: 1 });
    const repositories = [fillerFiles("first", 2, 2_000)];
    const stream = await makeStream(lm, repositories, { seed: 1, facts: 3, spacing: 200, after: 901 });
    const results: RecallResult[] = [];
    const onResults = async (found: readonly RecallResult[]) => void results.push(...found);
    const options = { name: "t", distances: [100, 900], isKnown: () => false, onResults, goesOn: () => true };
    assert(await measureStream(lm, stream, options));
    for (const [index, { fact, start, end }] of stream.facts.entries()) {
      for (const distance of [0, 100, 900]) {
        const line = heal(await lm.tokenizer.encode(fact.question), lm.tokenizer.vocabulary);
        const wanted = await lm.tokenizer.encode(Buffer.from(line.wanted).toString() + fact.answer);
        const before = stream.tokens.slice(0, distance === 0 ? start : end + distance);
        const given = [...before, ...(await headerTokens(lm, fact.path)), ...line.tokens];
        let bits = 0;
        const tokens = [...given, ...wanted];
        await forEachPrediction(
          lm.model,
          lm.model.emptyState,
          tokens,
          given.length,
          64,
          undisturbed,
          (logits, token) => {
            bits += bitsOf(logits, token);
          },
        );
        const id = `t-${fact.kind}-${index + 1}-${distance}`;
        const found = results.find((result) => result.id === id && result.condition === "state")!;
        assertClose(found.bits, bits, 1e-3, `bits of ${id}`);
      }
    }
    await lm.model.dispose();
  });

  it("griffin eval --recall draws, and goes on where it was cut short", async () => {
    const repository = folder("repository.jsonl");
    const [results, drawing] = [folder("results.jsonl"), folder("curve.svg")];
    await writeFile(
      repository,
      fillerFiles("a", 3, 3_000)
        .map((file) => `${JSON.stringify(file)}\n`)
        .join(""),
    );
    const griffin = async (...more: string[]) => {
      const asked = ["--streams", "1", "--distances", "64,512", "--results", results, "--json", ...more];
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["dist/cli.js", "eval", "--recall", repository, "--model", TINY, ...asked],
        { maxBuffer: 1 << 24 },
      );
      return JSON.parse(stdout);
    };
    assert.deepEqual((await griffin("--minutes", "0")).results, []);
    const whole = await griffin("--draw", drawing);
    assert.equal(whole.distances.length, 9);
    assert.match(await readFile(drawing, "utf8"), /^<svg.*% exact.*bits a byte.*<\/svg>\n$/s);
    const lines = (await readFile(results, "utf8")).split("\n");
    await writeFile(results, lines.slice(0, 21).join("\n") + lines[21]!.slice(0, 9));
    const again = await griffin();
    const byId = (all: RecallResult[]) => new Map(all.map((result) => [result.id + result.condition, result]));
    assert.deepEqual(byId(again.results), byId(whole.results));
    assert.deepEqual([again.distances, again.positions], [whole.distances, whole.positions]);
    await assert.rejects(
      griffin("--distances", "64"),
      /has results of .* 64, 512 tokens back .*this run is of .* 64 tokens/,
    );
    await appendFile(repository, `${JSON.stringify(fillerFiles("b", 1, 3_000)[0])}\n`);
    await assert.rejects(griffin(), /has results of .* in the texts \w+, and this run is of .* Name another file/);
  });

  it("griffin eval --far compares a repository's state with none, by language", async () => {
    const task = ({ id, repo }: TinyTask) => {
      return { id, kind: "text", path: "live.js", prefix: "let ", suffix: "", expected: "v1_0 = 2;\n", repo };
    };
    const tasks = [task({ id: "go-text-1", repo: "a.jsonl" }), task({ id: "c-start-1", repo: "b.jsonl" })];
    const lines = (all: readonly object[]) => all.map((one) => `${JSON.stringify(one)}\n`).join("");
    await writeFile(folder("tasks.jsonl"), lines(tasks));
    for (const name of ["a", "b"]) await writeFile(folder(`${name}.jsonl`), lines(fillerFiles(name, 2, 600)));
    const asked = ["eval", folder("tasks.jsonl"), "--far", "--model", TINY, "--json"];
    const { stdout } = await promisify(execFile)(process.execPath, ["dist/cli.js", ...asked]);
    const { comparison, results, tokensBetween } = JSON.parse(stdout);
    const { architecture } = JSON.parse(await readFile(join(TINY, "model.json"), "utf8"));
    const windows = architecture.layers.map(({ window = 0 }: { window?: number }) => window);
    assert.equal(tokensBetween, Math.max(...windows) + 1);
    assert.deepEqual(comparison[0].conditions, ["none", "trunk", "trunk+memory"]);
    assert.deepEqual(
      comparison[0].rows.map(({ group }: { group: string }) => group),
      ["go", "c", "all"],
    );
    assert(results.every(({ bits }: { bits: number }) => bits > 0));
  });
});
