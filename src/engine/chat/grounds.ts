// What a question is answered from, whoever answers it: what is gathered for it, and what was said before as far as it may
// be told.

import { type ChatQuestion, type ChatTurn, type FolderFile, fileKey } from "../../protocol/engine";
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

/** Without the answers that drew on what may not be read any more, and without their questions. */
export async function allowedTurns(
  turns: readonly ChatTurn[],
  folders: readonly ReadableFolder[],
): Promise<ChatTurn[]> {
  const forbidden = await forbiddenFiles(filesOf(turns), folders);
  const allowed: ChatTurn[] = [];
  for (const turn of turns) {
    if (turn.drewOn?.some((file) => forbidden.has(fileKey(file)))) allowed.pop();
    else allowed.push(turn);
  }
  return allowed;
}

/** The files that turns drew on, each once. */
export function filesOf(turns: readonly ChatTurn[]): FolderFile[] {
  const files = turns.flatMap(({ drewOn = [] }) => drewOn);
  return [...new Map(files.map((file) => [fileKey(file), file])).values()];
}

/**
 * @returns their `fileKey`s. Each is looked at once, however many turns drew on it. Those of a disk that does not answer are among
 * them: nobody knows what may be told of them now.
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
