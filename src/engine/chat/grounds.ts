// What a question is answered from, whoever answers it: what is gathered for it, and what was said before as far as it may
// be told.

import {
  type ChatQuestion,
  type ChatTurn,
  type DrawnFile,
  distinctFiles,
  drawnFiles,
  fileKey,
  type WithheldAnswers,
} from "../../protocol/engine";
import { isForbidden, isPassing } from "../files/refusal";
import {
  type GatheredSources,
  gatherSources,
  type Judges,
  refusalOf,
  type SourceNeeds,
  type SourceRoom,
} from "./sources";

export interface Grounds extends GatheredSources, ToldTurns {}

export interface ToldTurns {
  /** Oldest first; the last one is the question. */
  readonly turns: readonly ChatTurn[];
  readonly withheld?: WithheldAnswers | undefined;
}

export async function groundsOf(asked: ChatQuestion, needs: SourceNeeds, room: SourceRoom): Promise<Grounds> {
  // At once: by the time that all is gathered, a folder may be read that `needs` does not name, and would seem forbidden.
  const telling = toldTurns(asked.turns, needs);
  const [gathered, told] = await Promise.all([gatherSources(asked, needs, room), telling]);
  return { ...gathered, ...told };
}

/** What of it may still be told: while a question waits for its turn, files of its folders may become forbidden. */
export async function stillTold(
  { turns, sources }: Pick<Grounds, "turns" | "sources">,
  judges: Judges,
): Promise<Pick<Grounds, "turns" | "sources">> {
  const verdicts = await verdictsOn(drawnFiles(sources), judges);
  const told = sources.filter((source) => !drawnFiles([source]).some((file) => verdicts.has(fileKey(file))));
  return { turns: (await toldTurns(turns, judges)).turns, sources: told };
}

/** Without the answers that drew on what may not be read any more, without all after them, and without their questions. */
export async function toldTurns(turns: readonly ChatTurn[], judges: Judges): Promise<ToldTurns> {
  const files = turns.flatMap(({ drewOn = [] }) => drewOn);
  const verdicts = await verdictsOn(files, judges);
  const first = turns.findIndex(({ drewOn = [] }) => drewOn.some((file) => verdicts.has(fileKey(file))));
  if (first < 0) return { turns };
  const told = turns.slice(0, first).slice(0, -1);
  const { length: count } = turns.slice(first).filter(({ role }) => role === "model");
  const isForGood = [...verdicts.values()].includes("forbidden");
  return { turns: [...told, ...turns.slice(-1)], withheld: { count, isForGood } };
}

type Verdict = "forbidden" | "unknown";

/** By `fileKey`, of those that may not be told. */
async function verdictsOn(files: readonly DrawnFile[], judges: Judges): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = await Promise.all(
    distinctFiles(files).map(async (file) => [fileKey(file), await verdictOn(file, judges)] as const),
  );
  return new Map(verdicts.filter((entry): entry is [string, Verdict] => entry[1] !== undefined));
}

async function verdictOn(file: DrawnFile, judges: Judges): Promise<Verdict | undefined> {
  const refusal = await refusalOf(file, judges);
  if (refusal === "unsure") return "unknown";
  // A folder that is not read any more is forbidden as a whole, but for what the user has selected in it.
  const isRead = judges.folders.some(({ path }) => path === file.folder);
  if (!isRead && !file.isSelected) return "forbidden";
  if (refusal === undefined || !isForbidden(refusal)) return undefined;
  // Of a disk that does not answer nobody knows what may be told now.
  return isPassing(refusal) ? "unknown" : "forbidden";
}
