/** VS Code's Memento. */
export interface Store {
  get(key: string): unknown;
  update(key: string, value: unknown): unknown;
}

/**
 * Keeps a value; nobody waits for it.
 * @param loss what follows where it cannot be kept: the beginning of a sentence, which ends with the reason
 */
export async function keep(
  store: Store,
  key: string,
  value: unknown,
  loss: string,
  tell: (sentence: string) => void,
): Promise<void> {
  try {
    await store.update(key, value);
  } catch (error) {
    tell(`${loss}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
