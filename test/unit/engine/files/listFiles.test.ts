// Listings against the real git, on random trees of folders and ignore files.

import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { type Listing, listFiles } from "../../../../src/engine/files/listFiles";
import { loadRules } from "../../../../src/engine/files/readRules";
import { git, temporaryFolder } from "./realGit";

type Tree = Readonly<Record<string, string>>;

describe("listing a folder", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  /** An empty repository. */
  function begin(): void {
    rmSync(folder.path, { recursive: true });
    mkdirSync(folder.path);
    git(folder.path, ["init", "-q"]);
  }

  function plant(tree: Tree): void {
    for (const [path, content] of Object.entries(tree)) {
      mkdirSync(dirname(join(folder.path, path)), { recursive: true });
      writeFileSync(join(folder.path, path), content);
    }
  }

  async function list(sub = "", globalExcludesPath = join(folder.path, "none")): Promise<Listing> {
    const rules = await loadRules(join(folder.path, sub), { globalExcludesPath, ignoreCase: false });
    return listFiles(rules);
  }

  const paths = (listing: Listing) => listing.files.map((file) => file.path).sort();

  function gitPaths(sub = "."): string[] {
    const output = git(join(folder.path, sub), ["ls-files", "-z", "-co", "--exclude-standard"], {
      env: { XDG_CONFIG_HOME: join(folder.path, "config") },
    });
    return [...new Set(output.toString("utf8").split("\0"))].filter(Boolean).sort();
  }

  it("finds what git finds, on random trees", async () => {
    await fc.assert(
      fc.asyncProperty(randomTree(), async (tree) => {
        begin();
        plant(tree);
        const globalExcludes = join(folder.path, "config", "git", "ignore");
        assert.deepEqual(paths(await list("", globalExcludes)), gitPaths());
      }),
      { numRuns: 20 },
    );
  });

  it("finds what git finds in a folder within a repository", async () => {
    await fc.assert(
      fc.asyncProperty(randomTree(), async (tree) => {
        begin();
        const { a, "a/b": b, ...others } = tree;
        plant({ ...others, "a/b/x": "" });
        const globalExcludes = join(folder.path, "config", "git", "ignore");
        assert.deepEqual(paths(await list("a/b", globalExcludes)), gitPaths("a/b"));
      }),
      { numRuns: 10 },
    );
  });
});

const NAMES = ["a", "b", "ab", "x.c", "y.h", "é"];

function randomTree(): fc.Arbitrary<Tree> {
  const pathOf = fc
    .array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 })
    .map((names) => `${names.join("/")}`);
  const files = fc.array(pathOf, { minLength: 10, maxLength: 40 }).map(withoutCollisions);
  const line = fc
    .tuple(
      fc.constantFrom("", "", "!", "/", "!/"),
      fc.array(fc.constantFrom(...NAMES, "*", "**", "/", "/", "*.c", "[ab]", "?"), { minLength: 1, maxLength: 5 }),
      fc.constantFrom("", "", "/"),
    )
    .map(([start, middle, end]) => start + middle.join("") + end);
  const ignoreFile = fc.array(line, { maxLength: 4 }).map((lines) => lines.join("\n"));
  const ignoreFiles = fc.array(fc.tuple(fc.nat(), ignoreFile), { maxLength: 5 });
  return fc.tuple(files, ignoreFiles, ignoreFile, ignoreFile).map(([list, ignores, info, global]) => {
    const tree: Record<string, string> = Object.fromEntries(list.map((path) => [path, ""]));
    const folders = ["", ...new Set(list.map((path) => path.slice(0, path.lastIndexOf("/") + 1)))];
    for (const [index, content] of ignores) tree[`${folders[index % folders.length]}.gitignore`] = content;
    tree[".git/info/exclude"] = `config/\n${info}`;
    tree["config/git/ignore"] = global;
    return tree;
  });
}

/** A name cannot be a file and a folder. */
function withoutCollisions(paths: readonly string[]): string[] {
  const files = [...new Set(paths)];
  return files.filter((path) => !files.some((other) => other.startsWith(`${path}/`)));
}
