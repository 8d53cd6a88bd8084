// What can go wrong on a model's way from the hub to the disk, and what the user reads of it. No other file of the
// model manager writes such a sentence.

import { connectionProblem } from "../http";
import { duration, gigabytes } from "../phrases";
import { type Sentences, UserFault } from "../userFault";
import { modelPage } from "./hubPages";

/** What went wrong; `retry` of a fault says whether trying again by itself can help. */
export type FaultKind =
  | "noToken"
  | "badToken"
  | "noAccess"
  | "notFound"
  | "tooManyRequests"
  | "serverError"
  | "unexpectedStatus"
  | "notWeights"
  | "notAListing"
  | "missingFiles"
  | "wrongSize"
  | "wrongHash"
  | "cutOff"
  | "stalled"
  | "offline"
  | "refused"
  | "tls"
  | "proxy"
  | "redirects"
  | "diskFull"
  | "noRoom"
  | "notWritable"
  | "inUse"
  | "badEndpoint";

export interface FaultDetails {
  /** File of the repository. */
  readonly file?: string;
  readonly repository?: string;
  readonly host?: string;
  readonly status?: number;
  /** What the system or the server said, for what has no better name. */
  readonly cause?: string;
  readonly retryAfterMs?: number;
  readonly tries?: number;
  readonly neededBytes?: number;
  readonly freeBytes?: number;
  readonly expected?: string;
  readonly found?: string;
}

export class Fault extends UserFault<FaultKind, FaultDetails> {
  override readonly name = "Fault";

  constructor(kind: FaultKind, details: FaultDetails = {}, cause?: unknown) {
    super(SENTENCES, kind, details, cause);
  }

  /** Whether trying again after a while may help, with nobody doing anything. */
  get isPassing(): boolean {
    return PASSING.has(this.kind);
  }
}

const PASSING: ReadonlySet<FaultKind> = new Set(["tooManyRequests", "serverError", "cutOff", "stalled", "refused"]);

/** What is on the disk is kept after each of these, so the same words end many sentences. */
const GO_ON = 'Run "Griffin: Choose a Model" again to go on where it stopped.';

const SENTENCES: Sentences<FaultKind, FaultDetails> = {
  noToken: ({ repository }) =>
    `The hub gives ${repository} only to people who are signed in and have accepted its licence (401). ` +
    `Accept it at ${modelPage(repository!)}, then enter an access token with "Griffin: Set the Model Hub's Token".`,
  badToken: ({ host }) =>
    `${host} does not accept your access token (401). Make a new one with read access, and enter it with ` +
    `"Griffin: Set the Model Hub's Token".`,
  noAccess: ({ repository }) =>
    `Your account has no access to ${repository} (403). Accept the licence at ${modelPage(repository!)}, allow the token to read ` +
    `gated repositories, then try again.`,
  notFound: ({ repository, file, host }) =>
    `${host} has no ${file === undefined ? repository : `${file} in ${repository}`} (404). If ` +
    "`griffin.models.endpoint` names a mirror, the mirror may lack this model.",
  tooManyRequests: ({ host, retryAfterMs }) =>
    `${host} is limiting requests (429). Wait${retryAfterMs ? ` ${duration(retryAfterMs)}` : " a while"}; then ` +
    'run "Griffin: Choose a Model" again to go on where it stopped.',
  serverError: ({ host, status, tries }) => `${host} reports an internal error (${status})${after(tries)}. ${GO_ON}`,
  unexpectedStatus: ({ host, status, file }) =>
    `${host} answered the request for ${file ?? "the list of files"} with ${status}, which Griffin Code does not ` +
    "understand. Check `griffin.models.endpoint`.",
  notWeights: ({ host, file }) =>
    `${host} sent a web page instead of ${file}: probably your network's login page, or the address is not a mirror. Open ` +
    "the hub in a browser once, or check `griffin.models.endpoint`; then try again.",
  notAListing: ({ host }) =>
    `${host} did not send a list of files: it is not a model hub, or your network answered with its own login page. ` +
    "Check `griffin.models.endpoint`.",
  missingFiles: ({ repository, found }) =>
    `${repository} has no ${found}: it is not a checkpoint in safetensors form that can be converted.`,
  wrongSize: ({ file, expected, found }) =>
    `${file} arrived with ${found} bytes instead of ${expected}, so it was discarded. Try again; if it happens twice, the mirror is out of date.`,
  wrongHash: ({ file }) =>
    `${file} is not what its author uploaded (its hash differs), so it was discarded. Try again on another network, or without the mirror.`,
  cutOff: ({ file, tries }) =>
    `The connection broke in the middle of ${file ?? "the list of files"}${after(tries)}. ${GO_ON}`,
  stalled: ({ host, file, tries }) =>
    `${host} sent nothing more of ${file ?? "its answer"}${after(tries)}. Check your network. ${GO_ON}`,
  offline: ({ host }) => `${host} cannot be found: are you offline? Connect, then try again. ${GO_ON}`,
  refused: ({ host, tries, cause }) =>
    `No connection to ${host} (${cause})${after(tries)}. Check your network, and VS Code's \`http.proxy\` if you are ` +
    `behind a proxy. ${GO_ON}`,
  tls: ({ host, cause }) =>
    `The connection to ${host} cannot be trusted (${cause}). If your company inspects encrypted connections, ` +
    "install its certificate in the system, and leave VS Code's `http.systemCertificates` on.",
  proxy: ({ cause, host }) =>
    `The proxy refused the connection to ${host} (${cause}). Check VS Code's \`http.proxy\` and \`http.proxyAuthorization\`.`,
  redirects: ({ host }) => `${host} keeps redirecting. Check \`griffin.models.endpoint\`.`,
  diskFull: ({ file }) => `The disk is full: ${file ?? "the model"} could not be written. Free some space. ${GO_ON}`,
  noRoom: ({ neededBytes, freeBytes }) =>
    `This needs ${gigabytes(neededBytes!)} on the disk, and only ${gigabytes(freeBytes!)} are free. Free some space, or ` +
    "choose a smaller model.",
  notWritable: ({ file, cause }) => `${file} could not be written (${cause}). Check the folder's permissions.`,
  inUse: ({ file, cause }) =>
    `${file} cannot be moved (${cause}): another window is using it. Close the other windows, then try again. ` +
    "Nothing is lost.",
  badEndpoint: ({ found }) =>
    `\`griffin.models.endpoint\` is ${JSON.stringify(found)}, which is not the address of a model hub. It should look like ` +
    "https://huggingface.co.",
};

function after(tries: number | undefined): string {
  return tries !== undefined && tries > 1 ? `, ${tries} times` : "";
}

/** The fault that an error of a connection stands for. `details` say what was asked for. */
export function networkFault(error: unknown, details: FaultDetails): Fault {
  if (error instanceof Fault) return error;
  const { kind, cause } = connectionProblem(error);
  return new Fault(kind, { ...details, cause }, error);
}

/** The fault that an error of the file system stands for. */
export function diskFault(error: unknown, file: string): Fault {
  if (error instanceof Fault) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") return new Fault("diskFull", { file }, error);
  return new Fault("notWritable", { file, cause: code ?? message }, error);
}

/** The fault that an error stands for when a model's folder was to be moved or removed. */
export function swapFault(error: unknown, file: string, platform: NodeJS.Platform = process.platform): Fault {
  const { code = "" } = error as NodeJS.ErrnoException;
  // Windows moves and removes nothing that a process has open or mapped, and has these words for it; elsewhere they speak of permissions.
  if (code === "EBUSY" || (platform === "win32" && /^(EPERM|EACCES)$/.test(code)))
    return new Fault("inUse", { file, cause: code }, error);
  return diskFault(error, file);
}
