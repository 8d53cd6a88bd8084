// A notebook's code cells, one after the other, as the editor's mirror joins them (extension/documents/notebookSource.ts): without
// what they have put out, which is most of the file, and without prose.

import { normalizeLineEnds } from "../../text/lines";
import { CELL_SEPARATOR } from "../../text/notebookCells";

export function isNotebook(path: string): boolean {
  return /\.ipynb$/i.test(path);
}

/** Undefined for what is no notebook. */
export function notebookCode(json: string): string | undefined {
  try {
    const { cells } = JSON.parse(json) as { readonly cells: readonly Cell[] };
    const code = cells.filter(({ cell_type }) => cell_type === "code");
    const texts = code.map(({ source }) => (typeof source === "string" ? source : source.join("")));
    // Line ends within the JSON's strings are escaped: whoever decoded the file has not seen them.
    return normalizeLineEnds(texts.join(CELL_SEPARATOR));
  } catch {
    return undefined;
  }
}

/** As Jupyter writes it. */
interface Cell {
  readonly cell_type: string;
  /** The text, or its lines, each with its line break. */
  readonly source: string | readonly string[];
}
