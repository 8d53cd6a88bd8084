// What may have changed in a folder and was not looked at yet. Knows paths; no disk.

export class PendingChanges {
  readonly #paths = new Set<string>();
  #isAny = true;

  /** @param paths absolute */
  add(paths: Iterable<string>): void {
    for (const path of paths) this.#paths.add(path);
  }

  /** Any file may have changed, as at the beginning. */
  addAny(): void {
    this.#isAny = true;
  }

  get isAny(): boolean {
    return this.#isAny;
  }

  /** Whether there are some that are known by name. */
  get hasPaths(): boolean {
    return this.#paths.size > 0;
  }

  /** Looks at all that has changed. When `look` is cut short, any file may have. */
  async take(look: (paths: readonly string[], isAny: boolean) => Promise<void>): Promise<void> {
    const isAny = this.#isAny;
    this.#isAny = false;
    await this.takePaths((paths) => look(paths, isAny));
  }

  /** As `take`, and what is not known by name stays for later. */
  async takePaths(look: (paths: readonly string[]) => Promise<void>): Promise<void> {
    const paths = [...this.#paths];
    this.#paths.clear();
    try {
      await look(paths);
    } catch (error) {
      this.#isAny = true;
      throw error;
    }
  }
}
