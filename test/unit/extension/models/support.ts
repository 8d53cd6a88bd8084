// What the tests of installations share: an installation from a fake hub into a folder of its own.

import { mkdtemp, rm } from "node:fs/promises";
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runJob } from "../../../../src/engine/modelJobs/jobs";
import type { CatalogueModel } from "../../../../src/extension/models/catalogue";
import type { HubSilence, TokenOf } from "../../../../src/extension/models/http";
import { Hub } from "../../../../src/extension/models/hub";
import type { HubInstall, InstallProgress } from "../../../../src/extension/models/install";
import type { RunJob } from "../../../../src/extension/models/modelJob";
import { ModelsFolder } from "../../../../src/extension/models/modelsFolder";
import type { Clock } from "../../../../src/ghostText/clock";
import type { FakeHub, Misbehavior } from "../../../support/fakeHub";

export const WEIGHTS = "model-00002-of-00003.safetensors";

export const TINY: CatalogueModel = {
  ...{ id: "tiny", displayName: "Tiny", repository: "google/tiny", isInstructionTuned: false },
  ...{ downloadBytes: 170_000, storedBytes: { int8: 60_000, int4: 50_000 }, calibrationBytes: 2_150_000 },
};

/** Pauses are over as soon as they begin; what asked for them is remembered. */
export class HurriedClock implements Clock {
  readonly pauses: number[] = [];
  now = () => performance.now();
  after(delayMs: number, action: () => void): () => void {
    this.pauses.push(delayMs);
    const immediate = setImmediate(action);
    return () => clearImmediate(immediate);
  }
}

/** The jobs, in this process. */
export const jobsHere: RunJob = (job, { signal, onProgress }) =>
  runJob(job, signal, (progress) => onProgress?.(progress));

export interface Installation extends HubInstall {
  readonly models: ModelsFolder;
  readonly clock: HurriedClock;
  readonly seen: InstallProgress[];
  readonly controller: AbortController;
  cleanUp(): Promise<void>;
}

/** No test waits for so long: see support/silence.ts. */
export const SILENCE: HubSilence = { beforeAnswerMs: 600_000, beforeLargeFileMs: 1_200_000, midwayMs: 1_800_000 };

/** @param tokens by origin */
export function tokenOf(tokens: Readonly<Record<string, string | undefined>>): TokenOf {
  return async (origin) => tokens[origin];
}

export async function newInstallation(
  hub: Pick<FakeHub, "endpoint">,
  { token }: { token?: string } = {},
): Promise<Installation> {
  const root = await mkdtemp(join(tmpdir(), "griffin-models-"));
  const controller = new AbortController();
  const seen: InstallProgress[] = [];
  return {
    ...{ models: new ModelsFolder(root), model: TINY, form: "int8", keepDownload: false, how: "install" },
    ...{ runJob: jobsHere, clock: new HurriedClock(), signal: controller.signal, controller, seen },
    hub: new Hub(hub.endpoint, { tokenOf: tokenOf({ [hub.endpoint]: token }), silence: SILENCE }),
    patience: { tries: 3, firstPauseMs: 1000, longestPauseMs: 60_000 },
    onProgress: (progress) => seen.push(progress),
    whileUnused: (_, work) => work(),
    cleanUp: () => rm(root, { recursive: true, force: true }),
  };
}

export type Answer = (response: ServerResponse, content: Buffer, range: string | undefined) => unknown;

/** No content. */
export function status(code: number, headers: OutgoingHttpHeaders = {}): Answer {
  return (response) => response.writeHead(code, headers).end();
}

export function always(answer: Answer): Misbehavior {
  return ({ range }, response, content) => {
    answer(response, content, range);
    return true;
  };
}

export function on(file: string, answer: Answer): Misbehavior {
  return (asked, response, content, hub) => asked.file === file && always(answer)(asked, response, content, hub);
}

/** Where the hub keeps large files, after its redirect. */
export function onContent(answer: Answer, file = WEIGHTS): Misbehavior {
  return (asked, ...rest) => asked.isContent && on(file, answer)(asked, ...rest);
}

/** The first so many times that it would. */
export function first(times: number, misbehave: Misbehavior): Misbehavior {
  let left = times;
  return (...asked) => left > 0 && misbehave(...asked) && left-- > 0;
}
