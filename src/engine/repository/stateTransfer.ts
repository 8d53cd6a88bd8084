// A folder's state as a file that people pass on: taken over from elsewhere, and written for elsewhere. What fails is told
// in a sentence for the user.

import type { ImportedState } from "../../protocol/engine";
import { isPassing, type Refusal } from "../files/refusal";
import { someAtOnce } from "../files/someAtOnce";
import type { ChainLink } from "../stateStore/keys";
import type { StateStore } from "../stateStore/stateStore";
import type { FolderReader } from "./folderReader";
import { FolderRefusals } from "./folderRefusals";

/**
 * The reader goes on from the state in `file`.
 * @param store  where states are kept, if they are
 * @param reader  of the folder, if it is read
 */
export async function importState(
  store: StateStore | undefined,
  reader: FolderReader | undefined,
  file: string,
): Promise<ImportedState> {
  if (reader === undefined || store === undefined) {
    throw new Error(
      "States are not kept for this folder. Turn `griffin.repository.read` on, and set " +
        "`griffin.repository.diskMegabytes` above 0.",
    );
  }
  const refuse = (chain: readonly ChainLink[]) => refuseForbidden(reader, chain);
  const letGo = await reader.hold();
  try {
    const { chain, state } = await store.importFile(reader.folder.path, file, refuse);
    reader.startAnew();
    return { files: chain.length, tokens: state.position };
  } finally {
    letGo();
  }
}

/** Writes the folder's latest state to `file`. @param reader of the folder, if it is read just now */
export async function exportState(
  store: StateStore | undefined,
  reader: FolderReader | undefined,
  folder: string,
  file: string,
): Promise<void> {
  const key = await store?.latest(folder);
  if (store === undefined || key === undefined) {
    throw new Error(`There is no saved state of ${folder}. Read it first, with --state.`);
  }
  if (reader !== undefined && reader.trunk.key !== key) {
    throw new Error(`What was read of ${folder} last is not saved. Is there room on the disk? Then read it again.`);
  }
  await store.exportFile(key, file);
}

/** A state that has read what is forbidden here would be thrown away when it is restored. */
async function refuseForbidden(reader: FolderReader, chain: readonly ChainLink[]): Promise<void> {
  const refusals = new FolderRefusals(reader);
  const refusalOf = async (link: ChainLink): Promise<Refusal | undefined> => {
    if (reader.index.get(link.path) !== undefined) return undefined;
    return reader.index.isSecret(link) ? "secretText" : refusals.of(link.path);
  };
  const found = await someAtOnce(chain, refusalOf, undefined);
  const those = (isMeant: (refusal: Refusal) => boolean) =>
    chain.filter((_, index) => found[index] !== undefined && isMeant(found[index]));
  const [first, ...others] = those((refusal) => !isPassing(refusal));
  const [unclear] = those(isPassing);
  if (first === undefined && unclear !== undefined) {
    throw new Error(
      `It cannot be told just now whether ${unclear.path}, which the state has read, may be read here: the file or an ignore ` +
        "file cannot be opened, or git is not responding. Import the state again later.",
    );
  }
  if (first === undefined) return;
  throw new Error(
    others.length === 0
      ? `The state has read ${first.path}, which may not be read here. Make it again without that file.`
      : `The state has read ${first.path} and ${others.length} more that may not be read here. Make it again without those files.`,
  );
}
