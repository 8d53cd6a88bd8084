import assert from "node:assert/strict";
import { Emitter } from "../../../../src/extension/emitter";
import { EngineMemory } from "../../../../src/extension/engineProcess/engineMemory";
import type { EngineNews, EngineStatus } from "../../../../src/extension/engineProcess/engineSupervisor";
import { fakeSummary } from "../../../support/fakeEngineProcess";

describe("what the engine takes of memory", () => {
  it("is what it said last, and nothing without an engine", () => {
    const engine = { onStatus: new Emitter<EngineStatus>(), onMessage: new Emitter<EngineNews>() };
    const memory = new EngineMemory(engine);
    const seen: (number | undefined)[] = [memory.bytes];
    memory.onChange.on(() => seen.push(memory.bytes));
    engine.onStatus.fire({ type: "starting" });
    engine.onStatus.fire({ type: "ready", model: { ...fakeSummary, residentBytes: 400e6 } });
    for (const residentBytes of [570e6, 570_001e3, 580e6]) engine.onMessage.fire({ type: "pong", residentBytes });
    const progress = { folder: "/work", phase: "done", filesRead: 1, filesTotal: 1, tokens: 9 } as const;
    engine.onMessage.fire({ type: "reading", progress, residentBytes: 780e6 });
    engine.onStatus.fire({ type: "stopped", why: "resting" });
    assert.deepEqual(seen, [undefined, 400e6, 570e6, 580e6, 780e6, undefined]);
  });
});
