// The access tokens of model hubs: one for each, so that a mirror never gets the token of another.

import type * as vscode from "vscode";
import { OriginSecrets } from "../originSecrets";
import { tokenQuestion } from "./installText";

export function hubTokens(store: vscode.SecretStorage): OriginSecrets {
  return new OriginSecrets(store, {
    prefix: "griffin.hubToken",
    question: tokenQuestion,
  });
}
