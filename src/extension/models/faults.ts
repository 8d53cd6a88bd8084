// What can go wrong on a model's way from the hub to the disk, and what the user reads of it. No other file of the
// model manager writes such a sentence.

import { isDiskFull } from "../../machine/diskFull";
import { connectionProblem } from "../http";
import { duration, size } from "../phrases";
import { type FaultArguments, type Sentences, UserFault } from "../userFault";
import { modelPage } from "./hubPages";

/** What was asked for. */
export interface Subject {
  readonly repository: string;
  /** One of its files; absent for the list of them. */
  readonly file?: string;
}

/** What was asked for, and of whom. */
export interface Asked extends Subject {
  readonly host: string;
  /** Set when it was asked for several times in a row. */
  readonly tries?: number;
}

/** A hub that may want a token. */
interface AskedHub extends Asked {
  readonly origin: string;
}

/** A host to which the endpoint redirects; mostly it keeps its files. */
interface AskedStorage extends Asked {
  readonly endpointHost: string;
}

/** A file that was asked for. */
export interface AskedFile extends Asked {
  readonly file: string;
}

/** What can go wrong, and what is told of it. */
export interface Faults {
  readonly noToken: AskedHub;
  readonly badToken: AskedHub;
  readonly noAccess: AskedHub;
  readonly passedOn: AskedHub & { readonly endpointHost: string };
  readonly movedEndpoint: AskedStorage & { readonly status: number; readonly address: string };
  readonly storageRefuses: AskedStorage & { readonly status: number };
  readonly notFound: Asked;
  readonly tooManyRequests: Postponed;
  readonly serverError: Postponed;
  readonly unexpectedStatus: Asked & { readonly status: number };
  readonly notWeights: AskedFile;
  readonly notAListing: Asked;
  readonly missingFiles: { readonly repository: string; readonly missing: string };
  readonly wrongSize: AskedFile & { readonly expectedBytes: number; readonly found: string };
  readonly wrongHash: { readonly repository: string; readonly file: string };
  readonly cutOff: Asked;
  readonly stalled: Asked & { readonly silentMs: number };
  readonly offline: Unconnected;
  readonly refused: Unconnected;
  readonly tls: Unconnected;
  readonly proxy: Unconnected;
  readonly redirects: Asked;
  readonly storageRedirects: AskedStorage;
  readonly diskFull: { readonly path: string };
  readonly noRoom: { readonly folder: string; readonly neededBytes: number; readonly freeBytes: number };
  /** A repair stays where the model is. */
  readonly noRoomToRepair: Faults["noRoom"];
  /** As the converter has it. */
  readonly noRoomToConvert: { readonly said: string };
  readonly notWritable: { readonly path: string; readonly cause: string };
  readonly inUse: { readonly path: string; readonly cause: string };
  readonly noSecrets: { readonly cause: string };
  readonly badEndpoint: { readonly setting: string };
  /** As `griffin.models.folder` has it. */
  readonly relativeFolder: { readonly folder: string };
  readonly missingFolder: { readonly folder: string };
  readonly closedFolder: { readonly folder: string; readonly cause: string };
  readonly alreadyInstalled: { readonly name: string; readonly folder: string };
  readonly notOfHub: { readonly model: string };
  readonly namedByWorkspace: { readonly model: string };
}

interface Postponed extends Asked {
  readonly status: number;
  readonly retryAfterMs?: number | undefined;
}

interface Unconnected extends Asked {
  /** What the system or the proxy said. */
  readonly cause: string;
}

export type FaultKind = keyof Faults;

export class Fault extends UserFault<Faults> {
  override readonly name = "Fault";

  constructor(...[kind, details, cause]: FaultArguments<Faults>) {
    super(SENTENCES, kind, details, cause);
  }

  /** Whether trying again after a while may help, with nobody doing anything. */
  get isPassing(): boolean {
    return PASSING.has(this.kind);
  }

  /** Whether nobody was reached who knows: not that somebody has refused. */
  get isUnreachable(): boolean {
    return UNREACHABLE.has(this.kind);
  }

  /** Says, too, after how many attempts in a row it is told. */
  addTries(tries: number): void {
    this.message = SENTENCES[this.kind]({ ...this.details, tries } as never);
  }

  /** Who was asked, where anybody was. */
  get host(): string {
    return "host" in this.details ? this.details.host : "";
  }

  /** How long the attempt was spent waiting for a server that said nothing. */
  get silentMs(): number {
    return this.is("stalled") ? this.details.silentMs : 0;
  }

  /** When the server wants to be asked again, if it says so. */
  get retryAfterMs(): number | undefined {
    return this.is("tooManyRequests") || this.is("serverError") ? this.details.retryAfterMs : undefined;
  }
}

const PASSING: ReadonlySet<FaultKind> = new Set<FaultKind>([
  "tooManyRequests",
  "serverError",
  "cutOff",
  "stalled",
  "refused",
  // Its address may have expired, and the next attempt gets a new one.
  "storageRefuses",
]);

/** Also where the network answers with a page of its own, as in a train. */
const UNREACHABLE: ReadonlySet<FaultKind> = new Set<FaultKind>([
  ...(["offline", "refused", "tls", "proxy", "stalled", "cutOff"] as const),
  ...(["serverError", "tooManyRequests", "notAListing"] as const),
]);

/** What is on the disk is kept after each of these, so the same words end many sentences. */
const GO_ON = 'Run "Griffin: Choose a Model" again to go on where it stopped.';

const SENTENCES: Sentences<Faults> = {
  noToken: ({ repository }) =>
    `The hub gives ${repository} only to people who are signed in and have accepted its license (401). ` +
    `Accept it at ${modelPage(repository)}, then enter an access token with "Griffin: Set the Model Hub's Token".`,
  badToken: ({ host }) =>
    `${host} does not accept your access token (401). Make a new one with read access, and enter it with ` +
    `"Griffin: Set the Model Hub's Token".`,
  noAccess: ({ repository }) =>
    `Your account has no access to ${repository} (403). Accept the license at ${modelPage(repository)}, allow the token to read ` +
    `gated repositories, then try again.`,
  passedOn: ({ repository, host, endpointHost }) =>
    `${endpointHost} redirects to ${host}, which gives ${repository} only to people who are signed in (401). Enter an access ` +
    `token for ${host}, or clear \`griffin.models.endpoint\` to download from there directly.`,
  movedEndpoint: ({ endpointHost, address, status }) =>
    `${endpointHost} redirects to ${address}, to which no token is sent (${status}). Set \`griffin.models.endpoint\` to ` +
    `${address}, then try again.`,
  storageRefuses: ({ host, endpointHost, status, file, tries }) =>
    `${host}, where ${endpointHost} keeps its files, refused ${file ?? "the list of files"}${noted(status, tries)}. Is a filter on your ` +
    `network blocking that host? ${GO_ON}`,
  notFound: ({ repository, file, host }) =>
    `${host} has no ${file === undefined ? repository : `${file} in ${repository}`} (404). If ` +
    "`griffin.models.endpoint` names a mirror, the mirror may lack this model.",
  tooManyRequests: ({ host, status, retryAfterMs, tries }) =>
    `${host} is limiting requests${noted(status, tries)}. Wait${retryAfterMs ? ` ${duration(retryAfterMs)}` : " a while"}; then ` +
    'run "Griffin: Choose a Model" again to go on where it stopped.',
  serverError: ({ host, status, tries }) => `${host} reports an internal error${noted(status, tries)}. ${GO_ON}`,
  unexpectedStatus: ({ host, status, file }) =>
    `${host} answered the request for ${file ?? "the list of files"} with ${status}, which Griffin Code does not ` +
    "understand. Check `griffin.models.endpoint`.",
  notWeights: ({ host, file }) =>
    `${host} sent a web page instead of ${file}: probably your network's login page, or the address is not a mirror. Open ` +
    "the hub in a browser once, or check `griffin.models.endpoint`; then try again.",
  notAListing: ({ host }) =>
    `${host} did not send a list of files: it is not a model hub, or your network answered with its own login page. ` +
    "Check `griffin.models.endpoint`.",
  missingFiles: ({ repository, missing }) =>
    `${repository} has no ${missing}: it is not a checkpoint in safetensors form that can be converted.`,
  wrongSize: ({ file, expectedBytes, found }) =>
    `${file} arrived with ${found} bytes instead of ${expectedBytes}, so it was discarded. Try again; if it happens twice, the mirror is out of date.`,
  wrongHash: ({ file }) =>
    `${file} is not the file that the hub or mirror lists (its hash differs), so it was discarded. Try again on another network, or without the mirror.`,
  cutOff: ({ file, tries }) =>
    `The connection broke in the middle of ${file ?? "the list of files"}${noted(undefined, tries)}. ${GO_ON}`,
  stalled: ({ host, file, silentMs, tries }) =>
    `${host} sent nothing more of ${file ?? "the list of files"} for ${duration(silentMs)}${noted(undefined, tries)}. ` +
    `Check your network. ${GO_ON}`,
  offline: ({ host, tries }) => `${host} cannot be found${noted(undefined, tries)}: are you offline? ${GO_ON}`,
  refused: ({ host, cause, tries }) =>
    `No connection to ${host}${noted(cause, tries)}. Check your network, and VS Code's \`http.proxy\` if you are ` +
    `behind a proxy. ${GO_ON}`,
  tls: ({ host, cause }) =>
    `The connection to ${host} cannot be trusted (${cause}). If your company inspects encrypted connections, ` +
    "install its certificate in the system, and leave VS Code's `http.systemCertificates` on.",
  proxy: ({ cause, host }) =>
    `The proxy refused the connection to ${host} (${cause}). Check VS Code's \`http.proxy\` and \`http.proxyAuthorization\`.`,
  redirects: ({ host }) => `${host} keeps redirecting. Check \`griffin.models.endpoint\`.`,
  storageRedirects: ({ host, endpointHost }) =>
    `${host}, where ${endpointHost} keeps its files, keeps redirecting. ${GO_ON}`,
  diskFull: ({ path }) => `The disk is full: ${path} could not be written. Free some space. ${GO_ON}`,
  noRoom: ({ folder, neededBytes, freeBytes }) =>
    `This needs ${size(neededBytes)} on the disk of ${folder}, where models are kept, and only ${size(freeBytes)} is free. Free ` +
    "some space, choose a smaller model, or name a folder on another disk in `griffin.models.folder`.",
  noRoomToRepair: ({ folder, neededBytes, freeBytes }) =>
    `This needs ${size(neededBytes)} on the disk of ${folder}, where the model is, and only ${size(freeBytes)} is free. Free some ` +
    "space; or remove the model, and install it again in a folder on another disk (`griffin.models.folder`).",
  noRoomToConvert: ({ said }) =>
    `${said} Or name a folder on another disk in \`griffin.models.folder\`, and try again.`,
  notWritable: ({ path, cause }) => `${path} could not be written (${cause}). Check the folder's permissions.`,
  inUse: ({ path, cause }) =>
    `${path} cannot be moved (${cause}): another program or window is using it. Close the other windows, then try again. ` +
    "Nothing is lost.",
  noSecrets: ({ cause }) =>
    `Your access tokens cannot be read from your system's store for secrets (${cause}). Unlock that store, or restart VS Code, ` +
    "then try again.",
  badEndpoint: ({ setting }) =>
    `\`griffin.models.endpoint\` is ${JSON.stringify(setting)}, which is not the address of a model hub. It should look like ` +
    "https://huggingface.co.",
  relativeFolder: ({ folder }) =>
    `\`griffin.models.folder\` is ${JSON.stringify(folder)}, which is no whole path. Write it from the disk's root on.`,
  missingFolder: ({ folder }) =>
    `There is no folder ${folder}, where \`griffin.models.folder\` has models kept. Connect its disk or make the folder, then ` +
    "try again; or name another one in that setting.",
  closedFolder: ({ folder, cause }) =>
    `Nothing can be written in ${folder}, where \`griffin.models.folder\` has models kept (${cause}). Change the folder's ` +
    "permissions, or name another one in that setting.",
  alreadyInstalled: ({ name }) =>
    `${name} is already installed. Use it, or remove it first with "Griffin: Remove a Model".`,
  notOfHub: ({ model }) =>
    `${model} does not come from the hub, and the folder of its checkpoint is not known or not there: remove it, then add it again ` +
    "from its folder.",
  namedByWorkspace: ({ model }) =>
    `This workspace uses ${model}: its own settings name the folder in \`griffin.model.path\`. Remove that setting there, then ` +
    "remove the model again.",
};

/** What somebody who helps may ask for: a status or the system's word, and how often it was tried. */
function noted(cause: number | string | undefined, tries = 1): string {
  const notes = [...(cause === undefined ? [] : [cause]), ...(tries > 1 ? [`after ${tries} tries`] : [])];
  return notes.length === 0 ? "" : ` (${notes.join(", ")})`;
}

/**
 * The fault that an error of a connection stands for.
 *
 * @param hasBegun whether the answer has begun to come
 */
export function networkFault(error: unknown, asked: Asked, hasBegun = true): Fault {
  if (error instanceof Fault) return error;
  const { kind, cause } = connectionProblem(error);
  if (kind !== "cutOff") return new Fault(kind, { ...asked, cause }, error);
  // As long as nothing has come, there is nothing in the middle of which it could break.
  return hasBegun ? new Fault("cutOff", asked, error) : new Fault("refused", { ...asked, cause }, error);
}

/** The fault that an error of the store for secrets stands for. */
export function secretsFault(error: unknown): Fault {
  const { message } = error instanceof Error ? error : new Error(String(error));
  return new Fault("noSecrets", { cause: message.replace(/\.$/, "") }, error);
}

/** The fault that an error of the file system stands for. */
function diskFault(error: unknown, path: string): Fault {
  if (error instanceof Fault) return error;
  if (isDiskFull(error)) return new Fault("diskFull", { path }, error);
  const { code, message } = error as NodeJS.ErrnoException;
  return new Fault("notWritable", { path, cause: code ?? message }, error);
}

/** What the file system is asked for at `path`; an error of it becomes a Fault. */
export function onDisk<T>(path: string, work: Promise<T>): Promise<T> {
  return work.catch((error) => {
    throw diskFault(error, path);
  });
}

/** The fault that an error stands for when a model's folder was to be moved or removed. */
export function swapFault(error: unknown, path: string, platform: NodeJS.Platform = process.platform): Fault {
  const { code = "" } = error as NodeJS.ErrnoException;
  // Windows moves and removes nothing that a process has open or mapped, and has these words for it; elsewhere they speak of permissions.
  if (code === "EBUSY" || (platform === "win32" && /^(EPERM|EACCES)$/.test(code)))
    return new Fault("inUse", { path, cause: code }, error);
  return diskFault(error, path);
}
