// What the command's own process takes in memory, and how a size is written.

/** The most that it ever was, of the model, what was read and all else. */
export function mostMemoryBytes(): number {
  return 1024 * process.resourceUsage().maxRSS;
}

/** "12.3 MB", "586 MB". */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 99.95e6 ? 1 : 0)} MB`;
}
