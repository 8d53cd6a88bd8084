// What the model saw, as a tree: the last completion, the sources that can be switched off, and each folder's reading.

import type { CompletionReport, ContextReport, FolderReport, SnippetReport } from "../../protocol/engine";
import { age, count, grouped, lastSegment, milliseconds } from "../phrases";
import type { ContextNode } from "./contextNode";
import { fileNodes, filesPhrase } from "./fileNodes";
import { readingPhrase } from "./readingSummary";

/** `now` in milliseconds since 1970, `names` of the workspace's folders by their paths. */
export function contextNodes(
  report: ContextReport,
  now: number,
  names: Readonly<Record<string, string>> = {},
): ContextNode[] {
  return [
    report.completion ? completionNode(report.completion, now) : NO_COMPLETION,
    sourcesNode(report),
    ...report.folders.map((folder) => folderNode(folder, names, now, report.folders.length === 1)),
  ];
}

const BRIEF = {
  label: "Only the lines around the cursor",
  description: "all else was still to be read",
  tooltip:
    "On this machine, the model takes more than a second to read all that goes into a completion here. " +
    "It does so while you do not type; until then it is told the lines around the cursor alone.",
};

const NO_COMPLETION: ContextNode = { id: "completion", label: "No completion yet", icon: "sparkle" };

function completionNode(completion: CompletionReport, now: number): ContextNode {
  const { uri, path, at, base, snippets, isBrief, timing } = completion;
  const ms = timing.queueMs + timing.promptMs + timing.prefillMs + timing.decodeMs;
  const id = (name: string): string => `completion/${name}`;
  const children: ContextNode[] = [
    {
      id: id("base"),
      label: base.choice === "trunk" ? "With the repository" : "Without the repository",
      description: base.reason,
      tooltip: base.reason,
      icon: base.choice === "trunk" ? "repo" : "circle-outline",
    },
    ...(isBrief ? [{ id: id("brief"), ...BRIEF, icon: "watch" }] : []),
    {
      id: id("snippets"),
      label: snippets.length === 0 ? "No snippets" : count(snippets.length, "snippet"),
      icon: "symbol-snippet",
      ...(snippets.length > 0 && {
        isOpen: true,
        children: () => snippets.map((snippet, index) => snippetNode(snippet, index)),
      }),
    },
    {
      id: id("tokens"),
      label: "Tokens",
      description: `${grouped(timing.reusedTokens)} known · ${grouped(timing.replayedTokens)} read · ${grouped(timing.generatedTokens)} written`,
      icon: "symbol-array",
      children: () => [
        fact(id("tokens/known"), "Known", `${grouped(timing.reusedTokens)} that were read before`),
        fact(id("tokens/read"), "Read", `${grouped(timing.replayedTokens)} for this completion`),
        fact(id("tokens/written"), "Written", grouped(timing.generatedTokens)),
        fact(id("tokens/recalled"), "Recalled", `${ofWritten(timing.recalledTokens)}, by the exact memory`),
        fact(id("tokens/guessed"), "Guessed", `${ofWritten(timing.draftedTokens)}, and confirmed by the model`),
      ],
    },
    {
      id: id("time"),
      label: "Time",
      description: milliseconds(ms),
      icon: "watch",
      children: () => [
        fact(id("time/queue"), "Waiting", `${milliseconds(timing.queueMs)} for the model`),
        fact(id("time/prompt"), "Preparing", `${milliseconds(timing.promptMs)} for snippets and encoding`),
        fact(id("time/prefill"), "Reading", `${milliseconds(timing.prefillMs)} for the tokens that were not known`),
        fact(id("time/decode"), "Writing", `${milliseconds(timing.decodeMs)} for the tokens of the completion`),
      ],
    },
  ];
  return {
    id: "completion",
    label: "Last completion",
    description: `${path ?? lastSegment(uri)} · ${age(at, now)}`,
    icon: "sparkle",
    isOpen: true,
    children: () => children,
  };

  function ofWritten(tokens: number): string {
    return `${grouped(tokens)} of ${grouped(timing.generatedTokens)}`;
  }
}

function snippetNode(snippet: SnippetReport, index: number): ContextNode {
  const { score, reason, ...place } = snippet;
  const { folder, path, startLine, endLine } = place;
  const name = lastSegment(path);
  const lines = `${startLine}-${endLine}`;
  const directory = path.slice(0, -name.length - 1);
  return {
    id: `completion/snippets/${index}`,
    label: `${name}:${lines}`,
    description: [...(directory ? [directory] : []), score.toFixed(2), reason].join(" · "),
    tooltip: `${path}:${lines}\nScore ${score.toFixed(2)}: ${reason}`,
    ...(folder !== undefined && { source: { kind: "file", folder, path } }),
    place,
  };
}

function sourcesNode({ folders }: ContextReport): ContextNode {
  const tokens = (tokensOf: (folder: FolderReport) => number): string =>
    count(
      folders.reduce((sum, folder) => sum + tokensOf(folder), 0),
      "token",
    );
  const children: ContextNode[] = [
    {
      id: "sources/trunk",
      label: "Repository state",
      description: tokens(({ progress }) => progress.tokens),
      tooltip: "The model has read the repository's files, and begins from there: it knows their style and vocabulary.",
      source: { kind: "trunk" },
    },
    {
      id: "sources/snippets",
      label: "Related snippets",
      description: "before the text at the cursor",
      tooltip: "Parts of your files that the text at the cursor seems to need, put before the text of its file.",
      source: { kind: "snippets" },
    },
    {
      id: "sources/memory",
      label: "Exact memory",
      description: tokens(({ memoryTokens }) => memoryTokens),
      tooltip: "Finds where the repository has the same text, and recalls word for word what follows.",
      source: { kind: "memory" },
    },
  ];
  return { id: "sources", label: "Sources", icon: "checklist", isOpen: true, children: () => children };
}

function folderNode(
  report: FolderReport,
  names: Readonly<Record<string, string>>,
  now: number,
  isOnly: boolean,
): ContextNode {
  const { progress, files, leftOut, memoryTokens, restoredMs } = report;
  const id = (name: string): string => `${name}@${progress.folder}`;
  const filesNode: ContextNode = {
    id: id("files"),
    label: "Files read",
    description: describeFiles(report),
    icon: "files",
    ...(files.length > 0 && { children: () => fileNodes(progress.folder, files, now) }),
  };
  return {
    id: id("folder"),
    label: names[progress.folder] ?? lastSegment(progress.folder),
    description: readingPhrase(progress),
    tooltip: [progress.folder, ...(progress.message === undefined ? [] : [progress.message])].join("\n"),
    icon: progress.phase === "failed" ? "warning" : "root-folder",
    isOpen: true,
    children: () => [
      ...(progress.message === undefined ? [] : [{ id: id("message"), label: progress.message, icon: "info" }]),
      filesNode,
      ...leftOutNodes(id("leftOut"), leftOut),
      // The only folder's is that of the sources.
      ...(isOnly
        ? []
        : [{ id: id("memory"), label: "Exact memory", description: count(memoryTokens, "token"), icon: "database" }]),
      ...(restoredMs === undefined
        ? []
        : [{ id: id("restored"), label: "Restored from disk", description: milliseconds(restoredMs), icon: "save" }]),
    ],
  };
}

function describeFiles({ files, allReadInMs }: FolderReport): string {
  const phrase = filesPhrase(files.filter(({ readAt }) => readAt > 0));
  if (allReadInMs === undefined) return phrase;
  return `${phrase} · as many as this model reads in ${Math.round(allReadInMs / 60_000)} minutes`;
}

function leftOutNodes(id: string, leftOut: FolderReport["leftOut"]): ContextNode[] {
  const reasons = Object.entries(leftOut)
    .filter(([, files]) => files > 0)
    .sort(([, a], [, b]) => b - a);
  if (reasons.length === 0) return [];
  const total = reasons.reduce((sum, [, files]) => sum + files, 0);
  return [
    {
      id,
      label: "Left out",
      // A folder that is left out counts once, with all that is in it.
      description: total === 1 ? "1 file or folder" : `${grouped(total)} files and folders`,
      icon: "circle-slash",
      children: () => reasons.map(([reason, files]) => fact(`${id}/${reason}`, reason, grouped(files))),
    },
  ];
}

function fact(id: string, label: string, description: string): ContextNode {
  return { id, label, description };
}
