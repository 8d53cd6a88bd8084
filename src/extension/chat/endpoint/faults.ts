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
    `\`griffin.chat.endpoint\` is ${JSON.stringify(found)}, which is no address. It should look like ` +
    "http://localhost:8000/v1; empty, the model on this machine answers.",
  keyInAddress: () =>
    "`griffin.chat.endpoint` holds a user name or a password. Take them out of the address, where others can read them, " +
    `and enter the key with ${SET_KEY}.`,
  noKey: ({ host }) => `${host} wants a key (401). Enter it with ${SET_KEY}, then ask again.`,
  badKey: ({ host }) => `${host} does not accept your key (401). Enter another one with ${SET_KEY}, then ask again.`,
  forbidden: ({ host, said }) =>
    `${host} does not let you in (403${words(said)}). Ask who runs it for access, or enter another key with ${SET_KEY}.`,
  notFound: ({ host, path = "", said }) =>
    `${host} has nothing at ${path} (404${words(said)}). Check \`griffin.chat.endpoint\`` +
    `${/\/v\d/.test(path) ? "." : ": is /v1 missing at its end?"}` +
    `${path.endsWith("/models") ? " If the server lists no models, name one in `griffin.chat.endpointModel`." : ""}`,
  unknownModel: ({ host, model, status, said }) =>
    `${host} has no model ${model} (${status}${words(said)}). Name one that it has in \`griffin.chat.endpointModel\`, or ` +
    "leave that empty for the first one that it lists.",
  noModels: ({ host }) =>
    `${host} lists no model. Name the one to use in \`griffin.chat.endpointModel\`, or load one on the server.`,
  refusedQuestion: ({ host, status, said }) =>
    `${host} refuses the question (${status}${words(said)}). If it is too long, take attachments away or clear the chat; ` +
    "else check `griffin.chat.endpointModel`.",
  tooManyRequests: ({ host, retryAfterMs, said }) =>
    `${host} asks for fewer requests (429${words(said)}). Ask again ${retryAfterMs ? `in ${duration(retryAfterMs)}` : "in a while"}.`,
  serverError: ({ host, status, said }) =>
    `${host} has a fault of its own (${status}${words(said)}). Ask again; if it stays, the server's log says more.`,
  moved: ({ host, status, location }) =>
    `${host} sends elsewhere (${status}), to ${location ?? "no address"}, and a question does not follow. If that is right, set ` +
    "`griffin.chat.endpoint` to it.",
  unexpectedStatus: ({ host, status, said }) =>
    `${host} answered ${status}${words(said)}, which Griffin Code does not understand. Check \`griffin.chat.endpoint\`.`,
  notAnApi: ({ host }) =>
    `${host} sent a web page, or something else that is no answer: a log-in page of your network, or a server of another ` +
    "kind. Check `griffin.chat.endpoint`: is /v1 missing at its end?",
  errorInAnswer: ({ host, said }) =>
    `${host} broke the answer off${words(said)}. Ask again; the server's log may say more.`,
  garbled: ({ host }) =>
    `${host} sent something in its answer that is no JSON, so the rest was not read. Is it an OpenAI-compatible server?`,
  cutOff: ({ host }) => `The connection to ${host} broke before the answer's end. Ask again.`,
  silentBefore: ({ host }) =>
    `${host} took the question and said nothing. It may be loading its model, or be very busy: ask again in a while.`,
  silentMidway: ({ host }) => `${host} fell silent before the answer's end. Ask again.`,
  emptyAnswer: ({ host, model }) =>
    `${host} ended its answer without a word of text. Ask again, or name another model than ${model} in ` +
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
