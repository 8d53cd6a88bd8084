// What a setting's value means. VS Code marks one of the wrong kind where it is written, and hands it over all the same.

import { isDeepStrictEqual } from "node:util";

/** As vscode.WorkspaceConfiguration.inspect names them; the values as they are written. */
export interface LevelValues {
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
}

/** `value` if it is of the kind of `fallback`, else that. */
export function ofKind<T>(value: unknown, fallback: T): T {
  return typeof value === typeof fallback && value !== null ? (value as T) : fallback;
}

/** The table of `griffin.enable`; a plain `true` or `false` can only mean all languages. */
export function languageTable(value: unknown): Readonly<Record<string, boolean>> {
  if (typeof value === "boolean") return { "*": value };
  const entries = Object.entries(ofKind<object>(value, {}));
  return Object.fromEntries(entries.filter(([, isEnabled]) => typeof isEnabled === "boolean"));
}

export type Level = "user" | "workspace" | "folder";

/**
 * The level that decides about `entry` of `griffin.enable`, which is the user's when none says anything, and the table that it has.
 * VS Code puts the tables of all levels together, entry by entry, and takes the innermost where several have the same; a plain
 * `true` or `false` hides what the levels outside of it say.
 */
export function levelOf(
  { workspaceFolderValue: folder, workspaceValue: workspace, globalValue: user }: LevelValues,
  entry: string,
): { level: Level; table: Readonly<Record<string, boolean>> } {
  const decides = (value: unknown) => typeof value === "boolean" || languageTable(value)[entry] !== undefined;
  if (decides(folder)) return { level: "folder", table: languageTable(folder) };
  if (decides(workspace)) return { level: "workspace", table: languageTable(workspace) };
  return { level: "user", table: languageTable(user) };
}

/** Whether the table says everything already that `other` says. */
export function hasAllOf(table: Readonly<Record<string, boolean>>, other: Readonly<Record<string, boolean>>): boolean {
  return Object.entries(other).every(([entry, isEnabled]) => table[entry] === isEnabled);
}

/** GitHub Copilot's own table of that kind. */
export const COPILOT_SETTING = "github.copilot.enable";

/** Looks a language up in the `griffin.enable` setting, where `*` stands for all that are not named. */
export function isLanguageEnabled(enable: Readonly<Record<string, boolean>>, languageId: string): boolean {
  return enable[languageId] ?? enable["*"] ?? true;
}

/** The languages whose completions are not as those of all that are not named. */
export function exceptionsIn(enable: Readonly<Record<string, boolean>>): readonly string[] {
  const areOthersEnabled = isLanguageEnabled(enable, "*");
  return Object.keys(enable).filter((id) => id !== "*" && enable[id] !== areOthersEnabled);
}

/** All that a list of patterns says: a folder adds to what its workspace excludes, and that to what the user does. */
export function exclusions(values: LevelValues | undefined): readonly string[] {
  const { workspaceFolderValue: folder, workspaceValue: workspace, globalValue: user } = values ?? {};
  // A workspace that is one folder has the same settings at both levels.
  const levels = isDeepStrictEqual(folder, workspace) ? [workspace, user] : [folder, workspace, user];
  return levels.map(texts).reduce(addedTo);
}

/**
 * As in an ignore file, the last line that matches decides. So the outer level's come last, and the inner one takes nothing
 * away from them. If the outer ones let something in, what the inner ones keep out is repeated after them.
 */
function addedTo(inner: readonly string[], outer: readonly string[]): readonly string[] {
  const again = outer.some(letsIn) ? inner.filter((line) => !letsIn(line)) : [];
  return [...inner, ...outer, ...again];
}

function letsIn(line: string): boolean {
  return line.startsWith("!");
}

/** The texts of a list; none of what is no list. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
