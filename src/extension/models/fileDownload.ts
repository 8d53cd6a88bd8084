// One file of a repository → a file of its name in a folder, or a Fault.
//
// Bytes go to `name.part`, and a later attempt goes on from there, also after a restart. The file gets its name only
// when its size and hash are right, so a file without `.part` is a good one.

import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { renamePatiently } from "../../machine/renamePatiently";
import { hashFile } from "./contentHash";
import { type AskedFile, Fault, onDisk } from "./faults";
import { type Answer, bodyOf, type HttpClient } from "./http";
import type { RemoteFile } from "./hub";
import { type Retrying, retrying } from "./retrying";

export interface DownloadContext extends Retrying {
  readonly http: HttpClient;
  readonly repository: string;
  /** Bytes that have come; 0 when an attempt begins. */
  onBytes(bytes: number): void;
  /**
   * Bytes that an earlier attempt has left; negative when some had to be thrown away; 0 before what is here is compared with what
   * the hub says, which takes seconds for each gigabyte.
   */
  onFound(bytes: number): void;
}

/** An attempt that brings less than this counts as none: a line that breaks at every packet must end some time. */
const PROGRESS_BYTES = 2 ** 20;
/** A virus scanner reads a new file of some gigabytes for a while, and Windows does not rename it meanwhile. Elsewhere a refusal lasts. */
const RENAME_PATIENCE_MS = process.platform === "win32" ? 30_000 : 500;

export class FileDownload {
  private readonly path: string;
  private readonly part: string;

  constructor(
    private readonly file: RemoteFile,
    folder: string,
    private readonly context: DownloadContext,
  ) {
    this.path = join(folder, file.path);
    this.part = `${this.path}.part`;
  }

  /** After it resolves, the file is in the folder. Throws a Fault, or the signal's reason. */
  async run(): Promise<void> {
    const { file, part, context } = this;
    if (await onDisk(file.path, this.isThere())) return context.onFound(file.bytes);
    let before = await bytesOf(part);
    if (before > 0) context.onFound(before);
    await retrying(
      { ...context, isOutage: isOutageMidway },
      () => onDisk(file.path, this.attempt()),
      async () => {
        const gained = (await bytesOf(part)) - before;
        before += gained;
        return gained >= PROGRESS_BYTES;
      },
    );
  }

  /** One with another content is removed. */
  private async isThere(): Promise<boolean> {
    if (await this.isRight(this.path)) return true;
    await rm(this.path, { force: true });
    return false;
  }

  private async isRight(path: string): Promise<boolean> {
    const { file, context } = this;
    const { bytes, hash } = file;
    if ((await bytesOf(path)) !== bytes) return false;
    context.onFound(0);
    return (await hashFile(path, hash, bytes, context.signal)) === hash.digest;
  }

  /** Fetches what is missing, once. What turns out to be something else is thrown away. */
  private async attempt(): Promise<void> {
    const { file, part, context } = this;
    context.onBytes(0);
    const start = await bytesOf(part);
    try {
      if (start < file.bytes) await this.fetchRest(start);
      if (!(await this.isRight(part)))
        throw new Fault("wrongHash", { repository: context.repository, file: file.path });
    } catch (error) {
      if (!(error instanceof NoRest) && !(error instanceof Fault && /^wrong(Size|Hash)$/.test(error.kind))) throw error;
      context.onFound(-(await bytesOf(part)));
      await rm(part, { force: true });
      // The beginning may be from a time when the file was another one.
      if (start > 0) return this.attempt();
      throw error;
    }
    await renamePatiently(part, this.path, { patienceMs: RENAME_PATIENCE_MS, signal: context.signal });
  }

  private async fetchRest(start: number): Promise<void> {
    const { file } = this;
    const { http, repository, signal } = this.context;
    const subject = { repository, file: file.path };
    const range: Record<string, string> = start === 0 ? {} : { range: `bytes=${start}-` };
    const answer = await http.get(file.url, {
      headers: { "accept-encoding": "identity", ...range },
      isLargeFile: file.hash.type === "sha256",
      ...{ signal, subject },
    });
    const asked = { ...subject, host: answer.host };
    try {
      refuseWebPage(answer, asked);
      const { statusCode } = answer.response;
      if (statusCode !== 206 && start > 0) throw new NoRest();
      if (statusCode === 416) throw new Fault("cutOff", asked);
      this.refuseOtherSize(answer, start, asked);
      await this.append(answer, start, asked);
    } finally {
      answer.response.destroy();
    }
  }

  private refuseOtherSize({ response }: Answer, start: number, asked: AskedFile): void {
    const expectedBytes = this.file.bytes;
    const { "content-range": range, "content-length": length } = response.headers;
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range ?? "") ?? [];
    if (response.statusCode === 206 && Number(first) !== start) throw new Fault("cutOff", asked);
    const announced = response.statusCode === 206 ? total : length;
    if (announced === undefined || announced === "*" || Number(announced) === expectedBytes) return;
    throw new Fault("wrongSize", { ...asked, expectedBytes, found: announced });
  }

  /** Writes the body after the `start` bytes that are there. */
  private async append(answer: Answer, start: number, asked: AskedFile): Promise<void> {
    const { file, context } = this;
    const handle = await open(this.part, "a");
    let position = start;
    try {
      for await (const chunk of bodyOf(answer, asked)) {
        context.signal.throwIfAborted();
        if (position === 0) refuseMarkup(chunk, asked);
        position += chunk.length;
        if (position > file.bytes) {
          throw new Fault("wrongSize", { ...asked, expectedBytes: file.bytes, found: `more than ${file.bytes}` });
        }
        await write(handle, chunk);
        context.onBytes(chunk.length);
      }
    } finally {
      // Some disks say only now that they are full.
      await handle.close();
    }
    if (position < file.bytes) throw new Fault("cutOff", asked);
  }
}

/** The hub has just been found, so a network that is gone comes back: after a sleep of the machine, or a tunnel. */
function isOutageMidway(fault: Fault): boolean {
  return fault.is("offline") || (fault.is("refused") && NO_WAY.has(fault.details.cause));
}

/** What a system says that knows an address, and that no packet gets there. */
const NO_WAY: ReadonlySet<string> = new Set(["EHOSTUNREACH", "ETIMEDOUT"]);

/** A server that cannot send a part sends all, or nothing. */
class NoRest extends Error {}

function refuseWebPage({ response }: Answer, asked: AskedFile): void {
  if (/^text\/html/i.test(response.headers["content-type"] ?? "")) throw new Fault("notWeights", asked);
}

/** Also a page that does not say that it is one. No file of a checkpoint begins like this. */
function refuseMarkup(chunk: Buffer, asked: AskedFile): void {
  if (/^\s*<(!doctype|html|head|body|\?xml)/i.test(chunk.subarray(0, 64).toString("latin1"))) {
    throw new Fault("notWeights", asked);
  }
}

async function write(handle: FileHandle, chunk: Buffer): Promise<void> {
  for (let done = 0; done < chunk.length; ) done += (await handle.write(chunk, done)).bytesWritten;
}

async function bytesOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
