// What a question is answered from, whoever answers it: what is gathered for it, and what was said before as far as it may
// be told.

import { type ChatQuestion, type ChatTurn, distinctFiles, type FolderFile, fileKey } from "../../protocol/engine";
import { isForbidden } from "../files/refusal";
import type { ReadableFolder } from "../repository/readableFolder";
import { type GatheredSources, gatherSources, type SourceNeeds, type SourceRoom } from "./sources";

export interface Grounds extends GatheredSources {
  /** Oldest first; the last one is the question. */
  readonly turns: readonly ChatTurn[];
}

export async function groundsOf(asked: ChatQuestion, needs: SourceNeeds, room: SourceRoom): Promise<Grounds> {
  const gathered = await gatherSources(asked, needs, room);
  return { ...gathered, turns: await allowedTurns(asked.turns, needs.folders) };
}

/** Without the answers that drew on what may not be read any more, without all after them, and without their questions. */
export async function allowedTurns(
  turns: readonly ChatTurn[],
  folders: readonly ReadableFolder[],
): Promise<readonly ChatTurn[]> {
  const files = distinctFiles(turns.flatMap(({ drewOn = [] }) => drewOn));
  const forbidden = await forbiddenFiles(files, folders);
  const first = turns.findIndex(({ drewOn = [] }) => drewOn.some((file) => forbidden.has(fileKey(file))));
  if (first < 0) return turns;
  const withItsQuestion = turns.slice(0, first);
  return [...withItsQuestion.slice(0, -1), ...turns.slice(-1)];
}

/**
 * @returns their `fileKey`s. Those of a disk that does not answer are among them: nobody knows what may be told of them now.
 */
async function forbiddenFiles(files: readonly FolderFile[], folders: readonly ReadableFolder[]): Promise<Set<string>> {
  const verdicts = await Promise.all(
    files.map(async ({ folder, path }) => {
      const readable = folders.find((one) => one.path === folder);
      // A folder that is not read any more is forbidden as a whole.
      return readable === undefined || isForbidden(await readable.refusal(path));
    }),
  );
  return new Set(files.filter((_, index) => verdicts[index]).map(fileKey));
}
