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
    const labels = async () => (await rows.allTextContents()).join("\n");
    const seen = await expectSoon("the completion's rows", labels, (text) => text.includes("prices.py"), 30_000);
    assert.ok(!seen.includes(".env"), seen);
    assert.deepEqual(await workbench.notifications(), []);
  });
});
