// Where a setting whose value is a table has one of its entries from. VS Code puts the tables of all levels together, entry
// by entry, and takes the innermost where several have the same.

/** As vscode.WorkspaceConfiguration.inspect names them. */
export interface LevelValues<T> {
  readonly globalValue?: Readonly<Record<string, T>>;
  readonly workspaceValue?: Readonly<Record<string, T>>;
  readonly workspaceFolderValue?: Readonly<Record<string, T>>;
}

export type Level = "user" | "workspace" | "folder";

/** The level that decides about `entry`, which is the user's when none says anything, and the table that it has. */
export function levelOf<T>(
  values: LevelValues<T>,
  entry: string,
): { level: Level; table: Readonly<Record<string, T>> } {
  const { workspaceFolderValue: folder, workspaceValue: workspace, globalValue: user = {} } = values;
  if (folder?.[entry] !== undefined) return { level: "folder", table: folder };
  if (workspace?.[entry] !== undefined) return { level: "workspace", table: workspace };
  return { level: "user", table: user };
}
