import assert from "node:assert/strict";
import { CompletionQueue } from "../../../../src/engine/completion/completionQueue";
import type { ModelAccess } from "../../../../src/engine/modelAccess";
import { Scheduler } from "../../../../src/engine/scheduler";

/** What becomes of jobs that were begun in this order; each takes a few runs of the model. */
async function endsOf(jobs: readonly ("prepare" | "complete" | "speculate" | "key")[]): Promise<string[]> {
  const queue = new CompletionQueue(new Scheduler());
  const order: number[] = [];
  const begun = jobs.flatMap((job, index) => {
    if (job === "key") {
      queue.stopPreparing();
      return [];
    }
    const work = async (access: ModelAccess) => {
      for (let run = 0; run < 3; run++) await access.nextRun();
      order.push(index);
    };
    return job === "prepare" ? queue.prepare(work) : queue.complete(job === "speculate", work);
  });
  const ends = await Promise.allSettled(begun.map(({ end }) => end));
  return ends.map(({ status }, index) => (status === "rejected" ? "ended" : `${order.indexOf(index) + 1}.`));
}

describe("CompletionQueue", () => {
  it("lets what somebody waits for end the reading ahead", async () => {
    assert.deepEqual(await endsOf(["prepare", "complete"]), ["ended", "1."]);
  });

  it("reads ahead for the newest place alone", async () => {
    assert.deepEqual(await endsOf(["prepare", "prepare", "prepare"]), ["ended", "ended", "1."]);
  });

  it("lets what nobody waits for yet end nothing, and wait for what somebody waits for", async () => {
    assert.deepEqual(await endsOf(["prepare", "speculate", "complete"]), ["ended", "2.", "1."]);
  });

  it("lets what is written ahead through before the reading ahead, which goes on behind it", async () => {
    assert.deepEqual(await endsOf(["complete", "prepare", "speculate"]), ["1.", "3.", "2."]);
    assert.deepEqual(await endsOf(["speculate", "prepare"]), ["1.", "2."]);
  });

  it("lets a key end the reading ahead, and nothing else", async () => {
    assert.deepEqual(await endsOf(["complete", "speculate", "prepare", "key"]), ["1.", "2.", "ended"]);
  });

  it("does not end a completion with another, nor with the reading ahead", async () => {
    assert.deepEqual(await endsOf(["complete", "complete", "prepare"]), ["1.", "2.", "3."]);
  });
});
