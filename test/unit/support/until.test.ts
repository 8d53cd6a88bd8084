import assert from "node:assert/strict";
import { until } from "../../support/until";

describe("a wait", () => {
  it("has what is wanted as soon as it is seen", async () => {
    let looks = 0;
    const seen = await until(
      "it was looked at three times",
      async () => ++looks,
      (count) => count === 3,
    );
    assert.deepEqual([seen, looks], [3, 3]);
  });

  it("has an end, and says then what it was for, and what there was instead", async () => {
    const weather = () => ({ sky: "blue" });
    await assert.rejects(
      until("it rains", weather, () => false, 10),
      { message: "Waited 10 ms in vain until it rains; last saw { sky: 'blue' }" },
    );
  });
});
