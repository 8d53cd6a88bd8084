// The access tokens of model hubs: one for each, so that a mirror never gets the token of another.

import type * as vscode from "vscode";
import { AddressSecrets } from "../addressSecrets";
import { tokenQuestion } from "./installText";

export function hubTokens(store: vscode.SecretStorage): AddressSecrets {
  return new AddressSecrets(store, {
    prefix: "griffin.hubToken",
    question: tokenQuestion,
  });
}
