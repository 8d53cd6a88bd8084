// What the exact memory is worth where somebody writes in a long file, and how much of that comes from the file itself. At some
// places in each file eight lines are taken out, and each of their tokens is predicted after those before it: by the model with
// its prompt alone, with a memory of the files beside it, too, and also with one of what the file says far above and below.
// Options: run.mjs.
//
// The repository is the file, and those of its kind in its folder. As in the editor, nothing is read of a file above 256 KiB but
// what is open. Each place takes about ten seconds.

import { copyFileSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { removeAtEnd } from "../../src/cli/endings";
import { formatTable } from "../../src/cli/eval/table";
import { openRepository } from "../../src/cli/openRepository";
import { FarMemory } from "../../src/engine/completion/farMemory";
import { forEachPrediction } from "../../src/engine/decoding/predictions";
import { Recall } from "../../src/engine/exactMemory/recall";
import { loadLanguageModel } from "../../src/engine/loadLanguageModel";
import type { LanguageModel } from "../../src/engine/model/languageModel";
import { undisturbed } from "../../src/engine/modelAccess";
import type { DocumentOffer } from "../../src/engine/repository/offer";
import { normalizeLineEnds } from "../../src/text/lines";
import { endOfLine, type Gap, promptBefore, randomBelow, withoutGap } from "./gap";
import { LineScore } from "./lineScore";

const GAP_LINES = 8;
const LONGEST_GAP = 160;
const CHUNK_TOKENS = 64;
/** Larger files are no neighbors: they would take most of the time. */
const MOST_NEIGHBOR_BYTES = 120_000;
/** With so much there are enough. */
const ENOUGH_NEIGHBOR_BYTES = 300_000;
/** Gaps lie in this part of the file, so that there is much above and below most of them. */
const GAPS_FROM = 0.25;
const GAPS_PART = 0.7;

async function main(): Promise<void> {
  const { values, positionals: files } = parseArgs({
    allowPositionals: true,
    options: { places: { type: "string", default: "3" }, threads: { type: "string", default: "0" } },
  });
  if (files.length === 0) throw new Error("Name the files to measure.");
  const lm = await loadLanguageModel("models/griffin-code-small", { threads: Number(values.threads) });
  const scores: Scores = { model: new LineScore(), repository: new LineScore(), far: new LineScore() };
  for (const file of files) {
    await inRepositoryOf(lm, file, async (offerAt) => {
      const text = textOf(file);
      for (const gap of gapsIn(text, Number(values.places))) {
        await measure(lm, await offerAt(withoutGap(text, gap)), text, gap, scores);
      }
    });
    console.log(`${basename(file)}: ${scores.far.tokens} tokens so far`);
  }
  console.log(tableOf(scores));
  await lm.model.dispose();
}

/** By what is known beside the prompt. */
type Scores = Readonly<Record<"model" | "repository" | "far", LineScore>>;

/** Calls `use` with a function that says what the repository offers for the file, where that has some text in the editor. */
async function inRepositoryOf(
  lm: LanguageModel,
  file: string,
  use: (offerAt: (openText: string) => Promise<DocumentOffer>) => Promise<void>,
): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "griffin-long-files-")));
  const forget = removeAtEnd(folder);
  try {
    for (const path of [file, ...neighborsOf(file)]) copyFileSync(path, join(folder, basename(path)));
    const repository = await openRepository(lm, { folder, maxTokens: 0 });
    const uri = pathToFileURL(join(folder, basename(file))).href;
    await use(async (openText) => {
      await repository.useOpenText(uri, openText);
      return repository.offerFor(uri)!;
    });
    repository.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
    forget();
  }
}

function neighborsOf(file: string): string[] {
  const neighbors: string[] = [];
  let bytes = 0;
  for (const name of readdirSync(dirname(file))) {
    const path = join(dirname(file), name);
    if (name === basename(file) || extname(name) !== extname(file)) continue;
    const found = statSync(path);
    if (!found.isFile() || found.size > MOST_NEIGHBOR_BYTES) continue;
    neighbors.push(path);
    bytes += found.size;
    if (bytes > ENOUGH_NEIGHBOR_BYTES) break;
  }
  return neighbors;
}

function textOf(file: string): string {
  return normalizeLineEnds(readFileSync(file, "utf8"));
}

/** One in each part of the file, at the beginning of a word that is neither its line's first nor its last; none in comments. */
function gapsIn(text: string, count: number): Gap[] {
  const below = randomBelow(1 + text.length);
  const gaps: Gap[] = [];
  for (let part = 0; part < count; part++) {
    const from = text.length * (GAPS_FROM + (GAPS_PART * part) / count);
    for (let tries = 0; tries < 50; tries++) {
      const near = Math.floor(from + below(Math.floor((text.length * GAPS_PART) / count)));
      const lineStart = text.lastIndexOf("\n", near) + 1;
      let end = endOfLine(text, near);
      const line = text.slice(lineStart, end);
      const words = [...line.matchAll(/\w+/g)];
      if (/^\s*(\/\/|#|\*|\/\*)/.test(line) || words.length < 3) continue;
      const cursor = lineStart + words[1 + below(words.length - 2)]!.index;
      for (let i = 1; i < GAP_LINES; i++) end = endOfLine(text, Math.min(text.length, end + 1));
      gaps.push({ lineStart, cursor, end });
      break;
    }
  }
  return gaps;
}

/** Adds what is predicted of the gap's tokens to the scores. */
async function measure(lm: LanguageModel, offer: DocumentOffer, text: string, gap: Gap, scores: Scores): Promise<void> {
  const { live, base, tokens, first, after } = await promptBefore(lm, offer, offer.path!, text, gap, LONGEST_GAP);
  const farMemory = new FarMemory(lm);
  await farMemory.remember(live, undisturbed);
  const context = tokens.slice(0, first);
  const known = { memory: offer.memory!, context, after, exclude: offer.path };
  const measured = [
    { score: scores.model, recall: new Recall({ context }) },
    { score: scores.repository, recall: new Recall(known) },
    { score: scores.far, recall: new Recall({ ...known, far: farMemory.of(live) }) },
  ];
  for (const { score } of measured) score.move();
  await forEachPrediction(lm.model, base, tokens, first, CHUNK_TOKENS, undisturbed, (logits, token) => {
    const piece = lm.tokenizer.decode([token]);
    for (const { score, recall } of measured) {
      score.add(piece, recall.bits(logits, token), recall.pick(logits) === token);
      recall.push(token);
    }
  });
}

function tableOf({ model, repository, far }: Scores): string {
  const won = far.lines.filter((isRight, i) => isRight && !repository.lines[i]).length;
  const lost = far.lines.filter((isRight, i) => !isRight && repository.lines[i]).length;
  return formatTable(
    ["", "bits a token", "tokens", "lines exactly as written", "characters of a line before the first error"],
    [
      ["the model and related code", ...cellsOf(model, ` of ${model.lines.length}`)],
      ["with a memory of the files beside it, too", ...cellsOf(repository)],
      ["and of what is far above and below", ...cellsOf(far, ` (${won} won, ${lost} lost)`)],
    ],
  );
}

function cellsOf(score: LineScore, onLines = ""): string[] {
  const percent = (part: number, all: number) => `${((100 * part) / all).toFixed(1)} %`;
  return [
    (score.bits / score.tokens).toFixed(3),
    percent(score.rightTokens, score.tokens),
    `${score.lines.filter(Boolean).length}${onLines}`,
    percent(score.rightCharacters, score.characters),
  ];
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
