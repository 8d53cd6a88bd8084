import assert from "node:assert/strict";
import { availabilityOf } from "../../../../src/extension/chat/availability";
import { endpointOf } from "../../../../src/extension/chat/endpoint/address";
import { EndpointFault } from "../../../../src/extension/chat/endpoint/faults";
import type { EngineStatus } from "../../../../src/extension/engineProcess/engineSupervisor";

const READY = { type: "ready", model: { displayName: "Small", instructionTuned: true } } as EngineStatus;
const ENDPOINT = endpointOf("http://localhost:8000/v1", { name: "box", id: "1" });

describe("who answers in the chat", () => {
  it("is the engine's model, of which machine is told where it is a remote one", () => {
    const model = { type: "ready", modelName: "Small", instructionTuned: true };
    assert.deepEqual(availabilityOf(READY, undefined, undefined), { ...model, machine: undefined });
    assert.deepEqual(availabilityOf(READY, undefined, "box"), { ...model, machine: "box" });
  });

  it("is the endpoint that is set, as soon as the engine can find what a question is about, which is told before", () => {
    const endpoint = { name: "localhost:8000/v1 on box", isOnThisMachine: true, machine: "box" };
    assert.deepEqual(availabilityOf(READY, ENDPOINT, "box"), { type: "endpoint", ...endpoint });
    assert.deepEqual(availabilityOf({ type: "starting" }, ENDPOINT, "box"), { type: "starting", endpoint });
    const message = "The engine ended.";
    assert.deepEqual(availabilityOf({ type: "failed", message }, ENDPOINT, "box"), {
      ...{ type: "unavailable", message, remedies: ["restart", "chooseModel", "showLog"] },
    });
  });

  it("is nobody where what is set is no address, whatever the engine does", () => {
    const fault = new EndpointFault("badAddress", { setting: "there" });
    for (const status of [READY, { type: "starting" }] as const) {
      assert.deepEqual(availabilityOf(status, fault, undefined), {
        ...{ type: "unavailable", message: fault.message, remedies: ["openEndpointSettings"] },
      });
    }
  });

  it("is nobody while the engine is stopped, which says how it starts again", () => {
    const told = (why: "unloaded" | "resting") => availabilityOf({ type: "stopped", why }, undefined, "");
    assert.deepEqual(told("unloaded"), {
      ...{ type: "unavailable", message: "You have unloaded the model.", remedies: ["load"] },
    });
    assert.match(JSON.stringify(told("resting")), /loaded when you come back/);
  });
});
