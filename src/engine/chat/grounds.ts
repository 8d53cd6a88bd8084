// What a question is answered from, whoever answers it: what is gathered for it, and what was said before as far as it may
// be told.

import {
  type ChatQuestion,
  type ChatSource,
  type ChatTurn,
  distinctFiles,
  type FolderFile,
  fileKey,
  type WithheldAnswers,
} from "../../protocol/engine";
import { isForbidden, isPassing } from "../files/refusal";
import type { ReadableFolder } from "../repository/readableFolder";
import { type GatheredSources, gatherSources, type SourceNeeds, type SourceRoom } from "./sources";

export interface Grounds extends GatheredSources, ToldTurns {}

export interface ToldTurns {
  /** Oldest first; the last one is the question. */
  readonly turns: readonly ChatTurn[];
  readonly withheld?: WithheldAnswers | undefined;
}

export async function groundsOf(asked: ChatQuestion, needs: SourceNeeds, room: SourceRoom): Promise<Grounds> {
  const gathered = await gatherSources(asked, needs, room);
  return { ...gathered, ...(await toldTurns(asked.turns, needs.folders)) };
}

/** What of it may still be told: while a question waits for its turn, files of its folders may become forbidden. */
export async function stillTold(
  { turns, sources }: Pick<Grounds, "turns" | "sources">,
  folders: readonly ReadableFolder[],
): Promise<Pick<Grounds, "turns" | "sources">> {
  const fileOf = ({ folder, path }: ChatSource) =>
    folder !== undefined && folders.some((one) => one.path === folder) ? { folder, path } : undefined;
  const files = sources.map(fileOf).filter((file) => file !== undefined);
  const verdicts = await verdictsOn(distinctFiles(files), folders);
  const isTold = (source: ChatSource) => {
    const file = fileOf(source);
    return file === undefined || !verdicts.has(fileKey(file));
  };
  return { turns: (await toldTurns(turns, folders)).turns, sources: sources.filter(isTold) };
}

/** Without the answers that drew on what may not be read any more, without all after them, and without their questions. */
export async function toldTurns(turns: readonly ChatTurn[], folders: readonly ReadableFolder[]): Promise<ToldTurns> {
  const files = distinctFiles(turns.flatMap(({ drewOn = [] }) => drewOn));
  const verdicts = await verdictsOn(files, folders);
  const first = turns.findIndex(({ drewOn = [] }) => drewOn.some((file) => verdicts.has(fileKey(file))));
  if (first < 0) return { turns };
  const told = turns.slice(0, first).slice(0, -1);
  const { length: count } = turns.slice(first).filter(({ role }) => role === "model");
  const isForGood = [...verdicts.values()].includes("forbidden");
  return { turns: [...told, ...turns.slice(-1)], withheld: { count, isForGood } };
}

type Verdict = "forbidden" | "unknown";

/** By `fileKey`, of those that may not be told. Of a disk that does not answer nobody knows what may be told now. */
async function verdictsOn(
  files: readonly FolderFile[],
  folders: readonly ReadableFolder[],
): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = await Promise.all(
    files.map(async (file) => [fileKey(file), await verdictOn(file, folders)] as const),
  );
  return new Map(verdicts.filter((entry): entry is [string, Verdict] => entry[1] !== undefined));
}

async function verdictOn(
  { folder, path }: FolderFile,
  folders: readonly ReadableFolder[],
): Promise<Verdict | undefined> {
  const readable = folders.find((one) => one.path === folder);
  // A folder that is not read any more is forbidden as a whole.
  if (readable === undefined) return "forbidden";
  const refusal = await readable.refusal(path);
  if (refusal === undefined || !isForbidden(refusal)) return undefined;
  return isPassing(refusal) ? "unknown" : "forbidden";
}
