// Which lines import: they name what is used elsewhere, and say nothing of what is done.

export interface MarkedLine {
  readonly line: string;
  readonly isImport: boolean;
}

/** C#'s `using var a = new A()` imports nothing. */
export const IMPORT_LINE =
  /^\s*(import|from|use|using(?!\s+\w+\s+\w+\s*=|.*\()|require|require_relative|#\s*include|export\b.*\bfrom)\b/;

/** What opens a list of imported names, and no call: `import(`, `use(async () => {`. Only Go has a bracket right after the word. */
const OPENS_LIST = /^[^()]*\{[^){};]*$|^\s*from\s+\S+\s+import\s*\([^)};]*$|^\s*import\s+\(\s*$/;

/** A list of imported names may go on in further lines: up to its bracket's end, or to a blank line, if that is not written yet. */
export function withImports(lines: readonly string[]): MarkedLine[] {
  let isOpen = false;
  return lines.map((line) => {
    const isImport = isOpen || IMPORT_LINE.test(line);
    isOpen = (isOpen ? !/[)};]/.test(line) : isImport && OPENS_LIST.test(line)) && line.trim() !== "";
    return { line, isImport };
  });
}
