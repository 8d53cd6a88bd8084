// VS Code's store for secrets, in memory.

import type * as vscode from "vscode";

export function fakeSecrets(): vscode.SecretStorage {
  const values = new Map<string, string>();
  return {
    get: async (key: string) => values.get(key),
    store: async (key: string, value: string) => void values.set(key, value),
    delete: async (key: string) => void values.delete(key),
  } as unknown as vscode.SecretStorage;
}
