// The access tokens of model hubs, kept by VS Code in the system's own store for secrets. One for each hub: a mirror
// never gets the token of another.

import * as vscode from "vscode";

export class HubTokens {
  constructor(private readonly secrets: vscode.SecretStorage) {}

  get(endpoint: string): Thenable<string | undefined> {
    return this.secrets.get(key(endpoint));
  }

  /** An empty token is none. */
  async set(endpoint: string, token: string): Promise<void> {
    if (token.trim() === "") await this.secrets.delete(key(endpoint));
    else await this.secrets.store(key(endpoint), token.trim());
  }

  /** Asks for a token and keeps it. Undefined when the user would rather not. */
  async ask(endpoint: string): Promise<string | undefined> {
    const { host } = new URL(endpoint);
    const token = await vscode.window.showInputBox({
      title: `Access token of ${host}`,
      prompt: `A token with read access, from ${endpoint}/settings/tokens. It is kept in your system's store for secrets and sent to ${host} alone. Empty: none.`,
      password: true,
      ignoreFocusOut: true,
    });
    if (token !== undefined) await this.set(endpoint, token);
    return token;
  }
}

function key(endpoint: string): string {
  return `griffin.hubToken.${new URL(endpoint).origin}`;
}
