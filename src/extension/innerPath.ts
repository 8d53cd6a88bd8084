/** Whether a path, with forward slashes, stays in the folder that it is relative to. */
export function isInnerPath(path: string): boolean {
  if (path === "" || /[\\:\0]/.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
