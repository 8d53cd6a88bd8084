// Single ignore files against the real git, on random lines and paths, and on lines that someone fell over.

import assert from "node:assert/strict";
import fc from "fast-check";
import { toByteText } from "../../../../src/engine/files/byteText";
import { IgnorePatterns } from "../../../../src/engine/files/ignorePatterns";
import { git } from "./realGit";
import { useTemporaryTree } from "./temporaryTree";

/** What other implementations were reported for, and what the manual says in its examples. */
const KNOWN_TRAPS: readonly (readonly [string, ...string[]])[] = [
  ["foo**/bar", "foobar", "foo/bar", "fooa/bar", "foo/a/bar"],
  ["a/foo**", "a/foo", "a/foob", "a/foob/c", "a/b/foo"],
  ["[!]", "!", "a"],
  ["\\\\*", "\\", "\\a", "a"],
  ["\\*", "\\", "*", "a"],
  ["foo\\", "foo", "foo\\"],
  ["a**/[!a]b", "a.b", "a/.b", "ab"],
  ["a**/*/**\n!b[!a]foo\nab", "a.b/b*", "a/b", "a/b/c"],
  ["/*\n!/foo\n/foo/*\n!/foo/bar", "x", "foo/x", "foo/bar", "foo/bar/y"],
  ["foo/*\n!foo/bar/", "foo/a", "foo/bar/a"],
  ["foo/\n!foo/bar", "foo/bar", "foo"],
  ["*.log\n!keep.log", "a.log", "d/keep.log", "d/a.log"],
  ["\ufeffa", "a", "b"],
  ["a\r\nb \r\nc\\ \r\n", "a", "b", "c", "c "],
  ["\\#a\n\\!b", "#a", "!b", "a", "b"],
  ["doc/frotz", "doc/frotz", "a/doc/frotz"],
  ["**/foo/bar", "foo/bar", "a/foo/bar", "a/b/foo/bar", "foo/a/bar"],
  ["a/**/b", "a/b", "a/x/b", "a/x/y/b", "ab"],
  ["abc/**", "abc", "abc/a", "abc/a/b", "x/abc/a"],
  ["**", "a", "a/b"],
  ["/", "a"],
  ["!\n*", "a"],
  ["?", "a", "é", "ab"],
  ["a\0b", "a", "b"],
  ["[[:constructor:]]", "a", "c"],
];

const PIECES = [
  ..."aabb/",
  ..."*?/.-!#\\ é",
  ...[
    "**",
    "**/",
    "/**",
    "/**/",
    "*.b",
    "[ab]",
    "[!a]",
    "[^b]",
    "[a-b]",
    "[]]",
    "[]-b]",
    "[[:alpha:]]",
    "[[:foo:]]",
    "[[:toString:]]",
  ],
  ...["[", "[a", "[a-", "\\*", "\\[", "[\\]]", "[a/]", "\t", "\\ ", "[.-/]", "[é]"],
];

describe("the lines of an ignore file", () => {
  const folder = useTemporaryTree("all tests");
  before(() => void git(folder.path, ["init", "-q"]));

  function check(content: string, paths: readonly string[], ignoreCase = false): void {
    folder.add({ ".gitignore": content });
    const input = `${paths.join("\0")}\0`;
    const args = ["-c", `core.ignorecase=${ignoreCase}`, "check-ignore", "--no-index", "-z", "--stdin"];
    const output = git(folder.path, args, { input, mayFail: true }).toString("utf8");
    const expected = new Set(output.split("\0").filter((path) => path !== ""));
    const patterns = new IgnorePatterns(toByteText(content), ignoreCase);
    const differing = paths
      .filter((path) => excludes(patterns, path) !== expected.has(path))
      .map((path) => `${path} (git: ${expected.has(path) ? "ignored" : "kept"})`);
    assert.deepEqual(differing, [], JSON.stringify(content));
  }

  it("mean what git means, on random files", () => {
    fc.assert(
      fc.property(
        fc.array(line(), { minLength: 1, maxLength: 6 }),
        fc.array(path(), { minLength: 30 }),
        (lines, paths) => check(lines.join("\n"), [...new Set(paths)]),
      ),
      { numRuns: 100 },
    );
  });

  it("mean what git means where letters' case is ignored", () => {
    const shouted = line().map((text) => text.replace(/[ab]/g, (letter) => letter.toUpperCase()));
    fc.assert(
      fc.property(
        fc.array(shouted, { minLength: 1, maxLength: 4 }),
        fc.array(path(), { minLength: 30 }),
        (lines, paths) => check(lines.join("\n"), [...new Set(paths)], true),
      ),
      { numRuns: 50 },
    );
  });

  for (const [content, ...paths] of KNOWN_TRAPS) {
    it(`${JSON.stringify(content)} on ${paths.length} paths`, () => check(content, paths));
  }

  it("end in time however they are written", () => {
    const patterns = new IgnorePatterns(`${"*a".repeat(40)}*b\n${"**/a/".repeat(40)}b`, false);
    assert.equal(excludes(patterns, "a".repeat(4000)), false);
    assert.equal(excludes(patterns, "a/".repeat(200)), false);
  });

  it("take no stack, however many they are of the same", () => {
    const patterns = new IgnorePatterns(`${"**/".repeat(8000)}*.log`, false);
    assert.equal(excludes(patterns, "a/b.log"), true);
  });
});

/** As git does: from the top down, and below an excluded folder nothing counts. */
function excludes(patterns: IgnorePatterns, path: string): boolean {
  const parts = toByteText(path).split("/");
  return parts.some((name, index) => {
    const isFolder = index < parts.length - 1;
    return patterns.lastMatch(parts.slice(0, index + 1).join("/"), name, isFolder)?.excludes ?? false;
  });
}

function line(): fc.Arbitrary<string> {
  const body = fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => pieces.join(""));
  return fc
    .tuple(
      fc.constantFrom("", "", "", "!", "/", "#", "\\!", "**/"),
      body,
      fc.constantFrom("", "", "/", " ", "\r", "//"),
    )
    .map((parts) => parts.join(""));
}

function path(): fc.Arbitrary<string> {
  const name = fc.constantFrom(
    "a",
    "b",
    "ab",
    "ba",
    "aab",
    "a.b",
    ".a",
    "b*",
    "é",
    "-",
    "a b",
    "[a",
    "!a",
    "#a",
    "]",
    "\\a",
  );
  return fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
}
