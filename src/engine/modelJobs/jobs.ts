// The jobs on model folders that take long: converting, checking, measuring. Knows nothing of processes and messages.

import type { ModelJob, ModelJobResult } from "../../protocol/modelJobs";
import { convertCheckpoint } from "../convert/convertCheckpoint";
import { loadModel } from "../model/loadModel";
import { readModelFolder } from "../model/modelFolder";
import { CHUNK_TOKENS } from "../sequence";
import { runProviderTrial } from "../tuning/providerTrial";
import { measureLinears } from "../tuning/tune";
import { findAlteredFiles } from "./verify";

export type OnProgress = (doneBytes: number, totalBytes: number) => void;

/** Throws a sentence for the user, or the signal's reason. */
export async function runJob(job: ModelJob, signal: AbortSignal, onProgress: OnProgress): Promise<ModelJobResult> {
  switch (job.type) {
    case "convert": {
      const { name, displayName, bytes } = await convertCheckpoint({
        ...job,
        calibration: job.isCalibrated ? "shipped" : undefined,
        signal,
        onProgress: ({ doneBytes, totalBytes }) => onProgress(doneBytes, totalBytes),
      });
      return { type: "converted", name, displayName, bytes };
    }
    case "verify":
      return { type: "verified", faults: await findAlteredFiles(job.folder, signal, onProgress) };
    case "probe":
      return probe(job.folder);
    case "measure":
      return { type: "measured", times: await measureLinears(await readModelFolder(job.folder), job.threads) };
    case "tryProvider": {
      const { folder, provider, threads } = job;
      const trial = await runProviderTrial(await readModelFolder(folder), provider, threads, signal);
      return { type: "providerTried", trial };
    }
  }
}

const PREFILL_CHUNKS = 3;
const DECODED_TOKENS = 16;

async function probe(folder: string): Promise<ModelJobResult> {
  const about = await readModelFolder(folder);
  const model = await loadModel(about, { threads: 0 });
  // Speed does not depend on what is read.
  const chunk = Array.from({ length: CHUNK_TOKENS }, (_, i) => (i * 7919) % about.architecture.vocabSize);
  let { state } = await model.forward(chunk, model.emptyState, [0]); // The first run is slower than all others.
  const prefillBegan = performance.now();
  for (let i = 0; i < PREFILL_CHUNKS; i++) ({ state } = await model.forward(chunk, state, []));
  const prefillMs = performance.now() - prefillBegan;
  const times: number[] = [];
  for (let i = 0; i < DECODED_TOKENS; i++) {
    const began = performance.now();
    ({ state } = await model.forward([i + 2], state, [0]));
    times.push(performance.now() - began);
  }
  const decodeMs = times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
  await model.dispose();
  return {
    type: "probed",
    prefillTokensPerSecond: (1000 * PREFILL_CHUNKS * CHUNK_TOKENS) / prefillMs,
    decodeTokensPerSecond: 1000 / decodeMs,
  };
}
