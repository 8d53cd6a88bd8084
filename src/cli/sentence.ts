// What is said of an error. Our own are sentences with a next step; the system's have a code.

import { NoModel } from "../engine/model/modelFolder";

/** What the system calls the listing of a folder. */
const LISTS = ["scandir", "opendir"];

export function sentenceOf(error: unknown): string {
  if (error instanceof NoModel) return `${error.fault} Name the folder of a model with --model.`;
  const { code, path, message, syscall } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOENT":
      return path === undefined ? message : `There is no ${path}. Check the path.`;
    case "EACCES":
    case "EPERM":
      return path === undefined ? message : `${path} cannot be opened. Check its permissions.`;
    case "ENOTDIR":
      // Who asks for what lies in a folder hears the whole path, whichever part of it is none.
      if (path !== undefined && syscall !== undefined && !LISTS.includes(syscall))
        return `There is no ${path}: a part of that is a file. Check the path.`;
      return `${path ?? "What you named"} is not a folder. Check the path.`;
    case "ENOSPC":
    case "EDQUOT":
      return `The disk is full${placeOf(path)}. Free some space, then run this again.`;
    case "EROFS":
      return `Nothing can be written there${placeOf(path)}: the disk is read-only. Name another place.`;
    case "EISDIR":
      return `${path ?? "What you named"} is a folder. Name a file.`;
    default:
      return message;
  }
}

function placeOf(path: string | undefined): string {
  return path === undefined ? "" : ` (${path})`;
}
