// Which files in a folder of states are there for some workspace folders: by what states say of themselves, and by which were
// used last.

import { join } from "node:path";
import { type Files, parseUnfinished } from "../../machine/wholeFile";
import { folderMark, keyAfter } from "./keys";
import { isPointerName, LatestPointers, ownerOf, pointerName } from "./latestPointers";
import { readOpened } from "./openedFile";
import { type Header, readHeader } from "./stateFile";

/**
 * Of `names`, which are all the store's, what was read for one of `workspaceFolders` with any model, or was used there. A state
 * whose header cannot be read may have been.
 */
export async function ownFiles(
  names: readonly string[],
  workspaceFolders: readonly string[],
  { folder, files }: { readonly folder: string; readonly files: Files },
): Promise<string[]> {
  const headers = new Map<string, Header | undefined>();
  for (const name of names.filter((name) => !isPointerName(finishedName(name)))) {
    headers.set(name, await readOpened(files, join(folder, name), readHeader).catch(() => undefined));
  }
  const models = new Set([...headers.values()].flatMap((header) => (header ? [header.modelKey] : [])));
  const owners = [...models].flatMap((model) => workspaceFolders.map((path) => ownerOf(model, path)));
  const pointers = new LatestPointers(folder, files);
  const used = new Set((await Promise.all(owners.map((owner) => pointers.read(owner)))).flat());
  const marks = new Set<string | undefined>(workspaceFolders.map(folderMark));
  const ownPointers = new Set(owners.map(pointerName));
  return names.filter((name) => {
    if (!headers.has(name)) return ownPointers.has(finishedName(name));
    const header = headers.get(name);
    return header === undefined || marks.has(header.folder) || used.has(keyAfter(header.modelKey, header.chain));
  });
}

function finishedName(name: string): string {
  return parseUnfinished(name)?.finished ?? name;
}
