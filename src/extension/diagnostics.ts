// What a report about a problem needs, as Markdown that the user reads before sending it: facts of the machine, the model and the
// last completion. Plain values in, text out. It names no file and no folder, and holds nothing of a text or of an address.

import type { CompletionReport, FolderReport } from "../protocol/engine";
import type { EngineStatus } from "./engineSupervisor";
import { count, gigabytes, milliseconds } from "./phrases";
import type { DocumentScope } from "./status";

export interface DiagnosticFacts {
  readonly versions: { readonly extension: string; readonly editor: string; readonly node: string };
  readonly machine: {
    readonly platform: string;
    readonly processor: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly freeBytes: number;
    /** As VS Code names it: `wsl`, `ssh-remote`; absent when everything runs on one machine. */
    readonly remote?: string;
  };
  readonly engine: EngineStatus;
  readonly isBundledModel: boolean;
  readonly isTrusted: boolean;
  readonly folders: readonly FolderReport[];
  readonly completion?: CompletionReport;
  /** The document in front. */
  readonly document?: { readonly languageId: string; readonly lines: number; readonly scope: DocumentScope };
  /** Those that are not as they come, by their names. */
  readonly settings: ReadonlyMap<string, unknown>;
}

export function describeDiagnostics(facts: DiagnosticFacts): string {
  const { versions, machine } = facts;
  const sections: Record<string, readonly string[]> = {
    Program: [
      `Griffin Code ${versions.extension}, VS Code ${versions.editor}, Node ${versions.node}`,
      `${machine.platform}, ${machine.cores} × ${machine.processor}`,
      `${gigabytes(machine.memoryBytes)} of memory, ${gigabytes(machine.freeBytes)} free`,
      machine.remote === undefined ? "on the machine of the window" : `on another machine (${machine.remote})`,
    ],
    Engine: engineLines(facts),
    Repository: facts.folders.length === 0 ? ["nothing is read"] : facts.folders.map(folderLine),
    "Document in front": documentLines(facts.document),
    "Last completion": completionLines(facts.completion),
    "Settings that are not as they come": [...facts.settings].map(
      ([name, value]) => `${name}: ${settingValue(name, value)}`,
    ),
  };
  const written = Object.entries(sections).map(([title, lines]) => {
    return `## ${title}\n\n${(lines.length === 0 ? ["none"] : lines).map((line) => `- ${line}`).join("\n")}\n`;
  });
  return `${HEAD}\n${written.join("\n")}`;
}

const HEAD = `# Griffin Code: diagnostics

No file, folder, address or text of yours is named here. Read it before you send it, all the same.
"Griffin: Show Log" tells more, and names files.
`;

/** Such as hold a path, an address, or patterns that name files. */
const PRIVATE_SETTINGS: ReadonlySet<string> = new Set([
  "model.path",
  "models.endpoint",
  "chat.endpoint",
  "chat.endpointModel",
  "repository.exclude",
]);

function settingValue(name: string, value: unknown): string {
  return PRIVATE_SETTINGS.has(name) ? "set" : `\`${JSON.stringify(value)}\``;
}

function engineLines({ engine, isBundledModel, isTrusted }: DiagnosticFacts): string[] {
  const trust = isTrusted ? [] : ["Restricted Mode: the workspace is not read"];
  if (engine.type !== "ready")
    return [engine.type === "failed" ? `failed: ${withoutPaths(engine.message)}` : engine.type, ...trust];
  const { displayName, contextTokens, loadMs, instructionTuned } = engine.model;
  return [
    `${displayName}${isBundledModel ? ", as bundled" : ", of the user's"}; ready after ${milliseconds(loadMs)}`,
    `${contextTokens.toLocaleString("en-US")} tokens at once, ${instructionTuned ? "" : "not "}trained to answer`,
    ...trust,
  ];
}

/** An error's sentence may name the model's folder. */
function withoutPaths(message: string): string {
  return message.replace(/(?:[A-Za-z]:)?(?:[\\/][^\s\\/"'`:;,]+){2,}[\\/]?/g, "<path>");
}

function folderLine({ progress, leftOut, memoryTokens, isSaved, restoredMs }: FolderReport): string {
  const { phase, filesRead, filesTotal, tokens } = progress;
  const left = Object.values(leftOut).reduce((sum, one) => sum + one, 0);
  return [
    `${phase}: ${filesRead} of ${count(filesTotal, "file")}, ${count(tokens, "token")} in the state`,
    `${count(memoryTokens, "token")} in the exact memory, ${count(left, "file")} left out`,
    restoredMs === undefined ? "read anew" : `restored in ${milliseconds(restoredMs)}`,
    isSaved ? "saved" : "not saved",
  ].join("; ");
}

function documentLines(document: DiagnosticFacts["document"]): string[] {
  if (document === undefined) return [];
  const { languageId, lines, scope } = document;
  return [
    `${languageId}, ${count(lines, "line")}`,
    scope.type === "on" ? "gets completions" : withoutPaths(scope.reason),
  ];
}

function completionLines(completion: CompletionReport | undefined): string[] {
  if (completion === undefined) return [];
  const { base, snippets, timing } = completion;
  const { queueMs, promptMs, prefillMs, decodeMs } = timing;
  return [
    `from ${base.choice === "trunk" ? "the repository's state" : "an empty state"}, with ${count(snippets.length, "snippet")}`,
    `${timing.reusedTokens} tokens known, ${timing.replayedTokens} run, ${timing.generatedTokens} written, ${timing.draftedTokens} of them drafted`,
    `waited ${milliseconds(queueMs)}, prompt ${milliseconds(promptMs)}, reading ${milliseconds(prefillMs)}, writing ${milliseconds(decodeMs)}`,
  ];
}
