// What is said of an error. Our own are sentences with a next step; the system's have a code.

import { ModelFault } from "../engine/model/modelFault";
import { isDiskFull } from "../machine/diskFull";
import type { ModelFaultKind } from "../protocol/modelFaultKind";

/** What the system calls the listing of a folder. */
const LISTS = ["scandir", "opendir"];

export function sentenceOf(error: unknown): string {
  if (error instanceof ModelFault) return `${error.message} ${NEXT_STEPS[error.kind]}`;
  const { code, path, message, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== undefined && isDiskFull(error))
    return `The disk is full${placeOf(path)}. Free some space, then run this again.`;
  switch (code) {
    case "ENOENT":
      if (syscall === "uv_cwd")
        return "The folder that this was started in is gone. Go to another, then run this again.";
      return path === undefined ? message : `There is no ${path}. Check the path.`;
    case "EACCES":
    case "EPERM":
      return path === undefined ? message : `${path} cannot be opened. Check its permissions.`;
    case "ENOTDIR":
      // Who asks for what lies in a folder hears the whole path, whichever part of it is none.
      if (path !== undefined && syscall !== undefined && !LISTS.includes(syscall))
        return `There is no ${path}: a part of that is a file. Check the path.`;
      return `${path ?? "What you named"} is not a folder. Check the path.`;
    case "EROFS":
      return `Nothing can be written there${placeOf(path)}: the disk is read-only. Name another place.`;
    case "EISDIR":
      return `${path ?? "What you named"} is a folder. Name a file.`;
    default:
      return message;
  }
}

const NEXT_STEPS: Readonly<Record<ModelFaultKind, string>> = {
  noFolder: "Name the folder of a model with --model.",
  noModelJson: "Name the folder of a model with --model.",
  damaged:
    "Convert the model again, or name another with --model; if it is the bundled one, install Griffin Code again.",
  suspect: "If `griffin doctor` finds a damaged file, convert the model again; else name another with --model.",
  otherVersion: "Update Griffin Code, or convert the model again.",
  noMemory: "Close other programs, or name a smaller model with --model.",
  // Also of a checkpoint that is converted.
  damagedTokenizer: "Fetch its tokenizer.json from where the model came from, and convert the model again.",
  unknownTokenizer: "Name another model.",
};

function placeOf(path: string | undefined): string {
  return path === undefined ? "" : ` (${path})`;
}
