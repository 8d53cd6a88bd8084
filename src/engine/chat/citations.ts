// Which of the places that an answer names are there: a file that may be read, and as many lines.

import type { ChatCitation } from "../../protocol/engine";
import { type CitedPlace, findCitations } from "../../text/citations";
import type { ReadableFolder } from "../repository/readableFolder";

/** In the order of the text. What does not exist, may not be read, or may be one of several files, is left out. */
export function checkCitations(answer: string, folders: readonly ReadableFolder[]): ChatCitation[] {
  return findCitations(answer).flatMap((cited) => {
    const places = placesOf(cited, folders);
    if (places.length !== 1) return [];
    const { folder, path } = places[0]!;
    const lines = folder.linesOf(path)?.length ?? 0;
    if (cited.endLine > lines) return [];
    return [{ ...cited, folder: folder.path, path }];
  });
}

interface Place {
  readonly folder: ReadableFolder;
  readonly path: string;
}

/** A path means itself; else the files that end so, for an answer that leaves folders out. */
function placesOf({ path }: CitedPlace, folders: readonly ReadableFolder[]): Place[] {
  const exact = folders.flatMap((folder) => {
    const own = `${folder.name}/`;
    const paths = [path, ...(folders.length > 1 && path.startsWith(own) ? [path.slice(own.length)] : [])];
    return paths.filter((one) => folder.linesOf(one) !== undefined).map((one) => ({ folder, path: one }));
  });
  if (exact.length > 0) return exact;
  return folders.flatMap((folder) => folder.endingWith(path).map((one) => ({ folder, path: one })));
}
