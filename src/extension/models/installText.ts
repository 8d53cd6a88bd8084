// What an installation says on its way: plain values in, text out.

import { duration, size } from "../phrases";
import { type CatalogueModel, GEMMA_TERMS } from "./catalogue";
import type { TransferProgress } from "./checkpointDownload";
import { Fault, type FaultKind, type Subject } from "./faults";
import { HUB, modelPage, TOKENS_PAGE } from "./hubPages";
import type { InstallProgress } from "./install";

/** One line of a progress notification. */
export function describeProgress(progress: InstallProgress): string {
  switch (progress.phase) {
    case "waiting":
      return "waiting for another window, which is installing a model";
    case "listing":
      return "listing the files";
    case "pausing":
      return `waiting for ${progress.host}, going on in ${duration(progress.pauseMs)}`;
    case "downloading":
      return `${size(progress.doneBytes)} of ${size(progress.totalBytes)}${describeRate(progress)}`;
    case "checkingDownload":
      return `${size(progress.doneBytes)} of ${size(progress.totalBytes)}, checking what is here`;
    case "converting":
    case "checking": {
      const minutes = progress.minutesLeft === undefined ? "" : `, about ${progress.minutesLeft} min left`;
      return `${progress.phase}, ${Math.floor(percentOf(progress))} %${minutes}`;
    }
  }
}

/** The same where nothing has come for a while; undefined where nothing comes from a server. */
export function describeSilence(progress: InstallProgress): string | undefined {
  if (progress.phase === "listing") return `${describeProgress(progress)}, waiting for the server`;
  if (progress.phase !== "downloading") return undefined;
  return `${describeProgress({ ...progress, bytesPerSecond: undefined })}, waiting for the server`;
}

function percentOf({ doneBytes, totalBytes }: Pick<TransferProgress, "doneBytes" | "totalBytes">): number {
  return (100 * doneBytes) / Math.max(1, totalBytes);
}

/** Where a conversion that follows a download begins in the bar: it takes about a quarter of the download's time. */
const CONVERSION_STARTS_PERCENT = 80;

/** One bar for an installation's steps: it never goes back. */
export class InstallBar {
  private hasDownloaded = false;
  private percent = 0;

  /** How far the bar moves, in hundredths of its length. */
  advance(progress: InstallProgress): number {
    if (!("totalBytes" in progress)) return 0;
    const isDownload = progress.phase === "downloading" || progress.phase === "checkingDownload";
    if (isDownload) this.hasDownloaded = true;
    const start = this.hasDownloaded && !isDownload ? CONVERSION_STARTS_PERCENT : 0;
    const end = isDownload ? CONVERSION_STARTS_PERCENT : 100;
    const percent = start + ((end - start) * percentOf(progress)) / 100;
    const increment = Math.max(0, percent - this.percent);
    this.percent += increment;
    return increment;
  }
}

function describeRate({ bytesPerSecond, totalBytes, doneBytes }: TransferProgress): string {
  if (!bytesPerSecond) return "";
  return `, ${size(bytesPerSecond)}/s, ${duration((1000 * (totalBytes - doneBytes)) / bytesPerSecond)} left`;
}

/**
 * What is asked before gigabytes come.
 * @param folder where the models of this machine are
 * @param slowness a sentence, where completions will come slowly
 */
export function describeDownload(
  model: CatalogueModel,
  { endpoint, folder, keepsDownload }: { endpoint: string; folder: string; keepsDownload: boolean },
  slowness?: string | undefined,
): string {
  return [
    `${size(model.downloadBytes)} will be downloaded from ${endpoint} and converted on this machine. The model is kept in ` +
      `${folder}. ${
        keepsDownload
          ? "The download is kept there, too (`griffin.models.keepDownloads`)."
          : "The download is deleted after the conversion."
      }`,
    `Then it answers in the chat and also gives the completions, in place of the model that is used now.${slowness ? ` ${slowness}` : ""}`,
    `The model is Google's, under the ${GEMMA_TERMS.name} (${GEMMA_TERMS.url}). You need an account on the hub that ` +
      `has accepted them at ${modelPage(model.repository)}, and an access token of that account.`,
    "Griffin Code has not yet been tried with Google's real weights: its makers had no access to them.",
  ].join("\n\n");
}

/** What is asked when there is no token for `endpoint`. */
export function tokenQuestion(endpoint: string): { readonly title: string; readonly prompt: string } {
  const { host, origin } = new URL(endpoint);
  const which =
    origin === HUB
      ? `A token with read access, from ${TOKENS_PAGE}.`
      : `The token that ${host} wants: for most mirrors one from ${TOKENS_PAGE} (it is sent to ${host}), for a company's ` +
        "mirror that mirror's own.";
  return {
    title: `Access token of ${host}`,
    prompt: `${which} It is kept in your system's store for secrets and sent only to ${host}. Leave empty for none.`,
  };
}

export interface TokenChoice {
  readonly label: string;
  readonly description: string;
  readonly address: string;
}

/** Whose token can be entered: a mirror may redirect to the hub, which wants its own. */
export function tokenChoices(endpoint: string): readonly TokenChoice[] {
  const hub = { label: new URL(HUB).host, description: "the model hub itself", address: HUB };
  const { host, origin } = new URL(endpoint);
  if (origin === HUB) return [hub];
  return [{ label: host, description: "the mirror that griffin.models.endpoint names", address: origin }, hub];
}

/** What can be offered beside a fault's sentence. */
export type FaultAction =
  | { readonly type: "tryAgain" | "openSettings" }
  /** Of the hub that wants one: a mirror may pass on to another. */
  | { readonly type: "setToken"; readonly origin: string }
  | { readonly type: "use"; readonly folder: string }
  | { readonly type: "openModelPage" | "openTokensPage"; readonly address: string };

export function actionsFor(error: unknown): readonly FaultAction[] {
  const tryAgain = { type: "tryAgain" } as const;
  const openSettings = { type: "openSettings" } as const;
  if (!(error instanceof Fault)) return [tryAgain];
  if (error.is("noToken")) return [setToken(error.details), openModelPage(error.details), tryAgain];
  if (error.is("badToken"))
    return [setToken(error.details), { type: "openTokensPage", address: TOKENS_PAGE }, tryAgain];
  if (error.is("noAccess")) return [openModelPage(error.details), setToken(error.details), tryAgain];
  if (error.is("passedOn")) return [setToken(error.details), openSettings];
  if (error.is("alreadyInstalled")) return [{ type: "use", folder: error.details.folder }];
  if (error.is("notOfHub") || error.is("namedByWorkspace")) return [];
  return SETTING_AT_FAULT.has(error.kind) ? [openSettings, tryAgain] : [tryAgain];
}

const SETTING_AT_FAULT: ReadonlySet<FaultKind> = new Set<FaultKind>([
  "badEndpoint",
  "closedFolder",
  "missingFolder",
  "relativeFolder",
  "noRoom",
  "noRoomToConvert",
  "movedEndpoint",
  "notAListing",
  "notWeights",
  "redirects",
  "unexpectedStatus",
]);

function setToken({ origin }: { readonly origin: string }): FaultAction {
  return { type: "setToken", origin };
}

function openModelPage({ repository }: Subject): FaultAction {
  return { type: "openModelPage", address: modelPage(repository) };
}
