// VS Code's store for a workspace, in memory.

export function fakeStore(stored: Readonly<Record<string, unknown>> = {}) {
  const values = new Map<string, unknown>(Object.entries(stored));
  return {
    values,
    get: (key: string) => values.get(key),
    // As VS Code's: JSON, and nothing for undefined.
    update: (key: string, value: unknown) =>
      value === undefined ? values.delete(key) : values.set(key, JSON.parse(JSON.stringify(value))),
  };
}
