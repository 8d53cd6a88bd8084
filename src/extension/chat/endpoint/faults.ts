// What can go wrong between a question and a chat endpoint, and what the user reads of it. No other file writes such a
// sentence.

import { duration } from "../../phrases";
import { type FaultArguments, type Sentences, UserFault } from "../../userFault";

/** What was asked for, and of whom. */
export interface Asked {
  readonly host: string;
  /** The path of the address that was asked. */
  readonly path: string;
  /** Absent when it was asked which ones there are. */
  readonly model?: string;
}

/** A question that was asked. */
export interface AskedModel extends Asked {
  readonly model: string;
}

/** What can go wrong, and what is told of it. */
export interface EndpointFaults {
  readonly badAddress: { readonly setting: string };
  readonly keyInAddress: Record<never, never>;
  readonly noKey: Asked;
  readonly badKey: Asked;
  readonly forbidden: Asked & Explained;
  readonly notFound: Asked & Explained;
  readonly unknownModel: AskedModel & Explained & { readonly status: number };
  readonly noModels: Asked;
  readonly refusedQuestion: Asked & Explained & { readonly status: number };
  readonly tooManyRequests: Postponed;
  readonly serverError: Postponed;
  readonly moved: Asked & { readonly status: number; readonly location: string };
  readonly unexpectedStatus: Asked & Explained & { readonly status: number };
  readonly notAnApi: Asked;
  readonly errorInAnswer: Asked & Explained;
  readonly garbled: Asked;
  readonly cutOff: Asked;
  readonly silentBefore: Asked;
  readonly silentMidway: Asked;
  readonly emptyAnswer: AskedModel;
  readonly offline: Unconnected;
  readonly refused: Unconnected;
  readonly tls: Unconnected;
  readonly proxy: Unconnected;
}

interface Explained {
  /** The server's own words, if it has any. */
  readonly said: string | undefined;
}

interface Postponed extends Asked, Explained {
  readonly status: number;
  /** When the server wants to be asked again, if it says so. */
  readonly retryAfterMs?: number;
}

interface Unconnected extends Asked {
  /** What the system or the proxy said. */
  readonly cause: string;
}

export type EndpointFaultKind = keyof EndpointFaults;

export class EndpointFault extends UserFault<EndpointFaults> {
  override readonly name = "EndpointFault";

  constructor(...[kind, details, cause]: FaultArguments<EndpointFaults>) {
    super(SENTENCES, kind, details, cause);
  }
}

const SET_KEY = '"Griffin: Set the Chat Endpoint\'s Key"';

export const SENTENCES: Sentences<EndpointFaults> = {
  badAddress: ({ setting }) =>
    `\`griffin.chat.endpoint\` is ${JSON.stringify(setting)}, which is not an address. It should look ` +
    "like http://localhost:8000/v1. If it is empty, the model on this machine answers.",
  keyInAddress: () =>
    "`griffin.chat.endpoint` contains a user name or a password. Remove them from the address, where others can read " +
    `them, and enter the key with ${SET_KEY}.`,
  noKey: ({ host }) => `${host} wants a key (401). Enter it with ${SET_KEY}, then ask again.`,
  badKey: ({ host }) => `${host} does not accept your key (401). Enter another one with ${SET_KEY}, then ask again.`,
  forbidden: ({ host, said }) =>
    `${host} refuses access (403${words(said)}). Ask whoever runs it for access, or enter another key with ${SET_KEY}.`,
  notFound: ({ host, path, said }) =>
    `${host} has nothing at ${path} (404${words(said)}). Check \`griffin.chat.endpoint\`` +
    `${/\/v\d/.test(path) ? "." : ": is /v1 missing at its end?"}` +
    `${path.endsWith("/models") ? " If the server lists no models, name one in `griffin.chat.endpointModel`." : ""}`,
  unknownModel: ({ host, model, status, said }) =>
    `${host} has no model named ${model} (${status}${words(said)}). Name one that it has in \`griffin.chat.endpointModel\`, or ` +
    "clear that setting for the first one that it lists.",
  noModels: ({ host }) =>
    `${host} lists no model. Name the one to use in \`griffin.chat.endpointModel\`, or load one on the server.`,
  refusedQuestion: ({ host, status, said }) =>
    `${host} refuses the question (${status}${words(said)}). If it is too long, remove attachments or clear the chat; ` +
    "otherwise check `griffin.chat.endpointModel`.",
  tooManyRequests: ({ host, status, retryAfterMs, said }) =>
    `${host} is limiting requests (${status}${words(said)}). Ask again ${retryAfterMs ? `in ${duration(retryAfterMs)}` : "in a while"}.`,
  serverError: ({ host, status, said }) =>
    `${host} reports an internal error (${status}${words(said)}). Ask again; if it happens again, see the server's log.`,
  moved: ({ host, status, location }) =>
    `${host} redirects to ${location} (${status}). Questions do not follow redirects. If ${location} is the right ` +
    "address, set `griffin.chat.endpoint` to it.",
  unexpectedStatus: ({ host, status, said }) =>
    `${host} answered with ${status}${words(said)}, which Griffin Code does not understand. Check \`griffin.chat.endpoint\`.`,
  notAnApi: ({ host }) =>
    `${host} sent a web page, or something else that is not an answer: probably your network's login page, or a server of ` +
    "another kind. Check `griffin.chat.endpoint`: is /v1 missing at its end?",
  errorInAnswer: ({ host, said }) =>
    `${host} stopped in the middle of the answer${words(said)}. Ask again; the server's log may say more.`,
  garbled: ({ host }) =>
    `${host} sent invalid JSON, so the rest of the answer was ignored. Is it an OpenAI-compatible server?`,
  cutOff: ({ host }) => `The connection to ${host} broke before the end of the answer. Ask again.`,
  silentBefore: ({ host }) =>
    `${host} accepted the question but did not reply. It may be loading its model, or be very busy: ask again in a while.`,
  silentMidway: ({ host }) => `${host} went silent before the end of the answer. Ask again.`,
  emptyAnswer: ({ host, model }) =>
    `${host} sent an answer without any text. Ask again, or name a model other than ${model} in ` +
    "`griffin.chat.endpointModel`.",
  offline: ({ host }) => `${host} cannot be found. Check \`griffin.chat.endpoint\` and your network.`,
  refused: ({ host, cause }) =>
    `Nobody answers at ${host} (${cause}). Is the server running? Check \`griffin.chat.endpoint\`, and VS Code's ` +
    "`http.proxy` if you are behind a proxy.",
  tls: ({ host, cause }) =>
    `The connection to ${host} cannot be trusted (${cause}). If the server speaks plain http, write http:// in ` +
    "`griffin.chat.endpoint`; if its certificate is your company's own, install that in the system and leave VS Code's " +
    "`http.systemCertificates` on.",
  proxy: ({ host, cause }) =>
    `The proxy refused the connection to ${host} (${cause}). Check VS Code's \`http.proxy\`, \`http.noProxy\` and ` +
    "`http.proxyAuthorization`.",
};

function words(said: string | undefined): string {
  return said === undefined ? "" : `: ${said}`;
}
