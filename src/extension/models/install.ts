// The steps from a name in the catalogue, or from a folder of the user's, to a model that can be loaded.
//
// Each step can be stopped and goes on later. The model's folder appears by a rename, after everything in it has been
// checked: until then there is nothing under that name that an engine could load.

import type { Stats } from "node:fs";
import { lstat, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ModelFault } from "../../engine/model/modelFault";
import { readModelFolder, TOKENIZER_FILE } from "../../engine/model/modelFolder";
import type { Clock } from "../../ghostText/clock";
import { isDiskFull } from "../../machine/diskFull";
import { EndedEarly } from "../../machine/runInChild";
import { minutesLeft } from "../../text/minutesLeft";
import { type CatalogueModel, folderNameOf, type ModelForm, storedForm } from "./catalogue";
import { downloadCheckpoint, type TransferProgress } from "./checkpointDownload";
import { DownloadRecord } from "./downloadRecord";
import { Fault, onDisk } from "./faults";
import type { Hub, RemoteFile } from "./hub";
import { withLock } from "./lock";
import type { RunJob } from "./modelJob";
import { canBeUsed, type ModelsFolder } from "./modelsFolder";
import { PATIENCE, type Patience, type Retrying, retrying } from "./retrying";
import { refuseWithoutRoom } from "./room";

export type InstallProgress =
  | { readonly phase: "waiting" | "listing" }
  /** Before the next try. */
  | { readonly phase: "pausing"; readonly host: string; readonly pauseMs: number }
  | TransferProgress
  | {
      readonly phase: "converting" | "checking";
      readonly doneBytes: number;
      readonly totalBytes: number;
      /** Where it is known, and one at least. */
      readonly minutesLeft?: number | undefined;
    };

/** What a job on a model is given: an installation, a repair or a check. */
export interface JobContext {
  readonly runJob: RunJob;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  onProgress(progress: InstallProgress): void;
  /** Does `work`, for which nobody in this window may use the model in `folder`; whoever did goes on then, also after a fault. */
  whileUnused(folder: string, work: () => Promise<void>): Promise<void>;
}

interface Install extends JobContext {
  readonly models: ModelsFolder;
  /** An installation leaves what can be used as it is; a repair makes it anew. */
  readonly how: "install" | "repair";
  readonly form: ModelForm;
}

export interface HubInstall extends Install {
  readonly model: CatalogueModel;
  readonly hub: Hub;
  /** Leaves the checkpoint after the conversion: 5 to 19 GB that a repair need not fetch again. */
  readonly keepDownload: boolean;
  readonly patience?: Patience;
}

/** Downloads and converts what is not there yet. Resolves with the model's folder. */
export async function makeFromHub(options: HubInstall): Promise<string> {
  const { models, model, form, how } = options;
  const name = folderNameOf(model.id, form);
  const target = models.pathOf(name);
  await locked(options, name, async () => {
    // Another window may have done it while this one waited.
    if (how === "install" && (await canBeUsed(target))) return;
    if (how === "repair" && !(await isOfOtherVersion(target))) {
      const download = models.downloadOf(model.id);
      // A damaged model may come from a damaged download, which its files' times do not show: all of it is compared anew.
      await onDisk(download, DownloadRecord.forget(download));
    }
    await putInPlace(options, name, (made) => fetchAndConvert(options, made));
    if (!options.keepDownload) await removeDownload(models.downloadOf(model.id));
  });
  return target;
}

/** Whether the only thing wrong with a model, as far as is known, is that another version of Griffin Code has made it. */
async function isOfOtherVersion(folder: string): Promise<boolean> {
  return readModelFolder(folder).then(
    () => false,
    (error) => error instanceof ModelFault && error.kind === "otherVersion",
  );
}

export interface FolderInstall extends Install {
  readonly checkpoint: string;
  /** Of its model; see checkpointId.ts. */
  readonly name: string;
}

/** Converts a checkpoint of the user's, which stays as it is. Resolves with the model's folder. */
export async function makeFromFolder(options: FolderInstall): Promise<string> {
  const { models, checkpoint, name, form, how } = options;
  const folder = folderNameOf(name, form);
  const target = models.pathOf(folder);
  await locked(options, folder, async () => {
    if (how === "install" && (await canBeUsed(target))) {
      throw new Fault("alreadyInstalled", { name: folder, folder: target });
    }
    await models.notes.setCheckpoint(name, checkpoint);
    const replacement = models.replacementOf(folder);
    if (!(await isMadeSince(replacement, checkpoint))) await rm(replacement, { recursive: true, force: true });
    await putInPlace(options, folder, (made) =>
      convert(options, checkpoint, made).catch((error) => {
        // A repair stays where the model is.
        if (how === "repair" || !isDiskFull(error)) throw error;
        throw new Fault("noRoomToConvert", { said: error.message }, error);
      }),
    );
  });
  return target;
}

/** Another disk may be another machine's, whose clock is not this one's. */
const CLOCKS_APART_MS = 10 * 60_000;

/**
 * Whether the model in `folder` was made from the checkpoint as it is now. The user may train that again at the same place: then what
 * was made from it before is of no use.
 */
async function isMadeSince(folder: string, checkpoint: string): Promise<boolean> {
  // Copied first, so what has changed while the rest was converted counts, too.
  const began = await stat(join(folder, TOKENIZER_FILE)).catch(() => undefined);
  const names = await readdir(checkpoint).catch(() => []);
  // The checkpoint's own folder shows what is gone from it; a link, that it leads elsewhere now.
  const looks = [lstat(checkpoint), ...["", ...names].map((name) => stat(join(checkpoint, name)))];
  const found = await Promise.all(looks.map((look) => look.catch(() => undefined)));
  return began !== undefined && found.every((file) => file === undefined || isOlder(file, began));
}

function isOlder(file: Stats, began: Stats): boolean {
  const apartMs = file.dev === began.dev ? 0 : CLOCKS_APART_MS;
  // Weights that are copied in may keep their old time of writing, and are changed now.
  return Math.max(file.mtimeMs, file.ctimeMs) + apartMs < began.mtimeMs;
}

/** Has a model made beside its place, and puts it there once it is whole. */
async function putInPlace(context: Install, name: string, make: (folder: string) => Promise<void>): Promise<void> {
  const { models, whileUnused } = context;
  const replacement = models.replacementOf(name);
  // One that is whole could not be put in its place the last time.
  if (!(await isWhole(context, replacement))) {
    await rm(replacement, { recursive: true, force: true });
    await make(replacement);
  }
  await whileUnused(models.pathOf(name), () => models.replace(name));
}

/** To the last byte: its removal may have been interrupted, too. */
async function isWhole(context: JobContext, folder: string): Promise<boolean> {
  return (await canBeUsed(folder)) && (await alteredFiles(context, folder)).length === 0;
}

/** Sentences that say what is wrong with the files of a model folder; none when they are as they were made. */
export async function alteredFiles(
  { runJob, signal, onProgress }: JobContext,
  folder: string,
): Promise<readonly string[]> {
  const { faults } = await runJob(
    { type: "verify", folder },
    { signal, onProgress: (progress) => onProgress({ phase: "checking", ...progress }) },
  );
  return faults;
}

/** Does `work`, which makes a model, as the only window in the folder of models, and beside a note of it. */
function locked(context: Install, folderName: string, work: () => Promise<void>): Promise<void> {
  const { models, how, clock, signal, onProgress } = context;
  return withLock(models.lockPath, { clock, signal, onWait: () => onProgress({ phase: "waiting" }) }, () =>
    models.notes.whileMaking({ folderName, isRepair: how === "repair" }, work),
  );
}

async function fetchAndConvert(options: HubInstall, target: string): Promise<void> {
  const { models, model, form, how, hub, clock, signal, onProgress, patience = PATIENCE } = options;
  const folder = models.downloadOf(model.id);
  const retry: Retrying = {
    ...{ patience, clock, signal },
    onPause: ({ host }, pauseMs) => onProgress({ phase: "pausing", host, pauseMs }),
  };
  const record = await DownloadRecord.read(folder);
  const files = await listed(options, retry, await record.isWhole());
  if (files !== undefined) record.list(files);
  await refuseWithoutRoom(models, { ...model, downloadBytes: record.totalBytes }, form, how);
  if (files !== undefined) {
    const { http } = hub;
    await downloadCheckpoint({ ...retry, files, folder, record, http, repository: model.repository, onProgress });
  }
  try {
    await convert(options, folder, target);
  } catch (error) {
    if (!signal.aborted && mayBeOfDownload(error)) await DownloadRecord.forget(folder).catch(() => {});
    throw error;
  }
}

/** Whether it may be the download that cannot be converted: not where the disk is full, or the system has ended the process. */
function mayBeOfDownload(error: unknown): boolean {
  return !isDiskFull(error) && !((error as Error).cause instanceof EndedEarly);
}

/**
 * What the hub has now.
 * @param isHere whether what it had the last time is here: that will do where the hub cannot be reached
 */
async function listed(
  { model, hub, signal, onProgress }: HubInstall,
  retry: Retrying,
  isHere: boolean,
): Promise<readonly RemoteFile[] | undefined> {
  const patience = isHere ? { ...retry.patience, tries: 1 } : retry.patience;
  try {
    return await retrying({ ...retry, patience }, () => {
      onProgress({ phase: "listing" });
      return hub.listCheckpoint(model.repository, signal);
    });
  } catch (error) {
    if (isHere && error instanceof Fault && error.isUnreachable) return undefined;
    throw error;
  }
}

/** The model has its place: what cannot go now, because a virus scanner still looks at it for instance, is a leftover. */
async function removeDownload(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }).catch(() => {});
}

async function convert(context: Install, checkpointDir: string, outDir: string): Promise<void> {
  const { runJob, form, signal, onProgress, clock } = context;
  onProgress({ phase: "converting", doneBytes: 0, totalBytes: 1 });
  const began = clock.now();
  await runJob(
    { type: "convert", checkpointDir, outDir, weights: storedForm(form), isCalibrated: form === "int4-calibrated" },
    {
      signal,
      onProgress: (progress) =>
        onProgress({ phase: "converting", ...progress, minutesLeft: minutesLeft(progress, clock.now() - began) }),
    },
  );
}
