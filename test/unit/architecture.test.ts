// ARCHITECTURE.md and CONTRIBUTING.md name files: each is there.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

const FOLDERS = ["models", "samples", "src", "test", "tools", "training"];
const ENDING = /\.(ts|mjs|cjs|py|md|txt|json|jsonl|scm)$/;

/** Files and folders, as paths of the repository. */
const paths = [
  ...readdirSync("."),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path).split(sep).join("/")),
  ),
];

describe("ARCHITECTURE.md", () => {
  const text = readFileSync("ARCHITECTURE.md", "utf8");

  it("names no file and no folder that is not there", () => assertNamed(pathsIn(text)));

  it("names no file without its ending in the code map that is not in src", () => {
    const map = text.slice(text.indexOf("\n## Code map\n"), text.indexOf("\n## Who may import whom\n"));
    const names = wordsIn(map).filter((word) => /^[\w/]+\w$/.test(word) && word !== "griffin" && !paths.includes(word));
    assert.ok(names.length > 100);
    assertNamed(names.map((name) => `${name}.ts`));
  });
});

describe("CONTRIBUTING.md", () => {
  it("names no file and no folder that is not there where it says how to add something", () => {
    const text = readFileSync("CONTRIBUTING.md", "utf8");
    const steps = text.slice(text.indexOf("\n## To add"), text.indexOf("\n## Measure\n"));
    assertNamed(pathsIn(steps).filter((name) => !name.includes("NAME")));
  });
});

/** Whether each is the end of a path. */
function assertNamed(names: readonly string[]): void {
  assert.ok(names.length > 0);
  assert.deepEqual(
    names.filter((name) => !paths.some((path) => `/${path}`.endsWith(`/${name.replace(/\/$/, "")}`))),
    [],
  );
}

function pathsIn(markdown: string): string[] {
  return wordsIn(markdown).filter((word) => /^[\w./-]+$/.test(word) && (ENDING.test(word) || word.endsWith("/")));
}

function wordsIn(markdown: string): string[] {
  return [...markdown.matchAll(/`([^`\n]+)`/g)].map(([, word]) => word!);
}
