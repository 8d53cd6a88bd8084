// What the command's own process takes in memory.

/** The most that it ever was, of the model, what was read and all else. */
export function mostMemoryBytes(): number {
  return 1024 * process.resourceUsage().maxRSS;
}
