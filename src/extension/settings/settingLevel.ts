// Which level decides about a language in `griffin.enable`. VS Code puts the tables of all levels together, entry by entry, and
// takes the innermost where several have the same; a plain `true` or `false` hides what the levels outside of it say.

import { type LevelValues, languageTable } from "./settingValue";

export type Level = "user" | "workspace" | "folder";

/** The level that decides about `entry`, which is the user's when none says anything, and the table that it has. */
export function levelOf(
  { workspaceFolderValue: folder, workspaceValue: workspace, globalValue: user }: LevelValues,
  entry: string,
): { level: Level; table: Readonly<Record<string, boolean>> } {
  const decides = (value: unknown) => typeof value === "boolean" || languageTable(value)[entry] !== undefined;
  if (decides(folder)) return { level: "folder", table: languageTable(folder) };
  if (decides(workspace)) return { level: "workspace", table: languageTable(workspace) };
  return { level: "user", table: languageTable(user) };
}
