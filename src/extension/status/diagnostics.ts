// What a report about a problem needs, as Markdown that the user reads before sending it: facts of the machine, the model and the
// last completion. Plain values in, text out. It is made to name no file, folder or address, and holds nothing of a text.

import type { CompletionReport, ContextReport, FolderReport } from "../../protocol/engine";
import type { DocumentScope } from "../completion/documentScope";
import type { EngineStatus } from "../engineProcess/engineSupervisor";
import { count, grouped, milliseconds, size } from "../phrases";
import { languageTable } from "../settings/settingValue";

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
  /** Undefined: the engine was not there to say, or did not answer. */
  readonly report?: Pick<ContextReport, "folders" | "residentBytes" | "completion">;
  /** The document in front. */
  readonly document?: { readonly languageId: string; readonly lines: number; readonly scope: DocumentScope };
  /** Those that are not as they come. */
  readonly settings: readonly ChangedSetting[];
  /** What a sentence of the engine may name: folders and files, as whole paths. */
  readonly paths: readonly string[];
  /** What a model of the user's and its files are called; none of the bundled one. */
  readonly modelNames: readonly string[];
}

export interface ChangedSetting {
  readonly name: string;
  readonly value: unknown;
  /** The values that it may only have, where package.json lists them. */
  readonly choices: readonly unknown[];
}

export function describeDiagnostics(facts: DiagnosticFacts): string {
  const { versions, machine } = facts;
  const sections: Record<string, readonly string[]> = {
    Program: [
      `Griffin Code ${versions.extension}, VS Code ${versions.editor}, Node ${versions.node}`,
      `${machine.platform}, ${machine.cores} × ${machine.processor}`,
      `${size(machine.memoryBytes)} of memory, ${size(machine.freeBytes)} free`,
      machine.remote === undefined ? "on the machine of the window" : `on another machine (${machine.remote})`,
    ],
    Engine: engineLines(facts),
    Repository: repositoryLines(facts),
    "Document in front": documentLines(facts),
    "Last completion": facts.report === undefined ? [UNKNOWN] : completionLines(facts.report.completion),
    "Settings changed from their defaults": facts.settings.map((one) => `${one.name}: ${settingValue(one)}`),
  };
  const written = Object.entries(sections).map(([title, lines]) => {
    return `## ${title}\n\n${(lines.length === 0 ? ["none"] : lines).map((line) => `- ${line}`).join("\n")}\n`;
  });
  return `${HEAD}\n${written.join("\n")}`;
}

const HEAD = `# Griffin Code: diagnostics

It is meant to contain no file, folder, address or text of yours, but read it before you send it.
"Griffin: Show Log" tells more, and names files.
`;

const UNKNOWN = "not known: the engine did not answer";

/** Any text or list may hold a path, an address or a file's name, also where it was written by mistake. */
function settingValue({ name, value, choices }: ChangedSetting): string {
  if (name === "enable") return enabledLanguages(value);
  const isHarmless = typeof value === "boolean" || typeof value === "number" || choices.includes(value);
  return isHarmless ? `\`${JSON.stringify(value)}\`` : "set";
}

function enabledLanguages(value: unknown): string {
  const entries = Object.entries(languageTable(value));
  // A file's name may stand there by mistake, too.
  const languages = entries.filter(([language]) => /^(?:\*|[\w+#-]+)$/.test(language));
  const more = entries.length - languages.length;
  return `\`${JSON.stringify(Object.fromEntries(languages))}\`${more === 0 ? "" : ` and ${more} more`}`;
}

function engineLines(facts: DiagnosticFacts): string[] {
  const { engine, isBundledModel, isTrusted, report } = facts;
  const trust = isTrusted ? [] : ["Restricted Mode: the workspace is not read"];
  if (engine.type === "failed") return [`failed: ${withoutNames(engine.message, facts)}`, ...trust];
  if (engine.type !== "ready") return [engine.type, ...trust];
  const { displayName, contextTokens, loadMs, instructionTuned } = engine.model;
  return [
    // A model of the user's may be called as its folder is.
    `${isBundledModel ? `${displayName}, as bundled` : "a model of the user's"}; ready after ${milliseconds(loadMs)}`,
    `${grouped(contextTokens)} tokens at once, ${instructionTuned ? "" : "not "}trained to answer`,
    ...(report === undefined ? [] : [`${size(report.residentBytes)} of memory`]),
    ...trust,
  ];
}

/** What is known is taken out whole, blanks and all; then whatever else looks like a path. The engine's own advice names addresses. */
function withoutNames(message: string, { paths, modelNames }: DiagnosticFacts): string {
  const unplaced = longestFirst(paths).reduce((text, path) => text.replaceAll(path, PATH), message);
  const known = longestFirst(modelNames).reduce((text, name) => text.replaceAll(name, "<name>"), unplaced);
  return known.replace(/(?:<path>|(?<![\w.]|https:\/?)(?:[A-Za-z]:)?(?=[\\/]))[^\s"'`;,]*[^\s"'`;,.:]/g, PATH);
}

const PATH = "<path>";

/** One may be a part of another. */
function longestFirst(names: readonly string[]): readonly string[] {
  return names.filter((name) => name.length > 1).sort((a, b) => b.length - a.length);
}

function repositoryLines({ report }: DiagnosticFacts): string[] {
  if (report === undefined) return [UNKNOWN];
  return report.folders.length === 0 ? ["nothing is read"] : report.folders.map(folderLine);
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

function documentLines(facts: DiagnosticFacts): string[] {
  if (facts.document === undefined) return [];
  const { languageId, lines, scope } = facts.document;
  const completions = scope.type === "on" ? "gets completions" : withoutNames(scope.reason, facts);
  return [`${languageId}, ${count(lines, "line")}`, completions];
}

function completionLines(completion: CompletionReport | undefined): string[] {
  if (completion === undefined) return [];
  const { base, snippets, isBrief, timing } = completion;
  const { queueMs, promptMs, prefillMs, decodeMs } = timing;
  return [
    `from ${base.choice === "trunk" ? "the repository's state" : "an empty state"}, with ${isBrief ? "the lines around the cursor alone" : count(snippets.length, "snippet")}`,
    `${timing.reusedTokens} tokens known, ${timing.replayedTokens} run, ${timing.generatedTokens} written, ${timing.draftedTokens} of them drafted`,
    `waited ${milliseconds(queueMs)}, prompt ${milliseconds(promptMs)}, reading ${milliseconds(prefillMs)}, writing ${milliseconds(decodeMs)}`,
  ];
}
