// The access tokens of model hubs: one for each, so that a mirror never gets the token of another.

import type * as vscode from "vscode";
import { OriginSecrets } from "../originSecrets";

export function hubTokens(store: vscode.SecretStorage): OriginSecrets {
  return new OriginSecrets(store, {
    prefix: "griffin.hubToken",
    question: (endpoint) => {
      const { host } = new URL(endpoint);
      return {
        title: `Access token of ${host}`,
        prompt: `A token with read access, from ${endpoint}/settings/tokens. It is kept in your system's store for secrets and sent only to ${host}. Leave empty for none.`,
      };
    },
  });
}
