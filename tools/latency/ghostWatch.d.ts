/** What the page remembers between the key and the ghost text; times of `performance.now()`, 0 for not yet. */
interface Window {
  ghostWatch: { keyAt: number; seenAt: number };
}
