// griffin eval --recall: what a model still knows of what it has read, by how long ago that was.

import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadLanguageModel } from "../engine/loadLanguageModel";
import { hashOf } from "./eval/hash";
import { Journal } from "./eval/journal";
import { modelOf } from "./eval/modelOf";
import { measureStream } from "./eval/recall/measureStream";
import { drawRecall, formatRecall, summarizeRecall } from "./eval/recall/report";
import { CONDITIONS, type RecallResult } from "./eval/recall/results";
import { makeStream } from "./eval/recall/stream";
import { parseRepo } from "./eval/tasks";
import { parseInput } from "./readable";
import { tell } from "./tell";
import { checkFile } from "./writable";

export interface RecallOptions {
  readonly model: string;
  readonly threads: number;
  readonly distances: readonly number[];
  readonly streams: number;
  readonly minutes?: number;
  readonly results?: string;
  readonly draw?: string;
  readonly json?: boolean;
}

export const RECALL_DISTANCES = [256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536];
export const RECALL_STREAMS = 3;
/** Facts of each stream: four of a kind. */
const FACTS = 12;
/** Tokens from one fact to the next: they are told apart, and the last one soon enough. */
const SPACING = 320;
/** Facts are written as in these files; a stream begins with a repository that has them. */
const FIRST_FILES = /\.(py|[cm]?[jt]s)$/;
/** The committed packages that no model of ours was trained on. */
const REPOSITORIES = join(__dirname, "..", "test", "tasks", "repos");

/** @param files repositories, one JSON object a line for each file; none are this project's own */
export async function evaluateRecall(files: readonly string[], options: RecallOptions): Promise<void> {
  const { distances, streams, minutes, draw, json } = options;
  const repositories = await Promise.all(
    (files.length > 0 ? files : await ownRepositories()).map((file) => parseInput(file, parseRepo)),
  );
  const firsts = repositories.filter(([file]) => file !== undefined && FIRST_FILES.test(file.path));
  if (firsts.length < streams) {
    throw new Error(
      `--streams ${streams} needs as many repositories of Python, JavaScript or TypeScript to begin a text with, and there are ` +
        `${firsts.length}. Name more repositories, or lower --streams.`,
    );
  }
  await checkFile(options.results);
  await checkFile(draw);
  const deadline = minutes === undefined ? Infinity : performance.now() + minutes * 60_000;
  const lm = await loadLanguageModel(options.model, { threads: options.threads });
  const asked = `${distances.toSorted((a, b) => a - b).join(", ")} tokens back in the texts ${hashOf(repositories)}`;
  const journal = await Journal.open<RecallResult>(options.results, `${modelOf(lm)}, ${asked}`);
  for (const [index, first] of firsts.slice(0, streams).entries()) {
    const name = `recall-${index + 1}`;
    const at = repositories.indexOf(first);
    const inOrder = [...repositories.slice(at), ...repositories.slice(0, at)];
    const after = Math.max(...distances) + 1;
    const stream = await makeStream(lm, inOrder, { seed: index + 1, facts: FACTS, spacing: SPACING, after });
    const isDone = await measureStream(lm, stream, {
      name,
      distances,
      isKnown: (id) => journal.of(id).length >= CONDITIONS.length,
      onResults: (results) => {
        const isNew = ({ id, condition }: RecallResult) =>
          journal.of(id).every((known) => known.condition !== condition);
        return journal.add(results.filter(isNew));
      },
      goesOn: (read, total) => {
        tell(`text ${index + 1} of ${streams}: ${read} of ${total} tokens read`);
        return performance.now() < deadline;
      },
    });
    if (!isDone) break;
  }
  tell("");
  await lm.model.dispose();
  const summary = summarizeRecall(journal.all);
  const whole = { model: lm.about.name, ...summary, results: journal.all };
  process.stdout.write(json ? `${JSON.stringify(whole)}\n` : formatRecall(summary));
  if (draw !== undefined) await writeFile(draw, drawRecall(lm.about.displayName, summary));
}

async function ownRepositories(): Promise<string[]> {
  const names = await readdir(REPOSITORIES).catch(() => []);
  if (names.length === 0) {
    throw new Error(
      "The texts to read are in test/tasks/repos of the source code, which is not here. Name files in that form, or run this from a clone.",
    );
  }
  return names.sort().map((name) => join(REPOSITORIES, name));
}
