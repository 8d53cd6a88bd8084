// The chat's endpoint in VS Code: its settings, its key, and the question before the first question.

import * as vscode from "vscode";
import type { EngineClient } from "../../engineProcess/engineClient";
import type { Log } from "../../log";
import { ask, offer } from "../../say";
import { AddressSecrets } from "../../secrets/addressSecrets";
import { remoteMachine } from "../../secrets/remoteMachine";
import { chatEndpoint, chatEndpointModel } from "../../settings/config";
import type { Answerer } from "../answerer";
import { type Endpoint, endpointOf } from "./address";
import { consentQuestion, EndpointConsents } from "./consent";
import { EndpointAnswerer } from "./endpointAnswerer";
import { EndpointClient } from "./endpointClient";
import { EndpointFault } from "./faults";

/** A server with many users, or a long prompt on a slow machine, takes its time; Stop is there for the impatient. */
const STALL_MS = 180_000;

export interface ChatEndpointParts {
  readonly context: Pick<vscode.ExtensionContext, "globalState" | "secrets">;
  readonly client: EngineClient;
  readonly log: Log;
}

export class ChatEndpoint {
  readonly keys: AddressSecrets;
  readonly consents: EndpointConsents;

  constructor(private readonly parts: ChatEndpointParts) {
    this.consents = new EndpointConsents(parts.context.globalState);
    this.keys = new AddressSecrets(parts.context.secrets, {
      prefix: "griffin.chatEndpointKey",
      question: (address) => {
        const { host, name } = endpointOf(address, remoteMachine())!;
        return {
          title: `Key of ${host}`,
          prompt: `The API key for the chat. It is kept in your system's store for secrets and sent only to ${name}. Leave empty for none.`,
        };
      },
    });
  }

  /** The endpoint that is set, or why what is set is none. Undefined when nothing is set. */
  get current(): Endpoint | EndpointFault | undefined {
    try {
      return endpointOf(chatEndpoint(), remoteMachine());
    } catch (error) {
      if (error instanceof EndpointFault) return error;
      throw error;
    }
  }

  answererFor(endpoint: Endpoint): Answerer {
    const { client: engine, log } = this.parts;
    return new EndpointAnswerer({
      endpoint,
      engine,
      log,
      model: chatEndpointModel(),
      client: async () => {
        const key = await this.keys.get(endpoint.address);
        return new EndpointClient({ endpoint, key, stallMs: STALL_MS });
      },
      mayAsk: () => this.mayAsk(endpoint),
    });
  }

  /** The command: asks for the key of the endpoint that is set. */
  async setKey(): Promise<void> {
    const { current } = this;
    if (current instanceof EndpointFault) await offerSettings(current.message);
    else if (current !== undefined) await this.keys.ask(current.address);
    else await offerSettings("there is no chat endpoint. Set its address in `griffin.chat.endpoint` first.");
  }

  private async mayAsk(endpoint: Endpoint): Promise<boolean> {
    if (this.consents.has(endpoint)) return true;
    const { message, detail, accept } = consentQuestion(endpoint);
    if ((await ask(message, detail, [accept])) !== accept) return false;
    // That it cannot be remembered is no reason not to answer.
    await this.consents.give(endpoint).catch((error) => this.parts.log.warn(`The consent was not kept: ${error}`));
    return true;
  }
}

async function offerSettings(message: string): Promise<void> {
  const open = "Open Settings";
  if ((await offer(message, [open], "warning")) !== open) return;
  await vscode.commands.executeCommand("griffin.openSettings", "griffin.chat.endpoint");
}
