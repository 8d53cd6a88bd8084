import assert from "node:assert/strict";
import type { ContextNode } from "../../../../src/extension/repository/contextNode";
import { contextNodes } from "../../../../src/extension/repository/contextNodes";
import type { ContextReport, FileReport, FolderReport } from "../../../../src/protocol/engine";
import { emptyReport } from "../../../support/fakeEngineProcess";

const NOW = 1e12;
const MINUTE = 60_000;

function file(path: string, rest: Partial<FileReport> = {}): FileReport {
  return { path, tokens: 100, readAt: NOW - 3 * MINUTE, isStale: false, ...rest };
}

function folder(rest: Partial<FolderReport> = {}): FolderReport {
  const files = rest.files ?? [];
  const filesTotal = files.length;
  const progress = { folder: "/home/me/w", phase: "done", filesRead: filesTotal, filesTotal, tokens: 12_000 } as const;
  return { progress, files, leftOut: {}, memoryTokens: 11_900, readTokens: 0, isSaved: true, ...rest };
}

const report: ContextReport = {
  ...emptyReport,
  folders: [
    folder({
      files: [file("src/a.ts"), file("src/b.ts", { isStale: true }), file("README.md")],
      leftOut: { "git ignores it": 4, "it is too big": 12, "it is not text": 0 },
      restoredMs: 120.4,
    }),
  ],
  completion: {
    uri: "file:///home/me/w/src/c.ts",
    path: "src/c.ts",
    at: NOW - MINUTE,
    base: { choice: "trunk", reason: "The last lines are likelier with it (1.2 against 1.9 bits)." },
    snippets: [
      {
        folder: "/home/me/w",
        path: "src/a.ts",
        startLine: 10,
        endLine: 20,
        score: 3.456,
        reason: "names shared: area, width",
      },
    ],
    timing: {
      reusedTokens: 1234,
      replayedTokens: 12,
      generatedTokens: 20,
      recalledTokens: 7,
      draftedTokens: 5,
      queueMs: 0,
      promptMs: 3.2,
      prefillMs: 20,
      decodeMs: 100.4,
    },
  },
};

/** The tree as it looks with everything open: `[]` is a check mark, `→` what a click opens. */
function draw(nodes: readonly ContextNode[], indent = ""): string[] {
  return nodes.flatMap((node) => {
    const check = node.source ? "[] " : "";
    const { place } = node;
    const lines = place && "startLine" in place ? `:${place.startLine}-${place.endLine}` : "";
    const target = place ? ` → ${place.folder} ${place.path}${lines}` : "";
    const description = node.description === undefined ? "" : ` — ${node.description}`;
    return [`${indent}${check}${node.label}${description}${target}`, ...draw(node.children?.() ?? [], `${indent}  `)];
  });
}

function idsOf(nodes: readonly ContextNode[]): string[] {
  return nodes.flatMap((node) => [node.id, ...idsOf(node.children?.() ?? [])]);
}

/** The children of the node with this label, wherever it is. */
function below(nodes: readonly ContextNode[], label: string): readonly ContextNode[] | undefined {
  for (const node of nodes) {
    const children = node.children?.() ?? [];
    const found = node.label === label ? children : below(children, label);
    if (found) return found;
  }
  return undefined;
}

function drawFiles(files: readonly FileReport[]): string[] {
  const nodes = contextNodes({ ...report, folders: [folder({ files })] }, NOW);
  return draw(below(nodes, "Files read") ?? []).map((line) => line.replace(/ — .*/, ""));
}

describe("what the model saw", () => {
  it("is the last completion, the sources, and each folder", () => {
    assert.deepEqual(draw(contextNodes(report, NOW, { "/home/me/w": "my folder" })), [
      "Last completion — src/c.ts · 1 minute ago",
      "  With the repository — The last lines are likelier with it (1.2 against 1.9 bits).",
      "  1 snippet",
      "    [] a.ts:10-20 — src · 3.46 · names shared: area, width → /home/me/w src/a.ts:10-20",
      "  Tokens — 1,234 known · 12 read · 20 written",
      "    Known — 1,234 that were read before",
      "    Read — 12 for this completion",
      "    Written — 20",
      "    Recalled — 7 of 20, by the exact memory",
      "    Guessed — 5 of 20, and confirmed by the model",
      "  Time — 124 ms",
      "    Waiting — 0 ms for the model",
      "    Preparing — 3 ms for snippets and encoding",
      "    Reading — 20 ms for the tokens that were not known",
      "    Writing — 100 ms for the tokens of the completion",
      "Sources",
      "  [] Repository state — 12,000 tokens",
      "  [] Related snippets — before the text at the cursor",
      "  [] Exact memory — 11,900 tokens",
      "my folder — read 3 files",
      "  Files read — 3 files · 300 tokens · 1 out of date",
      "    src — 2 files · 200 tokens · 1 out of date",
      "      [] a.ts — 100 tokens · read 3 minutes ago → /home/me/w src/a.ts",
      "      [] b.ts — out of date · 100 tokens · read 3 minutes ago → /home/me/w src/b.ts",
      "    [] README.md — 100 tokens · read 3 minutes ago → /home/me/w README.md",
      "  Left out — 16 files and folders",
      "    it is too big — 12",
      "    git ignores it — 4",
      "  Restored from disk — 120 ms",
    ]);
  });

  it("is short while there is nothing yet", () => {
    const sources = draw(contextNodes(emptyReport, NOW)).slice(1);
    assert.deepEqual(sources, [
      "Sources",
      "  [] Repository state — 0 tokens",
      "  [] Related snippets — before the text at the cursor",
      "  [] Exact memory — 0 tokens",
    ]);
    assert.deepEqual(draw(contextNodes(emptyReport, NOW)).slice(0, 1), ["No completion yet"]);
    assert.deepEqual(draw(contextNodes({ ...emptyReport, folders: [folder()] }, NOW)).slice(5), [
      "w — read 0 files",
      "  Files read — 0 files · 0 tokens",
    ]);
  });

  it("says of each of several folders what the exact memory has of it", () => {
    const other = folder({ progress: { ...folder().progress, folder: "/home/me/v" }, memoryTokens: 100 });
    const lines = draw(contextNodes({ ...emptyReport, folders: [folder(), other] }, NOW));
    assert.deepEqual(
      lines.filter((line) => /Exact memory/.test(line)),
      ["  [] Exact memory — 12,000 tokens", "  Exact memory — 11,900 tokens", "  Exact memory — 100 tokens"],
    );
  });

  it("says that a completion had neither repository nor snippets", () => {
    const completion = {
      ...report.completion!,
      base: { choice: "empty", reason: "It is off." } as const,
      snippets: [],
    };
    const { path: _, ...untitled } = completion;
    const lines = draw(contextNodes({ ...report, completion: { ...untitled, uri: "untitled:Untitled-1" } }, NOW));
    assert.deepEqual(lines.slice(0, 3), [
      "Last completion — untitled:Untitled-1 · 1 minute ago",
      "  Without the repository — It is off.",
      "  No snippets",
    ]);
  });

  it("says that a completion was told only the lines around the cursor", () => {
    const completion = { ...report.completion!, isBrief: true, snippets: [] } as const;
    const lines = draw(contextNodes({ ...report, completion }, NOW));
    assert.deepEqual(lines.slice(2, 4), [
      "  Only the lines around the cursor — all else was still to be read",
      "  No snippets",
    ]);
  });

  it("says why a folder is not read to the end", () => {
    const { progress } = folder();
    const message = "The disk is full. Free some of it.";
    const nodes = contextNodes(
      { ...emptyReport, folders: [folder({ progress: { ...progress, phase: "failed", filesTotal: 9, message } })] },
      NOW,
    );
    assert.deepEqual(draw(nodes).slice(5, 7), ["w — failed; read 0 of 9 files", `  ${message}`]);
    assert.equal(nodes.at(-1)?.icon, "warning");
  });

  it("counts one thing that was left out as one", () => {
    const nodes = contextNodes({ ...emptyReport, folders: [folder({ leftOut: { "git ignores it": 1 } })] }, NOW);
    assert.ok(draw(nodes).includes("  Left out — 1 file or folder"));
  });

  it("has every id once, and the same ids after the next report", () => {
    const inner = folder({ files: [file("a.ts")], progress: { ...folder().progress, folder: "/home/me/w/files" } });
    const snippet = report.completion!.snippets[0]!;
    const both: ContextReport = {
      ...report,
      completion: { ...report.completion!, snippets: [snippet, snippet] },
      folders: [...report.folders, inner],
    };
    const ids = idsOf(contextNodes(both, NOW));
    assert.deepEqual(ids, [...new Set(ids)]);
    assert.deepEqual(idsOf(contextNodes(both, NOW + MINUTE)), ids);
  });
});

describe("the files that a folder's state has read", () => {
  it("are a tree without lines that say nothing", () => {
    const files = ["z/only.ts", "lib/a/b/c.ts", "lib/a/b/d.ts", "lib/a/b/e/f.ts", "a.md"].map((path) => file(path));
    const target = (path: string): string => ` → /home/me/w ${path}`;
    assert.deepEqual(
      drawFiles(files).map((line) => line.replace(/ → .*/, "")),
      ["lib/a/b", "  e", "    [] f.ts", "  [] c.ts", "  [] d.ts", "z", "  [] only.ts", "[] a.md"],
    );
    const nodes = contextNodes({ ...report, folders: [folder({ files })] }, NOW);
    assert.match(draw(nodes).join("\n"), new RegExp(`f\\.ts — .*${target("lib/a/b/e/f.ts")}`));
  });

  it("come in portions", () => {
    const names = Array.from({ length: 600 }, (_, index) => `f${String(index).padStart(3, "0")}.ts`);
    const nodes = below(
      contextNodes({ ...report, folders: [folder({ files: names.map((name) => file(`src/${name}`)) })] }, NOW),
      "src",
    )!;
    assert.deepEqual([nodes.length, nodes.at(-1)?.label], [251, "350 more…"]);
    const labels = (page: readonly ContextNode[]): string[] =>
      page.flatMap((node) => (node.source ? [node.label] : labels(node.children?.() ?? [])));
    assert.deepEqual(labels(nodes), names);
    const ids = idsOf(nodes);
    assert.deepEqual(ids, [...new Set(ids)]);
  });

  it("are not listed before somebody opens them", () => {
    const files = new Proxy([file("a.ts")], {
      get(target, key) {
        if (key === Symbol.iterator) throw new Error("listed");
        return Reflect.get(target, key);
      },
    });
    const [, , folderNode] = contextNodes({ ...report, folders: [folder({ files })] }, NOW);
    const filesNode = folderNode!.children!()[0]!;
    assert.throws(() => filesNode.children!(), /listed/);
  });

  it("keep a place for what is switched off, so that it can be switched on again", () => {
    const off = file("a.ts", { tokens: 0, readAt: 0 });
    const nodes = contextNodes({ ...report, folders: [folder({ files: [off, file("b.ts")] })] }, NOW);
    assert.ok(draw(nodes).includes("  Files read — 1 file · 100 tokens"));
    assert.ok(draw(nodes).includes("    [] a.ts — not read → /home/me/w a.ts"));
  });

  it("are fewer where the model is slow, which is said", () => {
    const slow = folder({ files: [file("a.ts")], allReadInMs: 900_000 });
    const nodes = contextNodes({ ...report, folders: [slow] }, NOW);
    assert.ok(draw(nodes).includes("  Files read — 1 file · 100 tokens · as many as this model reads in 15 minutes"));
  });
});
