// Before the first question leaves for an endpoint, the user is asked, once for each address. The answer is remembered here.

import { keptAddress } from "../../secrets/keptAddress";
import type { Store } from "../../store";
import type { Endpoint } from "./address";

const KEY = "griffin.chatEndpoints";

export class EndpointConsents {
  /** @param store for all workspaces */
  constructor(private readonly store: Store) {}

  has({ address, machine }: Endpoint): boolean {
    return this.addresses.includes(keptAddress(address, machine));
  }

  async give({ address, machine }: Endpoint): Promise<void> {
    await this.store.update(KEY, [...new Set([...this.addresses, keptAddress(address, machine)])]);
  }

  private get addresses(): readonly unknown[] {
    const stored = this.store.get(KEY);
    return Array.isArray(stored) ? stored : [];
  }
}

/** What is asked, and the button that says yes. */
export function consentQuestion({ base, host, name, isOnThisMachine, machine }: Endpoint) {
  const isReadable = base.protocol === "http:" && !isOnThisMachine;
  return {
    message: `Send the chat's questions to ${name}?`,
    detail: [
      "The setting griffin.chat.endpoint asks for this. " +
        `Your questions, what you attach, and the passages of the repository that fit them ${
          isOnThisMachine ? `go to another program on ${machine?.name ?? "this machine"}` : "leave this machine"
        }. Files that are ignored or secret do not, nor does what you asked elsewhere before. Completions stay with the ` +
        "model on this machine.",
      ...(isReadable ? ["The connection is not encrypted (http): anyone on the way can read it."] : []),
      "You are asked once for each address.",
    ].join("\n\n"),
    accept: `Send to ${host}`,
  };
}
