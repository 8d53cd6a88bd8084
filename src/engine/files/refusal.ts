// Why the model may not read something: one word for code, one sentence for people.

export const REFUSALS = {
  outside: "it lies outside the workspace folder",
  gone: "it is no longer there",
  notAFile: "it is not a regular file",
  link: "it is a symbolic link, and links are not followed",
  secret: "its name looks like that of a key, credentials or another secret",
  secretText: "it holds a private key or an access token",
  repositoryData: "it belongs to the version control's own data",
  ignored: "git ignores it",
  griffinignore: "a .griffinignore file excludes it",
  excluded: "the setting for excluded files names it",
  vendored: "it lies in a folder of installed packages or tools",
  binary: "it is not text",
  encoding: "it is in an encoding that is not read",
  lock: "it is a lock file",
  generated: "a program made it",
  minified: "it is minified",
  data: "it is data rather than code",
  huge: "it is too big",
  unreadable: "it cannot be opened",
  rulesTooLong: "its ignore files are too long to judge",
  notOnDisk: "its content is in a cloud and not on this disk",
  changing: "it changed while it was being read",
  tooMany: "the folder holds more files than are read",
  switchedOff: "it is switched off",
  unsure: "it is not clear right now what may be read in its folder",
} as const;

export type Refusal = keyof typeof REFUSALS;

/** Why a file is not worth searching, which says nothing against showing it: whoever selects lines of a log has his reasons. */
const UNFIT: ReadonlySet<Refusal> = new Set(["data", "generated", "huge", "lock", "minified"]);

/** Whether what the user has shown of a file for this reason is forbidden, too. */
export function isForbidden(refusal: Refusal | undefined): boolean {
  return refusal !== undefined && !UNFIT.has(refusal);
}

/** Whether it says nothing of the file: in a moment it may be read, or refused for good. */
export function isPassing(refusal: Refusal): boolean {
  return refusal === "unreadable" || refusal === "changing";
}
