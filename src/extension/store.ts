/** VS Code's Memento. */
export interface Store {
  get(key: string): unknown;
  update(key: string, value: unknown): unknown;
}
