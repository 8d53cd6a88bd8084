import assert from "node:assert/strict";
import { askingAt } from "../../../src/cli/asking";
import { MAX_TOKENS } from "../../../src/ghostText/completionGate";

describe("griffin complete asks as the editor", () => {
  const cases: readonly { it: string; text: string; multiline: boolean; kind: keyof typeof MAX_TOKENS }[] = [
    { it: "for a line within one", text: "x = 1\ny = |\n", multiline: false, kind: "line" },
    { it: "for a block on a blank line", text: "x = 1\n    |\ny = 2\n", multiline: true, kind: "block" },
    { it: "for what the user would have to ask for", text: "x = 1\nre|turn x\n", multiline: false, kind: "invoke" },
  ];
  for (const { it: title, text, multiline, kind } of cases) {
    it(title, () => {
      const asking = askingAt(text.replace("|", ""), text.indexOf("|"));
      assert.deepEqual(asking, { type: "ask", extent: { multiline, maxTokens: MAX_TOKENS[kind] } });
    });
  }
});
