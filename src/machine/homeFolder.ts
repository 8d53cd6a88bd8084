// The user's own folder. Not every user has one: a container may run programs as somebody whom its system does not know.

import { homedir } from "node:os";

export function homeFolder(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
