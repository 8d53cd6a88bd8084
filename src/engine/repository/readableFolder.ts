// A workspace folder as questions see it: what may be searched, read and cited of it.

import type { WorkspaceFolder } from "../../protocol/engine";
import { readSource } from "../files/readSource";
import type { Refusal } from "../files/refusal";
import type { FolderReader } from "./folderReader";
import { FolderRefusals } from "./folderRefusals";
import type { FolderOffer } from "./offer";

export interface ReadableFolder extends WorkspaceFolder, Omit<FolderOffer, "memory"> {
  /** Files that may be read, as far as they are known by now. */
  paths(): Iterable<string>;
  /** The lines of such a file as they are known: when it was read last, or in the editor. */
  linesOf(path: string): readonly string[] | undefined;
  /** Such files whose path ends so. */
  endingWith(ending: string): readonly string[];
  /** Why this file may not be read; undefined when it may. The file need not exist. */
  refusal(path: string): Promise<Refusal | undefined>;
  /** The file as it is now; also data, which is not searched. */
  read(path: string): Promise<{ readonly text: string } | { readonly refused: Refusal }>;
}

export function readableFolder(reader: FolderReader, { memory: _, ...offer }: FolderOffer): ReadableFolder {
  const { folder, index } = reader;
  const refusals = new FolderRefusals(reader);
  return {
    ...folder,
    ...offer,
    paths: () => reader.paths,
    linesOf: (path) => index.snippets.linesOf(path),
    endingWith: (ending) => index.snippets.endingWith(ending),
    refusal: (path) => refusals.inTime(path),
    read: async (path) => {
      const refused = await refusals.inTime(path);
      if (refused !== undefined && refused !== "data") return { refused };
      const { root } = await refusals.rules();
      const source = await readSource(root, path, { evenData: true, encoding: folder.encoding });
      return "refused" in source ? { refused: source.refused } : { text: source.text };
    },
  };
}
