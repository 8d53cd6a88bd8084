// The steps from a name in the catalogue, or from a folder of the user's, to a model that can be loaded.
//
// Each step can be stopped and goes on later. The model's folder appears by a rename, after everything in it has been
// checked: until then there is nothing under that name that an engine could load.

import { existsSync } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ModelFault } from "../../engine/model/modelFault";
import { readModelFolder } from "../../engine/model/modelFolder";
import type { Clock } from "../../ghostText/clock";
import { isDiskFull } from "../../machine/diskFull";
import { EndedEarly } from "../../machine/runInChild";
import { minutesLeft } from "../../text/minutesLeft";
import { type CatalogueModel, folderName, type ModelForm, storedForm } from "./catalogue";
import { downloadCheckpoint } from "./checkpointDownload";
import { DownloadRecord } from "./downloadRecord";
import { Fault, onDisk } from "./faults";
import { conversionBytes } from "./fit";
import { FolderNotes, type Making } from "./folderNotes";
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
  | {
      readonly phase: "downloading" | "checkingDownload" | "converting" | "checking";
      readonly doneBytes: number;
      readonly totalBytes: number;
      readonly bytesPerSecond?: number | undefined;
      /** Where it is known, and one at least. */
      readonly minutesLeft?: number | undefined;
    };

export interface InstallContext {
  readonly models: ModelsFolder;
  readonly runJob: RunJob;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  onProgress(progress: InstallProgress): void;
}

export interface HubInstall extends InstallContext {
  readonly model: CatalogueModel;
  readonly form: ModelForm;
  readonly hub: Hub;
  /** Leaves the checkpoint after the conversion: 5 to 19 GB that a repair need not fetch again. */
  readonly keepDownload: boolean;
  readonly patience?: Patience;
}

/**
 * Downloads and converts what is not there yet. Resolves with the model's folder.
 * @param findUser of what is there, where that cannot be used and is made anew
 */
export async function installFromHub(options: HubInstall, findUser?: FindUser): Promise<string> {
  const { models, model, form } = options;
  const name = folderName(model, form);
  const target = models.pathOf(name);
  return locked(options, { folderName: name, isRepair: false }, async () => {
    // Another window may have done it while this one waited.
    if (await canBeUsed(target)) return target;
    await makeOrReplace(options, name, { make: (folder) => fetchAndConvert(options, folder) }, findUser);
    return target;
  });
}

/** Who uses a model's files, and has to let go of them for a moment. */
export interface FilesUser {
  stop(): Promise<void>;
  restart(): Promise<void>;
}

/** Asked when the files are to be swapped, hours after the beginning: another model may have been chosen meanwhile. */
export type FindUser = () => FilesUser | undefined;

/**
 * Makes a model anew from the hub and puts it in the place of the one that is damaged.
 * @param findUser of the old files, if there is one: it goes on with what is there then, also after a fault
 */
export async function repairFromHub(options: HubInstall, findUser?: FindUser): Promise<string> {
  const { models, model, form } = options;
  const name = folderName(model, form);
  const target = models.pathOf(name);
  await locked(options, { folderName: name, isRepair: true }, async () => {
    const download = models.downloadOf(model.id);
    // A damaged model may come from a damaged download, which its files' times do not show: all of it is compared anew.
    if (!(await isOfOtherVersion(target))) await onDisk(download, DownloadRecord.forget(download));
    await makeAnew(options, name, { make: (folder) => fetchAndConvert(options, folder, true) }, findUser);
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

interface Maker {
  /** Makes the model in the folder that it is given. */
  make(folder: string): Promise<void>;
  /** What it is made from, where that may be another thing the next time. */
  readonly source?: string;
}

async function makeOrReplace(context: InstallContext, name: string, maker: Maker, findUser?: FindUser): Promise<void> {
  const { models } = context;
  const target = models.pathOf(name);
  // Also where an earlier replacement was stopped between its two renames: then the new one waits, and may be whole.
  const isReplaced = existsSync(target) || existsSync(models.replacementOf(name));
  if (existsSync(target) && !(await models.mayReplace(name))) throw new Fault("inTheWay", { folder: target });
  await (isReplaced ? makeAnew(context, name, maker, findUser) : maker.make(target));
}

async function makeAnew(context: InstallContext, name: string, maker: Maker, findUser?: FindUser): Promise<void> {
  const { models } = context;
  const { make, source } = maker;
  const notes = new FolderNotes(models.root);
  const replacement = models.replacementOf(name);
  // One that is whole could not be put in its place the last time.
  const isWaiting = source === undefined || (await notes.isReplacementOf(name, source));
  if (!isWaiting || !(await isWhole(context, replacement))) {
    await notes.forgetReplacement();
    await rm(replacement, { recursive: true, force: true });
    await make(replacement);
    if (source !== undefined) await notes.setReplacement(name, source);
  }
  const user = findUser?.();
  await user?.stop();
  try {
    await models.replace(name);
    await notes.forgetReplacement();
  } finally {
    await user?.restart();
  }
}

/** To the last byte: its removal may have been interrupted, too. */
async function isWhole(context: InstallContext, folder: string): Promise<boolean> {
  return (await canBeUsed(folder)) && (await alteredFiles(context, folder)).length === 0;
}

/** Sentences that say what is wrong with the files of a model folder; none when they are as they were made. */
export async function alteredFiles(
  { runJob, signal, onProgress }: Pick<InstallContext, "runJob" | "signal" | "onProgress">,
  folder: string,
): Promise<readonly string[]> {
  const { faults } = await runJob(
    { type: "verify", folder },
    { signal, onProgress: (progress) => onProgress({ phase: "checking", ...progress }) },
  );
  return faults;
}

export interface FolderInstall extends InstallContext {
  readonly checkpoint: string;
  readonly name: string;
  readonly form: ModelForm;
}

/**
 * Converts a checkpoint of the user's, which stays as it is. Resolves with the model's folder.
 * @param findUser of what is there, where that cannot be used and is made anew
 */
export async function installFromFolder(options: FolderInstall, findUser?: FindUser): Promise<string> {
  const { models, name, form } = options;
  const folder = folderName({ id: name }, form);
  const target = models.pathOf(folder);
  return locked(options, { folderName: folder, isRepair: false }, async () => {
    if (await canBeUsed(target)) throw new Fault("alreadyInstalled", { name: folder, folder: target });
    const maker = await converter(options);
    const make = (made: string) =>
      maker.make(made).catch((error) => {
        throw isDiskFull(error) ? new Fault("noRoomToConvert", { said: error.message }, error) : error;
      });
    await makeOrReplace(options, folder, { ...maker, make }, findUser);
    return target;
  });
}

/** Makes a model anew from the checkpoint of the user's that it came from, as `repairFromHub` does from the hub. */
export async function repairFromFolder(options: FolderInstall, findUser?: FindUser): Promise<void> {
  const name = folderName({ id: options.name }, options.form);
  await locked(options, { folderName: name, isRepair: true }, async () =>
    makeAnew(options, name, await converter(options), findUser),
  );
}

/** The user may train the checkpoint again at the same place: then what was made from it before is of no use. */
async function converter(options: FolderInstall): Promise<Maker> {
  const { checkpoint, form } = options;
  // What is wrong with it the conversion says.
  const names = (await readdir(checkpoint).catch(() => [])).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(checkpoint, name)).catch(() => undefined);
      return [name, found?.size, found?.mtimeMs];
    }),
  );
  return {
    make: (folder) => convert(options, checkpoint, folder, form),
    source: JSON.stringify([checkpoint, files]),
  };
}

/** Does `work`, which makes a model, as the only window in the folder of models, and beside a note of it. */
function locked<T>(context: InstallContext, making: Making, work: () => Promise<T>): Promise<T> {
  const { models, clock, signal, onProgress } = context;
  const notes = new FolderNotes(models.root);
  return withLock(models.lockPath, { clock, signal, onWait: () => onProgress({ phase: "waiting" }) }, () =>
    notes.whileMaking(making, work),
  );
}

async function fetchAndConvert(options: HubInstall, target: string, isRepair = false): Promise<void> {
  const { models, model, form, hub, clock, signal, onProgress, patience = PATIENCE } = options;
  const folder = models.downloadOf(model.id);
  const retry: Retrying = {
    ...{ patience, clock, signal },
    onPause: ({ host }, pauseMs) => onProgress({ phase: "pausing", host, pauseMs }),
  };
  const record = await DownloadRecord.read(folder);
  const files = await listed(options, retry, await record.isWhole());
  const downloadBytes = files?.reduce((sum, { bytes }) => sum + bytes, 0) ?? record.totalBytes;
  await refuseWithoutRoom(models, {
    downloadBytes,
    download: folder,
    conversionBytes: conversionBytes(model, form),
    target,
    isRepair,
  });
  if (files !== undefined) {
    await downloadCheckpoint({
      ...retry,
      ...{ files, folder, record },
      http: hub.http,
      repository: model.repository,
      onProgress: ({ isChecking, ...progress }) =>
        onProgress({ phase: isChecking ? "checkingDownload" : "downloading", ...progress }),
    });
  }
  try {
    await convert(options, folder, target, form);
  } catch (error) {
    if (!signal.aborted && mayBeOfDownload(error)) await DownloadRecord.forget(folder).catch(() => {});
    throw error;
  }
  if (!options.keepDownload) await removeDownload(folder);
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

/** The model has its name: what cannot go now, because a virus scanner still looks at it for instance, is a leftover. */
async function removeDownload(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }).catch(() => {});
}

async function convert(context: InstallContext, checkpointDir: string, outDir: string, form: ModelForm): Promise<void> {
  const { runJob, signal, onProgress, models, clock } = context;
  await onDisk(models.root, mkdir(models.root, { recursive: true }));
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
