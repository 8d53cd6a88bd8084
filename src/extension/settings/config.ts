// One typed getter for each setting. Nobody else reads settings.

import { homedir } from "node:os";
import { join, resolve } from "node:path";
import * as vscode from "vscode";
import type { TextKind } from "../../ghostText/heldList";
import { mostThreads } from "../../machine/mostThreads";
import { isObject } from "../../text/json";
import { fileUriOf } from "../documents/documentPath";
import { cellOf } from "../documents/notebookCell";
import { exclusions, hasAllOf, isLanguageEnabled, type Level, languageTable, levelOf, ofKind } from "./settingValue";

/** Whether completions are on, by language id; `*` stands for all that are not named. */
export function enabledLanguages(scope: vscode.ConfigurationScope | undefined): Readonly<Record<string, boolean>> {
  return languageTable(configurationOf("griffin", scope).get("enable"));
}

/** Whether completions are on for the document's language. */
export function isEnabledFor(document: vscode.TextDocument): boolean {
  return isLanguageEnabled(enabledLanguages(document), document.languageId);
}

/** Whether GitHub Copilot's own settings let it suggest in the document by itself. */
export function isCopilotEnabledFor(document: vscode.TextDocument): boolean {
  const copilot = configurationOf("github.copilot", document);
  const isOn = isLanguageEnabled(languageTable(copilot.get("enable")), document.languageId);
  return isOn && ofKind(copilot.get("editor.enableAutoCompletions"), true);
}

const TARGETS: Readonly<Record<Level, vscode.ConfigurationTarget>> = {
  user: vscode.ConfigurationTarget.Global,
  workspace: vscode.ConfigurationTarget.Workspace,
  folder: vscode.ConfigurationTarget.WorkspaceFolder,
};

/**
 * Turns completions on or off for `scope`, where it is said already: in its folder or in the workspace if they say it.
 * @param entry a language id, or `*`
 */
export async function setCompletionsEnabled(
  scope: vscode.TextDocument | undefined,
  entry: string,
  isEnabled: boolean,
): Promise<void> {
  const configuration = vscode.workspace.getConfiguration("griffin", scope && fileUriOf(scope));
  const values = configuration.inspect<unknown>("enable");
  const { level, table } = levelOf(values ?? {}, entry);
  const changed = { ...table, [entry]: isEnabled };
  // What a workspace says may be said against the user.
  const isDefault = level === "user" && hasAllOf(languageTable(values?.defaultValue), changed);
  await configuration.update("enable", isDefault ? undefined : changed, TARGETS[level]);
}

export function completionTrigger(scope: vscode.ConfigurationScope | undefined): "automatic" | "manual" {
  return read("completion.trigger", "automatic", scope);
}

/** Patterns of files in which there are no completions, with those that the folder of `scope` adds. */
export function completionExclusions(scope: vscode.ConfigurationScope | undefined): readonly string[] {
  return exclusions(configurationOf("griffin", scope).inspect<unknown>("completion.exclude"));
}

/** VS Code's own switch for ghost text, whoever gives it. Off: it comes when it is asked for. */
export function isGhostTextOn(scope: vscode.ConfigurationScope | undefined): boolean {
  return ofKind(configurationOf("editor", scope).get("inlineSuggest.enabled"), true);
}

/** Whether VS Code holds its list of suggestions back in such text, while ghost text may come: in code by default since 1.125. */
export function isListHeldBack(kind: TextKind, scope: vscode.ConfigurationScope | undefined): boolean {
  const value = configurationOf("editor", scope).get<unknown>("quickSuggestions");
  return (isObject(value) ? value[kind] : value) === "offWhenInlineCompletions";
}

/** As VS Code asks it when it finds one; while it is not known ("auto"), extensions are not told what it finds. */
export function isScreenReaderInUse(): boolean {
  return configurationOf("editor", undefined).get("accessibilitySupport") === "on";
}

/** In the extension's own folder. */
export const BUNDLED_MODEL = "models/griffin-code-small";

/** The model folder that the user names, or the bundled one. */
export function modelFolder(bundledModel: string): string {
  return isModelBundled() ? bundledModel : resolved(modelPath());
}

/** The folder that the user's own settings name: where a workspace names another one, that is used instead. Undefined: none. */
export function userModelFolder(): string | undefined {
  const values = vscode.workspace.getConfiguration("griffin").inspect<string>("model.path");
  const path = ofKind(values?.globalValue, "").trim();
  return path === "" ? undefined : resolved(path);
}

function resolved(path: string): string {
  // A relative path can only come from a workspace, or mean one.
  return resolve(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir(), withHome(path));
}

/** A path that may begin with `~`. */
function withHome(path: string): string {
  return path === "~" || path.startsWith("~/") || path.startsWith("~\\") ? join(homedir(), path.slice(1)) : path;
}

export function isModelBundled(): boolean {
  return modelPath() === "";
}

function modelPath(): string {
  return read("model.path", "").trim();
}

/** Chooses the model for all windows; undefined: the bundled one. A workspace's own choice stays. */
export async function setModelPath(folder: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration("griffin").update("model.path", folder, vscode.ConfigurationTarget.Global);
}

/** Also where it sets no path, for the bundled one. */
export function isModelSetByWorkspace(): boolean {
  return vscode.workspace.getConfiguration("griffin").inspect<string>("model.path")?.workspaceValue !== undefined;
}

/** Address of the model hub or a mirror of it, as the user wrote it. */
export function modelsEndpoint(): string {
  return read("models.endpoint", "");
}

/** Where models are kept from now on, as the user wrote it, but for `~`; empty: in VS Code's storage. */
export function modelsFolder(): string {
  return withHome(read("models.folder", "").trim());
}

/** Whether downloaded checkpoints stay on the disk after their conversion. */
export function keepDownloads(): boolean {
  return read("models.keepDownloads", false);
}

/** Address of an OpenAI-compatible endpoint for the chat, as the user wrote it; empty: none. */
export function chatEndpoint(): string {
  return read("chat.endpoint", "");
}

/** The model to ask there; empty: the first that it lists. */
export function chatEndpointModel(): string {
  return read("chat.endpointModel", "").trim();
}

/** Threads for the model's arithmetic; 0 lets the engine choose. */
export function engineThreads(): number {
  return Math.min(mostThreads(), Math.max(0, Math.floor(read("engine.threads", 0))));
}

/** Minutes without anybody at the window after which the model's memory is given back; 0: never. */
export function unloadAfterMinutes(): number {
  return Math.max(0, read("engine.unloadAfterMinutes", 15));
}

/** Whether somebody has set these minutes: then they are kept to, whatever else there would be to consider. */
export function hasUnloadMinutes(): boolean {
  return isSet("griffin.engine.unloadAfterMinutes");
}

/** The default number of tokens is a matter of minutes for a small model and of hours for a large one. */
const MOST_READING_MS = 15 * 60_000;

/** As package.json has it, which a value in a settings file need not keep to. */
const MOST_REPOSITORY_TOKENS = 10_000_000;

/** What a folder's own settings may say otherwise than the workspace's. */
export interface FolderSettings {
  readonly read: boolean;
  readonly exclude: readonly string[];
  /** VS Code's own name of the encoding that files are in unless they tell another. */
  readonly encoding: string;
}

/** @param folder undefined: what holds for folders that say nothing themselves */
export function folderSettings(folder: vscode.Uri | undefined): FolderSettings {
  return {
    read: read("repository.read", true, folder),
    exclude: exclusions(configurationOf("griffin", folder).inspect<unknown>("repository.exclude")),
    encoding: ofKind(configurationOf("files", folder).get("encoding"), "utf8"),
  };
}

export interface RepositoryLimits {
  readonly maxTokens: number;
  /** See the engine's options. */
  readonly maxReadMs?: number;
  /** What all workspaces' saved states may take; 0 keeps none. */
  readonly diskMegabytes: number;
}

export function repositoryLimits(): RepositoryLimits {
  return {
    maxTokens: Math.min(MOST_REPOSITORY_TOKENS, Math.max(0, Math.floor(read("repository.maxTokens", 200_000)))),
    // Who has chosen a number means it.
    ...(!isSet("griffin.repository.maxTokens") && { maxReadMs: MOST_READING_MS }),
    diskMegabytes: Math.max(0, read("repository.diskMegabytes", 1024)),
  };
}

/** Whether the model's reading of the repository waits while the machine runs on its battery. */
export function pausesOnBattery(): boolean {
  return read("repository.pauseOnBattery", true);
}

/** @param scope absent: what holds for the whole window */
function read<T>(name: string, fallback: T, scope?: vscode.ConfigurationScope): T {
  return ofKind(configurationOf("griffin", scope).get(name), fallback);
}

/**
 * Those that somebody has set, for all languages or for that of `scope`, by the rest of their names, with the values that hold.
 * @param names whole ones, `griffin.enable`
 */
export function changedSettings(
  names: readonly string[],
  scope: vscode.ConfigurationScope | undefined,
): ReadonlyMap<string, unknown> {
  const configuration = configurationOf(undefined, scope);
  const changed = names.filter((name) => isSet(name, configuration));
  return new Map(changed.map((name) => [name.replace(/^griffin\./, ""), configuration.get(name)]));
}

/** @param name the whole one */
function isSet(name: string, configuration = configurationOf(undefined, undefined)): boolean {
  const found = configuration.inspect(name);
  return isAnySet(found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue) || hasLanguageValue(found);
}

/**
 * Whether somebody has set it for the language of `scope`, which comes before what is set for all.
 * @param name the whole one
 */
export function isSetForLanguage(name: string, scope: vscode.ConfigurationScope | undefined): boolean {
  return hasLanguageValue(configurationOf(undefined, scope).inspect(name));
}

function hasLanguageValue(found: ReturnType<vscode.WorkspaceConfiguration["inspect"]>): boolean {
  return isAnySet(found?.globalLanguageValue, found?.workspaceLanguageValue, found?.workspaceFolderLanguageValue);
}

function isAnySet(...values: readonly unknown[]): boolean {
  return values.some((value) => value !== undefined);
}

/** For a notebook's cell the settings of its notebook's folder, with the cell's language. */
function configurationOf(
  section: string | undefined,
  scope: vscode.ConfigurationScope | undefined,
): vscode.WorkspaceConfiguration {
  const cell = isDocument(scope) ? cellOf(scope) : undefined;
  const ofFile = cell && { uri: cell.notebook.uri, languageId: cell.document.languageId };
  return vscode.workspace.getConfiguration(section, ofFile ?? scope);
}

function isDocument(scope: vscode.ConfigurationScope | undefined): scope is vscode.TextDocument {
  return scope !== undefined && "uri" in scope && scope.uri !== undefined && "languageId" in scope;
}
