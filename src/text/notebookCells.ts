/** What stands between two cells of a notebook where they are one text: in the editor's, and in that of the saved file. */
export const CELL_SEPARATOR = "\n\n";
