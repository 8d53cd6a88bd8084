// "Griffin: Show Diagnostics": asks VS Code, the machine and the engine, and shows what diagnostics.ts makes of it in a
// document that can be copied, and that closes without a question: it cannot be changed.

import { readdir, readFile } from "node:fs/promises";
import { cpus, homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { availableMemoryBytes, totalMemoryBytes } from "../../machine/availableMemory";
import { objectOf, parseJson } from "../../text/json";
import type { CompletionScope } from "../completion/completionScope";
import { DIAGNOSTICS_SCHEME, editorInFront } from "../documents/editorInFront";
import type { EngineClient } from "../engineProcess/engineClient";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import { lastSegment } from "../phrases";
import { changedSettings, isModelBundled } from "../settings/config";
import { type ChangedSetting, type DiagnosticFacts, describeDiagnostics } from "./diagnostics";

export interface DiagnosticsContext {
  readonly extension: vscode.Extension<unknown>;
  readonly supervisor: EngineSupervisor;
  readonly client: EngineClient;
  readonly scope: CompletionScope;
  /** Where states are saved. */
  readonly stateFolder: string;
  /** The folder of the model that is used. */
  readonly modelFolder: () => string;
}

/** An engine that hangs is what somebody may want to report. */
const PATIENCE_MS = 2_000;

/** Each time another document: VS Code shows one that is open as it was. */
export async function showDiagnostics(): Promise<void> {
  const uri = vscode.Uri.parse(`${DIAGNOSTICS_SCHEME}:Griffin Code diagnostics.md?${Date.now()}`);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}

/** Has VS Code ask for a document when it is opened, also by itself in a window that was open before. */
export function provideDiagnostics(context: DiagnosticsContext): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(DIAGNOSTICS_SCHEME, {
    provideTextDocumentContent: async () => describeDiagnostics(await gather(context)),
  });
}

async function gather(context: DiagnosticsContext): Promise<DiagnosticFacts> {
  const { extension, supervisor, client } = context;
  const ownPaths = [context.modelFolder(), context.stateFolder, extension.extensionPath];
  const front = editorInFront()?.document;
  const asked = await client.report(AbortSignal.timeout(PATIENCE_MS));
  const { remoteName } = vscode.env;
  return {
    versions: { extension: extension.packageJSON.version, editor: vscode.version, node: process.versions.node },
    machine: {
      platform: `${process.platform}-${process.arch}`,
      processor: cpus()[0]?.model.trim() ?? "unknown processor",
      cores: cpus().length,
      memoryBytes: totalMemoryBytes(),
      freeBytes: await availableMemoryBytes(),
      ...(remoteName !== undefined && { remote: remoteName }),
    },
    engine: supervisor.status,
    isBundledModel: isModelBundled(),
    modelNames: isModelBundled() ? [] : await namesOf(context.modelFolder()),
    isTrusted: vscode.workspace.isTrusted,
    ...(asked.type === "success" && { report: asked.report }),
    ...(front && {
      document: { languageId: front.languageId, lines: front.lineCount, scope: context.scope.of(front) },
    }),
    paths: [...ownPaths, homedir(), ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath)],
    settings: settingsOf(extension, front),
  };
}

/** What sentences about a model of the user's may call it and its files, as far as they can be read. */
async function namesOf(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder).catch(() => []);
  const about = parseJson(await readFile(join(folder, "model.json"), "utf8").catch(() => ""));
  const { name, displayName, files: listed } = objectOf(about);
  const names: readonly unknown[] = [
    lastSegment(folder),
    ...files,
    name,
    displayName,
    ...Object.keys(objectOf(listed)),
  ];
  return names.filter((name) => typeof name === "string" && !FORMAT_NAMES.has(name)) as string[];
}

/** Every model's files are called so. */
const FORMAT_NAMES: ReadonlySet<unknown> = new Set(["model.json", "tokenizer.json"]);

function settingsOf(extension: vscode.Extension<unknown>, front: vscode.TextDocument | undefined): ChangedSetting[] {
  const declared = declaredSettings(extension);
  const changed = changedSettings(Object.keys(declared), front);
  return [...changed].map(([name, value]) => ({ name, value, choices: declared[`griffin.${name}`]?.enum ?? [] }));
}

/** By their whole names, as package.json declares them in groups. */
function declaredSettings({ packageJSON }: vscode.Extension<unknown>): Readonly<Record<string, DeclaredSetting>> {
  const groups: readonly { properties: Record<string, DeclaredSetting> }[] = packageJSON.contributes.configuration;
  return Object.assign({}, ...groups.map(({ properties }) => properties));
}

interface DeclaredSetting {
  readonly enum?: readonly unknown[];
}
