// Whether the chat can be asked just now, and who answers.

import type { ChatAvailability, ChatRemedy, ToldEndpoint } from "../../protocol/webview";
import type { EngineStatus } from "../engineProcess/engineSupervisor";
import type { Endpoint } from "./endpoint/address";
import { EndpointFault } from "./endpoint/faults";

/**
 * With an endpoint, too, it is the engine that finds what a question is about.
 * @param endpoint that is set, or why what is set is none
 * @param machineName of the machine that this window works on, when it is a remote one
 */
export function availabilityOf(
  status: EngineStatus,
  endpoint: Endpoint | EndpointFault | undefined,
  machineName: string | undefined,
): ChatAvailability {
  if (endpoint instanceof EndpointFault) return unavailable(endpoint.message, "openEndpointSettings");
  switch (status.type) {
    case "ready":
      if (endpoint !== undefined) return { type: "endpoint", ...toldOf(endpoint) };
      return {
        type: "ready",
        modelName: status.model.displayName,
        machine: machineName,
        instructionTuned: status.model.instructionTuned,
      };
    case "failed":
      return unavailable(status.message, "restart", "chooseModel", "showLog");
    case "starting":
      return { type: "starting", endpoint: endpoint && toldOf(endpoint) };
    case "stopped":
      return status.why === "unloaded"
        ? unavailable("You have unloaded the model.", "load")
        : unavailable("The model is loaded when you come back to this window.");
  }
}

/** VS Code's command for each remedy, with its parameters. */
export const REMEDY_COMMANDS: Readonly<Record<ChatRemedy, readonly [string, ...string[]]>> = {
  load: ["griffin.restartEngine"],
  restart: ["griffin.restartEngine"],
  chooseModel: ["griffin.chooseModel"],
  showLog: ["griffin.showLog"],
  openEndpointSettings: ["griffin.openSettings", "griffin.chat.endpoint"],
};

function toldOf({ name, isOnThisMachine, machine }: Endpoint): ToldEndpoint {
  return { name, isOnThisMachine, machine: machine?.name };
}

function unavailable(message: string, ...remedies: readonly ChatRemedy[]): ChatAvailability {
  return { type: "unavailable", message, remedies };
}
