import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { EngineClient } from "../../../../src/extension/engineProcess/engineClient";
import { clearStates } from "../../../../src/extension/repository/repositoryCommands";
import { FakeEngineLink } from "../../../support/fakeEngineLink";
import { FakeLog } from "../../../support/fakeLog";
import { FakeWindow } from "../../../support/fakeVscode";

const EVERYTHING = "The saved states of all repositories are removed; 7 MB was freed.";
const THIS = "The saved states of this workspace are removed; 7 MB was freed.";

describe("the command that clears saved states", () => {
  /** What is open, which buttons there are, which one is chosen, what the engine is asked, and what is said at the end. */
  const cases = [
    { folders: [], buttons: ["Clear"], chosen: "Clear", asked: [{}], said: EVERYTHING },
    { folders: ["/a"], buttons: ["Clear", "This Workspace Only"], chosen: "Clear", asked: [{}], said: EVERYTHING },
    {
      ...{ folders: ["/a", "/b"], buttons: ["Clear", "This Workspace Only"], chosen: "This Workspace Only" },
      ...{ asked: [{ folders: ["/a", "/b"] }], said: THIS },
    },
    { folders: ["/a"], buttons: ["Clear", "This Workspace Only"], chosen: undefined, asked: [], said: undefined },
  ];
  for (const { folders, buttons, chosen, asked, said } of cases) {
    it(`removes what is meant: ${chosen ?? "nothing"} with ${folders.length} folders`, async () => {
      const window = new FakeWindow();
      Object.assign(window, { withProgress: (_: unknown, work: () => unknown) => work() });
      const link = new FakeEngineLink();
      const done = clearStates(new EngineClient(link), { stateFolder: "/states", folders }, new FakeLog());
      const [dialog] = window.messages.splice(0);
      assert.deepEqual(dialog!.buttons.slice(1), buttons);
      dialog!.choose(chosen);
      await Promise.resolve();
      await Promise.resolve();
      link.onMessage.fire({ type: "result", of: "clearStates", id: 1, result: { type: "success", bytes: 7e6 } });
      await done;
      assert.deepEqual(
        link.sent,
        asked.map((one) => ({ type: "clearStates", id: 1, ...one })),
      );
      assert.deepEqual(
        window.messages.map(({ text }) => text),
        said === undefined ? [] : [`Griffin: ${said}`],
      );
    });
  }
});
