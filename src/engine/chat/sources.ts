// What a question's answer draws on: what the user has attached, and passages of the repository, as far as the prompt has
// room. What may not be read is refused here with a sentence, whichever way it comes.

import {
  type ChatAttachment,
  type ChatQuestion,
  type ChatSource,
  type FilePlace,
  type FolderFile,
  isInPrompt,
} from "../../protocol/engine";
import { normalizeLineEnds } from "../../text/lines";
import { isForbidden, REFUSALS, type Refusal } from "../files/refusal";
import { isSecretPath } from "../files/secretNames";
import { holdsSecret } from "../files/secretText";
import type { ReadableFolder } from "../repository/readableFolder";
import type { PassageRequest } from "../snippets/passages";
import { SnippetIndex } from "../snippets/snippetIndex";
import { TokenRoom, totalTokens } from "./tokenRoom";

/** What a question may draw on, and what was refused. */
export interface GatheredSources {
  /** Most relevant first. */
  readonly sources: readonly ChatSource[];
  readonly refusals: readonly string[];
}

/** What says whether a file may be shown to a model. */
export interface Judges {
  readonly folders: readonly ReadableFolder[];
  /** Why a file of any other folder may not be shown to a model either. */
  readonly refusalElsewhere: (folder: string, path: string) => Promise<Refusal | undefined>;
}

export interface SourceNeeds extends Judges {
  /** A document's text as it stands in the editor. */
  readonly openText: (folder: string, path: string) => string | undefined;
  readonly countTokens: (text: string) => Promise<number>;
}

/** Tokens for what a question draws on. */
export interface SourceRoom {
  readonly passages: number;
  /** For all that is attached, which somebody means. */
  readonly attached: number;
}

/** For the engine's model: Griffin models recall little of what their nearest attention window does not see, and each token is waited for. */
export const OWN_ROOM: SourceRoom = { passages: 768, attached: 1024 };
/** Passages that are told, in the prompt or not. */
const MOST_PASSAGES = 8;
/** Passages that are looked for: some are refused, or attached anyway. */
const MOST_FOUND = 24;

export async function gatherSources(
  asked: ChatQuestion,
  needs: SourceNeeds,
  room: SourceRoom,
): Promise<GatheredSources> {
  const refusals: string[] = [];
  const attached: ChatSource[] = [];
  for (const attachment of asked.attachments) {
    const left = new TokenRoom(room.attached - totalTokens(attached), needs.countTokens);
    const found = await attachedSources(attachment, asked, needs, left);
    if (typeof found === "string") refusals.push(found);
    else attached.push(...found);
  }
  if (!asked.useRepository) return { sources: attached, refusals };
  const passages = await passagesFor(asked, needs, attached, new TokenRoom(room.passages, needs.countTokens));
  return { sources: [...attached, ...passages.sources], refusals: [...refusals, ...passages.refusals] };
}

/** The question, and those before it for what "it" and "there" mean. */
function questionOf({ turns, attachments }: ChatQuestion): Omit<PassageRequest, "limit"> {
  const questions = turns.filter(({ role }) => role === "user").map(({ text }) => text);
  const earlier = questions.slice(-3, -1).join("\n");
  return { question: questions.at(-1) ?? "", earlier, isAboutAttached: attachments.length > 0 };
}

/** How a place is named when there are several folders: with the folder's name, as VS Code does. */
export function shownNameOf(
  path: string,
  folder: ReadableFolder | undefined,
  folders: readonly ReadableFolder[],
): string {
  return folder !== undefined && folders.length > 1 ? `${folder.name}/${path}` : path;
}

/** Or why not, in words. */
type SourcesOrReason = readonly ChatSource[] | string;

/** Also of a file in a folder that is not read. */
export function refusalOf(
  { folder, path }: FolderFile,
  { folders, refusalElsewhere }: Judges,
): Promise<Refusal | undefined> {
  const readable = folders.find((one) => one.path === folder);
  return readable ? readable.refusal(path) : refusalElsewhere(folder, path);
}

/** A selection may come from a file that lies in no folder; then its name alone is judged here. */
async function refusalOfSelection(
  { folder, path }: Pick<FilePlace, "folder" | "path">,
  judges: Judges,
): Promise<Refusal | undefined> {
  if (folder === undefined) return isSecretPath(path) ? "secret" : undefined;
  const refusal = await refusalOf({ folder, path }, judges);
  return isForbidden(refusal) ? refusal : undefined;
}

async function attachedSources(
  attachment: ChatAttachment,
  asked: ChatQuestion,
  needs: SourceNeeds,
  room: TokenRoom,
): Promise<SourcesOrReason> {
  const folder = needs.folders.find((one) => one.path === attachment.folder);
  const name = shownNameOf(attachment.path, folder, needs.folders);
  const found =
    attachment.type === "selection"
      ? await selectedSource(attachment, name, needs, room)
      : await fileSources(attachment, name, folder, asked, needs, room);
  return typeof found === "string" ? `${name} was not used: ${found}.` : found;
}

async function selectedSource(
  { type: _, text, ...place }: Extract<ChatAttachment, { readonly type: "selection" }>,
  name: string,
  judges: Judges,
  room: TokenRoom,
): Promise<SourcesOrReason> {
  const refusal = await refusalOfSelection(place, judges);
  if (refusal !== undefined) return REFUSALS[refusal];
  if (holdsSecret(text)) return REFUSALS.secretText;
  // A selection that ends at a line's start does not mean that line.
  const selected = normalizeLineEnds(text).replace(/\n$/, "");
  return beginningOf({ ...place, text: selected, name, reason: "attached selection" }, room);
}

async function fileSources(
  attachment: Extract<ChatAttachment, { readonly type: "file" }>,
  name: string,
  folder: ReadableFolder | undefined,
  asked: ChatQuestion,
  needs: SourceNeeds,
  room: TokenRoom,
): Promise<SourcesOrReason> {
  const { path } = attachment;
  if (folder === undefined) {
    const refusal = await needs.refusalElsewhere(attachment.folder, path);
    return refusal === undefined ? "its folder is not being read" : REFUSALS[refusal];
  }
  const file = await folder.read(path);
  if ("refused" in file) return REFUSALS[file.refused];
  const open = needs.openText(attachment.folder, path);
  if (open !== undefined && holdsSecret(open)) return REFUSALS.secretText;
  const text = normalizeLineEnds(open ?? file.text).trimEnd();
  const reason = "attached file";
  const source = {
    folder: folder.path,
    path,
    startLine: 1,
    endLine: text.split("\n").length,
    text,
    name,
    reason,
  } as const;
  const whole = await room.whole(source);
  if (whole) return [whole];
  // Of a long file, what the question is about: in the text as it is now, which the folder's index need not have.
  const index = new SnippetIndex();
  await index.update(path, text);
  const passages = passagesOf(index, folder, asked, needs.folders, MOST_PASSAGES);
  const used = (await room.firstOf(passages.map((part) => ({ ...part, reason })))).filter(isInPrompt);
  return used.length > 0 ? used : beginningOf(source, room);
}

async function beginningOf(source: Omit<ChatSource, "tokens">, room: TokenRoom): Promise<SourcesOrReason> {
  const beginning = await room.beginningOf(source);
  return beginning ? [beginning] : "there is no room left for it in the prompt";
}

async function passagesFor(
  asked: ChatQuestion,
  needs: SourceNeeds,
  attached: readonly ChatSource[],
  room: TokenRoom,
): Promise<GatheredSources> {
  const searched = await Promise.all(needs.folders.map((folder) => searchedFolder(folder, asked, needs.folders)));
  const allowed = searched.flatMap(({ passages }) => passages);
  const others = allowed.filter((one) => !attached.some((other) => overlaps(one, other)));
  const best = others.sort((a, b) => b.score - a.score).slice(0, MOST_PASSAGES);
  return { sources: await room.firstOf(best), refusals: searched.flatMap(({ refusals }) => refusals) };
}

/** The passages that may be shown. An ignore file may have changed of which the folder's index does not know yet. */
async function searchedFolder(folder: ReadableFolder, asked: ChatQuestion, folders: readonly ReadableFolder[]) {
  const found = passagesOf(folder.snippets, folder, asked, folders, MOST_FOUND);
  const verdicts = await Promise.all(found.map(({ path }) => folder.refusal(path)));
  const passages = found.filter((_, index) => verdicts[index] === undefined);
  // What is forbidden goes without saying; this says nothing of the files, whose names may be forbidden, too.
  const unsearched = `Some of ${folder.name} was not searched: ${REFUSALS.unreadable}.`;
  return { passages, refusals: verdicts.includes("unreadable") ? [unsearched] : [] };
}

function passagesOf(
  index: SnippetIndex | undefined,
  folder: ReadableFolder,
  asked: ChatQuestion,
  folders: readonly ReadableFolder[],
  limit: number,
) {
  const passages = index?.passages({ ...questionOf(asked), limit }) ?? [];
  return passages.map(({ startLine, endLine, path, text, reason, score }) => ({
    folder: folder.path,
    path,
    name: shownNameOf(path, folder, folders),
    startLine: startLine + 1,
    endLine,
    text,
    reason,
    score,
  }));
}

function overlaps(a: FilePlace, b: FilePlace): boolean {
  return a.folder === b.folder && a.path === b.path && a.startLine <= b.endLine && b.startLine <= a.endLine;
}
