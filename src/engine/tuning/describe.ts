// A tuning in a sentence, for the log, `griffin doctor` and `griffin bench`.

import type { ModelTuning } from "./tune";

export function describeTuning(tuning: ModelTuning): string {
  const { threads, chunkTokens, provider, isMeasured, findings } = tuning;
  const found = isMeasured ? "as measured on this machine" : "not measured yet";
  const where = provider === undefined ? "" : `, on ${provider}`;
  const left = Object.entries(findings)
    .filter(([name]) => name !== provider)
    .map(([name, { detail }]) => `; not on ${name}: ${detail}`);
  const count = `${threads} thread${threads === 1 ? "" : "s"}`;
  return `The model runs with ${count} and ${chunkTokens} tokens at once${where} (${found})${left.join("")}`;
}
