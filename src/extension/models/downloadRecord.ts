// What is known of a download: the files that the hub has listed, and which of them are here and were compared with what it says.
// So none is read whole a second time, and a download that is whole can be used without the hub.

import { open, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../../machine/wholeFile";
import { isCount, objectOf, parseJson } from "../../text/json";
import type { RemoteFile } from "./hub";

interface RecordedFile extends Pick<RemoteFile, "path" | "bytes" | "hash"> {
  /** When it was last written, once it was compared. */
  readonly mtimeMs?: number | undefined;
}

/** No checkpoint has a file of this name. */
const RECORD_FILE = ".record.json";

export class DownloadRecord {
  private constructor(
    private readonly folder: string,
    private files: readonly RecordedFile[],
  ) {}

  /** Empty where there is none that can be read: then everything is compared anew. */
  static async read(folder: string): Promise<DownloadRecord> {
    const text = await readFile(join(folder, RECORD_FILE), "utf8").catch(() => "[]");
    return new DownloadRecord(folder, parseFiles(text));
  }

  /** From now on nothing is known of the download in `folder`: everything in it is compared anew. */
  static async forget(folder: string): Promise<void> {
    await rm(join(folder, RECORD_FILE), { force: true });
  }

  /** Of all files that the hub has listed. */
  get totalBytes(): number {
    return this.files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Whether all files that the hub has listed are here, as they were compared. */
  async isWhole(): Promise<boolean> {
    const known = await Promise.all(this.files.map((file) => this.isAsCompared(file)));
    return known.length > 0 && known.every(Boolean);
  }

  /** The hub lists these now. What is known of others does not count any more. */
  list(files: readonly RemoteFile[]): void {
    this.files = files.map(({ path, bytes, hash }) => {
      const known = this.find(path);
      return known?.hash.digest === hash.digest ? known : { path, bytes, hash };
    });
  }

  /** Whether a file that is listed was compared, and has not been written since. */
  async isAsCompared({ path }: Pick<RemoteFile, "path">): Promise<boolean> {
    const known = this.find(path);
    if (known?.mtimeMs === undefined) return false;
    const found = await stat(join(this.folder, path)).catch(() => undefined);
    return found?.size === known.bytes && found.mtimeMs === known.mtimeMs;
  }

  /** A file that is listed has been compared: makes it safe on the disk, as nobody will look again after a power failure. */
  async compared({ path }: Pick<RemoteFile, "path">): Promise<void> {
    const handle = await open(join(this.folder, path), "r+");
    try {
      await handle.sync();
      const { mtimeMs } = await handle.stat();
      this.files = this.files.map((file) => (file.path === path ? { ...file, mtimeMs } : file));
    } finally {
      await handle.close();
    }
  }

  /** Where it cannot be kept, the next attempt only takes longer. */
  async save(): Promise<void> {
    await writeWhole(join(this.folder, RECORD_FILE), [Buffer.from(JSON.stringify(this.files))]).catch(() => {});
  }

  private find(path: string): RecordedFile | undefined {
    return this.files.find((file) => file.path === path);
  }
}

function parseFiles(text: string): readonly RecordedFile[] {
  const files = parseJson(text);
  return Array.isArray(files) && files.every(isRecordedFile) ? files : [];
}

function isRecordedFile(value: unknown): value is RecordedFile {
  const { path, bytes, hash, mtimeMs } = objectOf(value);
  const { type, digest } = objectOf(hash);
  const isHash = (type === "sha256" || type === "gitBlob") && typeof digest === "string";
  return typeof path === "string" && isCount(bytes) && isHash && ["number", "undefined"].includes(typeof mtimeMs);
}
