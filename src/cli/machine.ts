// What is said of the machine, and of what the command takes of it.

import { cpus } from "node:os";

/** Their number and kind. */
export function processors(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model.trim() ?? "unknown processor"}`;
}

/** The most memory that the command's process ever had, of the model, what was read and all else. */
export function mostMemoryBytes(): number {
  return 1024 * process.resourceUsage().maxRSS;
}
