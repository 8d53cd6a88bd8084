// What can go wrong between a question and a chat endpoint, and what the user reads of it. No other file writes such a
// sentence.

import { duration } from "../../phrases";
import { type Sentences, UserFault } from "../../userFault";

export type EndpointFaultKind =
  | "badAddress"
  | "keyInAddress"
  | "noKey"
  | "badKey"
  | "forbidden"
  | "notFound"
  | "unknownModel"
  | "noModels"
  | "refusedQuestion"
  | "tooManyRequests"
  | "serverError"
  | "moved"
  | "unexpectedStatus"
  | "notAnApi"
  | "errorInAnswer"
  | "garbled"
  | "cutOff"
  | "silentBefore"
  | "silentMidway"
  | "emptyAnswer"
  | "offline"
  | "refused"
  | "tls"
  | "proxy";

export interface EndpointFaultDetails {
  readonly host?: string;
  /** What was asked for, below the origin. */
  readonly path?: string;
  readonly model?: string;
  readonly status?: number;
  /** The server's own words. */
  readonly said?: string | undefined;
  /** What the system said. */
  readonly cause?: string;
  readonly retryAfterMs?: number;
  /** What the setting holds. */
  readonly found?: string;
  /** Where the server sends to. */
  readonly location?: string;
}

export class EndpointFault extends UserFault<EndpointFaultKind, EndpointFaultDetails> {
  override readonly name = "EndpointFault";

  constructor(kind: EndpointFaultKind, details: EndpointFaultDetails = {}, cause?: unknown) {
    super(SENTENCES, kind, details, cause);
  }
}

const SET_KEY = '"Griffin: Set the Chat Endpoint\'s Key"';

export const SENTENCES: Sentences<EndpointFaultKind, EndpointFaultDetails> = {
  badAddress: ({ found }) =>
    `\`griffin.chat.endpoint\` is ${JSON.stringify(found)}, which is not an address. It should look ` +
    "like http://localhost:8000/v1. If it is empty, the model on this machine answers.",
  keyInAddress: () =>
    "`griffin.chat.endpoint` contains a user name or a password. Remove them from the address, where others can read " +
    `them, and enter the key with ${SET_KEY}.`,
  noKey: ({ host }) => `${host} wants a key (401). Enter it with ${SET_KEY}, then ask again.`,
  badKey: ({ host }) => `${host} does not accept your key (401). Enter another one with ${SET_KEY}, then ask again.`,
  forbidden: ({ host, said }) =>
    `${host} refuses access (403${words(said)}). Ask whoever runs it for access, or enter another key with ${SET_KEY}.`,
  notFound: ({ host, path = "", said }) =>
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
  tooManyRequests: ({ host, retryAfterMs, said }) =>
    `${host} is limiting requests (429${words(said)}). Ask again ${retryAfterMs ? `in ${duration(retryAfterMs)}` : "in a while"}.`,
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
