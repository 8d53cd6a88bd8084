// One file of a repository → a file of its name in a folder, or a Fault.
//
// Bytes go to `name.part`, and a later attempt goes on from there, also after a restart. The file gets its name only
// when its size and hash are right, so a file without `.part` is a good one.

import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { hashFile } from "./contentHash";
import { diskFault, Fault, networkFault } from "./faults";
import type { Answer, HttpClient } from "./http";
import type { RemoteFile } from "./hub";
import { type Retrying, retrying } from "./patience";

export interface DownloadContext extends Retrying {
  readonly http: HttpClient;
  /** For the sentences of faults. */
  readonly repository: string;
  /** Bytes that are here now and were not before; negative when some had to be thrown away. */
  onBytes(bytes: number): void;
}

/** An attempt that brings less than this counts as none: a line that breaks at every packet must end some time. */
const PROGRESS_BYTES = 2 ** 20;

export async function downloadFile(file: RemoteFile, folder: string, context: DownloadContext): Promise<void> {
  const path = join(folder, file.path);
  const part = `${path}.part`;
  if (await isWhole(path, file, context.signal)) return context.onBytes(file.bytes);
  let before = await bytesOf(part);
  context.onBytes(before);
  await retrying(
    { ...context, isPassing: passesMidway },
    () => attempt(file, path, context).catch((error) => Promise.reject(asFault(error, file, context))),
    async () => {
      const gained = (await bytesOf(part)) - before;
      before += gained;
      return gained >= PROGRESS_BYTES;
    },
  );
}

/** The hub has just been found, so a network that is gone comes back: after a sleep of the machine, or a tunnel. */
function passesMidway(fault: Fault): boolean {
  return fault.isPassing || fault.kind === "offline";
}

function asFault(error: unknown, file: RemoteFile, { repository, signal }: DownloadContext): unknown {
  return signal.aborted ? signal.reason : networkFault(error, { repository, file: file.path });
}

/** Whether the file is there already, with the right content. One with another content is removed. */
async function isWhole(path: string, file: RemoteFile, signal: AbortSignal): Promise<boolean> {
  const bytes = await bytesOf(path);
  if (bytes === file.bytes && (await hashFile(path, file.hash, bytes, signal)) === file.hash.digest) return true;
  await rm(path, { force: true });
  return false;
}

/** Fetches what is missing, once. What turns out to be something else is thrown away. */
async function attempt(file: RemoteFile, path: string, context: DownloadContext): Promise<void> {
  const part = `${path}.part`;
  const start = await bytesOf(part);
  try {
    if (start < file.bytes) await fetchRest(file, part, start, context);
    await refuseOtherContent(file, part, context);
  } catch (error) {
    if (!(error instanceof NoRest) && !(error instanceof Fault && /^wrong(Size|Hash)$/.test(error.kind))) throw error;
    context.onBytes(-(await bytesOf(part)));
    await rm(part, { force: true });
    // The beginning may be from a time when the file was another one.
    if (start > 0) return attempt(file, path, context);
    throw error;
  }
  await rename(part, path).catch((error) => Promise.reject(diskFault(error, file.path)));
}

async function refuseOtherContent(file: RemoteFile, part: string, context: DownloadContext): Promise<void> {
  const bytes = await bytesOf(part);
  const isRight = bytes === file.bytes && (await hashFile(part, file.hash, bytes, context.signal)) === file.hash.digest;
  if (!isRight) throw new Fault("wrongHash", aboutOf(file, context));
}

/** A server that cannot send a part sends all, or nothing. */
class NoRest extends Error {}

async function fetchRest(file: RemoteFile, part: string, start: number, context: DownloadContext): Promise<void> {
  const { http, signal } = context;
  const about = aboutOf(file, context);
  const range: Record<string, string> = start === 0 ? {} : { range: `bytes=${start}-` };
  const answer = await http.get(file.url, { headers: { "accept-encoding": "identity", ...range }, signal, about });
  const { response, host } = answer;
  try {
    refuseWebPage(answer, about);
    if (response.statusCode !== 206 && start > 0) throw new NoRest();
    if (response.statusCode === 416) throw new Fault("cutOff", { ...about, host });
    refuseOtherSize(answer, file, start, about);
    await append(answer, part, file, start, context);
  } finally {
    response.destroy();
  }
}

function aboutOf(file: RemoteFile, { repository }: DownloadContext): About {
  return { file: file.path, repository };
}

type About = { readonly file: string; readonly repository: string };

function refuseWebPage({ response, host }: Answer, about: About): void {
  if (/^text\/html/i.test(response.headers["content-type"] ?? "")) throw new Fault("notWeights", { ...about, host });
}

function refuseOtherSize({ response }: Answer, file: RemoteFile, start: number, about: About): void {
  const { "content-range": range, "content-length": length } = response.headers;
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range ?? "") ?? [];
  if (response.statusCode === 206 && Number(first) !== start) throw new Fault("cutOff", about);
  const announced = response.statusCode === 206 ? total : length;
  if (announced === undefined || announced === "*" || Number(announced) === file.bytes) return;
  throw new Fault("wrongSize", { ...about, expected: String(file.bytes), found: announced });
}

/** Writes the body after the `start` bytes that are there. */
async function append(
  { response, host }: Answer,
  part: string,
  file: RemoteFile,
  start: number,
  context: DownloadContext,
): Promise<void> {
  const about = aboutOf(file, context);
  const handle = await open(part, "a").catch((error) => Promise.reject(diskFault(error, file.path)));
  let position = start;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      context.signal.throwIfAborted();
      if (position === 0) refuseMarkup(chunk, { ...about, host });
      position += chunk.length;
      if (position > file.bytes) {
        throw new Fault("wrongSize", { ...about, expected: String(file.bytes), found: `more than ${file.bytes}` });
      }
      await write(handle, chunk, file.path);
      context.onBytes(chunk.length);
    }
  } finally {
    // Some disks say only now that they are full.
    await handle.close().catch((error) => Promise.reject(diskFault(error, file.path)));
  }
  if (position < file.bytes) throw new Fault("cutOff", about);
}

/** Also a page that does not say that it is one. No file of a checkpoint begins like this. */
function refuseMarkup(chunk: Buffer, about: About & { readonly host: string }): void {
  if (/^\s*<(!doctype|html|head|body|\?xml)/i.test(chunk.subarray(0, 64).toString("latin1"))) {
    throw new Fault("notWeights", about);
  }
}

async function write(handle: FileHandle, chunk: Buffer, name: string): Promise<void> {
  try {
    for (let done = 0; done < chunk.length; ) done += (await handle.write(chunk, done)).bytesWritten;
  } catch (error) {
    throw diskFault(error, name);
  }
}

async function bytesOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
