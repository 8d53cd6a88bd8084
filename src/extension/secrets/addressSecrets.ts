// Tokens and keys that are sent to one address alone, kept by VS Code in the system's own store for secrets: no other
// server, nor a mirror, ever gets one. Whoever asks says what of an address counts: its origin for a model hub.

import * as vscode from "vscode";
import { sayInPassing, withoutLinks } from "../say";
import { keptAddress } from "./keptAddress";
import { remoteMachine } from "./remoteMachine";

export interface AddressSecretOptions {
  /** What the entries in the store begin with. */
  readonly prefix: string;
  /** What the user reads when one for `address` is asked for. */
  readonly question: (address: string) => { readonly title: string; readonly prompt: string };
}

export class AddressSecrets {
  constructor(
    private readonly store: vscode.SecretStorage,
    private readonly options: AddressSecretOptions,
  ) {}

  get(address: string): Thenable<string | undefined> {
    return this.store.get(this.entry(address));
  }

  /** An empty secret is none. */
  async set(address: string, secret: string): Promise<void> {
    if (secret.trim() === "") await this.store.delete(this.entry(address));
    else await this.store.store(this.entry(address), secret.trim());
  }

  /** Asks for a secret and keeps it, or removes the one that is kept. Undefined when the user would rather not. */
  async ask(address: string): Promise<string | undefined> {
    const { title, prompt } = this.options.question(address);
    const isOneKept = (await this.get(address)) !== undefined;
    const secret = await vscode.window.showInputBox({
      title,
      prompt: withoutLinks(prompt),
      // It cannot be shown, and an empty box looks as if there were none.
      ...(isOneKept && { placeHolder: "One is kept. Empty removes it; Escape keeps it." }),
      password: true,
      ignoreFocusOut: true,
      // What else there is in it could not be sent in a header.
      validateInput: (text) =>
        /^[\x21-\x7e]*$/.test(text.trim())
          ? undefined
          : "Only letters, digits and punctuation, no spaces. Did you copy all of it?",
    });
    if (secret === undefined) return undefined;
    await this.set(address, secret);
    if (secret.trim() !== "") sayInPassing(`${title}: kept.`);
    else if (isOneKept) sayInPassing(`${title}: removed.`);
    return secret;
  }

  private entry(address: string): string {
    return `${this.options.prefix}.${keptAddress(address, remoteMachine())}`;
  }
}
