// Workspace folders without a disk, as questions see them.

import type { Refusal } from "../../../../../src/engine/files/refusal";
import type { ReadableFolder } from "../../../../../src/engine/repository/readableFolder";
import { SnippetIndex } from "../../../../../src/engine/snippets/snippetIndex";

/**
 * @param files path → text
 * @param refused path → why it may not be read; such a file is not indexed
 */
export async function folderOf(
  path: string,
  files: Readonly<Record<string, string>>,
  refused: Readonly<Record<string, Refusal>> = {},
): Promise<ReadableFolder> {
  const index = new SnippetIndex();
  for (const [file, text] of Object.entries(files)) if (!(file in refused)) await index.update(file, text);
  return {
    name: path.slice(path.lastIndexOf("/") + 1),
    path,
    snippets: index,
    paths: () => Object.keys(files).filter((file) => !(file in refused)),
    linesOf: (file) => index.linesOf(file),
    endingWith: (ending) => index.endingWith(ending),
    refusal: async (file) => refused[file],
    read: async (file) => {
      if (file in refused && refused[file] !== "data") return { refused: refused[file]! };
      return file in files ? { text: files[file]! } : { refused: "gone" };
    },
  };
}
