/** Whether the path lies in one of the folders, at whatever depth. All of them with "/". */
export function hasAncestorIn(folders: ReadonlySet<string>, path: string): boolean {
  for (let slash = path.indexOf("/"); slash > 0; slash = path.indexOf("/", slash + 1)) {
    if (folders.has(path.slice(0, slash))) return true;
  }
  return false;
}

/** Whether the path is one of them, or lies in one. */
export function isInOneOf(folders: ReadonlySet<string>, path: string): boolean {
  return folders.has(path) || hasAncestorIn(folders, path);
}
