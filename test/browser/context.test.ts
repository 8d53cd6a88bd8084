import assert from "node:assert/strict";
import { expectSoon } from "../../tools/workbench/expectSoon.mjs";
import { useWorkbench } from "./support/useWorkbench";

const FILES = {
  "shop/prices.py": `def discounted_total(prices, discount):
    """The sum of all prices, less the discount."""
    return sum(prices) * (1 - discount)
`,
  "shop/checkout.py": `from shop.prices import discounted_total


def checkout(cart):
    prices = [item.price for item in cart]
`,
  ".env": "SHOP_TOKEN=do-not-read-4711\n",
};

describe("what the model saw", () => {
  const session = useWorkbench({ name: "context", files: FILES });

  it("lists the repository's files and the snippets of a completion, and no secret", async () => {
    const { workbench } = session();
    await workbench.openFile("checkout.py");
    await workbench.waitForStatus("ready");
    await workbench.placeCursor(6, 1);
    await workbench.type("    return disc");
    await workbench.waitForGhostText();

    const rows = await workbench.openContext();
    // The first completion may have come before the repository was read; each try asks for another.
    let column = 16;
    const completeAgain = async () => {
      column = column === 16 ? 15 : 16;
      await workbench.placeCursor(6, column);
      await workbench.runCommand("Griffin: Complete Here");
      return (await rows.allTextContents()).join("\n");
    };
    const seen = await expectSoon("the snippet's row", completeAgain, (text) => text.includes("1 snippet"));
    assert.match(seen, /shop\/checkout\.py/);
    assert.ok(!seen.includes(".env"), seen);
    assert.deepEqual(await workbench.notifications(), []);
  });
});
