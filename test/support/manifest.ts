// package.json as VS Code reads it.

import { readFileSync } from "node:fs";

export interface DeclaredSetting {
  readonly type: string;
  readonly scope: string;
  readonly default: unknown;
  readonly maximum?: number;
  readonly enum?: readonly unknown[];
  readonly tags?: readonly string[];
  readonly markdownDescription: string;
}

export const manifest = JSON.parse(readFileSync("package.json", "utf8"));

/** The ids of the commands that VS Code lists. */
export const declaredCommands: ReadonlySet<string> = new Set(
  manifest.contributes.commands.map(({ command }: { readonly command: string }) => command),
);

/** The settings of all groups, by their whole names. */
export const declaredSettings: Readonly<Record<string, DeclaredSetting>> = Object.assign(
  {},
  ...manifest.contributes.configuration.map(({ properties }: { readonly properties: object }) => properties),
);
