// Files that have changed, collected until the disk is quiet, so that a checkout of thousands is one message.
//
// Knows paths only. Whether a file may be read at all is the engine's question; what it would never read is dropped here
// so that an `npm install` or a commit does not wake it.

import type { Clock } from "../clock";

/** No change for this long: a checkout, a build or a save is over. */
const QUIET_MS = 300;
/** Something that never ends (a log, a watcher that builds) is told in between. */
const MAX_WAIT_MS = 2000;
/** Beyond this, looking at the whole folder is cheaper than the list. */
const MAX_PATHS_OF_FOLDER = 20_000;

/** Version control's own files, installed packages and interpreters' caches: never read, and always busy. */
const NEVER_READ = new Set([".git", ".hg", ".svn", ".jj", "node_modules", "__pycache__", ".venv"]);
/** What of git's own says that other files may be read, or that another branch is there. */
const TELLING = new Set([".git", ".git/HEAD", ".git/info/exclude"]);

export class ChangeBatch {
  private readonly pathsByFolder = new Map<string, Set<string>>();
  private firstAt = 0;
  private lastAt = 0;
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly send: (paths: readonly string[]) => void,
  ) {}

  /** `path` is absolute and lies in `folder`. */
  add(folder: string, path: string): void {
    if (!mayMatter(path.slice(folder.length))) return;
    const paths = this.pathsByFolder.get(folder) ?? new Set();
    this.pathsByFolder.set(folder, paths.add(path));
    this.lastAt = this.clock.now();
    if (this.cancelTimer) return;
    this.firstAt = this.lastAt;
    this.wait();
  }

  /** Forgets what has not been sent. */
  clear(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    this.pathsByFolder.clear();
  }

  private wait(): void {
    const sendAt = Math.min(this.lastAt + QUIET_MS, this.firstAt + MAX_WAIT_MS);
    const delayMs = sendAt - this.clock.now();
    if (delayMs <= 0) this.flush();
    else this.cancelTimer = this.clock.after(delayMs, () => this.wait());
  }

  private flush(): void {
    const changed = [...this.pathsByFolder].flatMap(([folder, paths]) =>
      paths.size > MAX_PATHS_OF_FOLDER ? [folder] : [...paths],
    );
    this.clear();
    // A folder inside another one reports its files twice.
    this.send([...new Set(changed)]);
  }
}

/** `relativePath` is in the machine's own notation. */
function mayMatter(relativePath: string): boolean {
  const names = relativePath.split(/[\\/]/);
  const inside = names.findIndex((name) => NEVER_READ.has(name));
  return inside === -1 || TELLING.has(names.slice(inside).join("/"));
}
