// The folder in which a conversion's result grows, and the journal of which tensors it holds already. A conversion that
// was stopped, by the user or by a crash, goes on from there; one of anything else begins anew.

import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isAlive } from "../../machine/processes";
import { removePatiently } from "../../machine/removePatiently";
import { isOpenElsewhere, renamePatiently } from "../../machine/renamePatiently";
import { syncFolder } from "../../machine/syncFolder";
import { conversionOf } from "../model/modelFolder";

/** Raised when the same checkpoint would be converted to other bytes than before. */
const CONVERSION_VERSION = 3;

const JOURNAL = "journal";
const OWNER = "owner";
/** So often the owner says that it is still at it. */
const SIGN_EVERY_MS = 60_000;
/** After so long without a sign it has ended without a word, and another process may have its id. */
const LONGEST_SILENCE_MS = 10 * SIGN_EVERY_MS;
/** Windows renames no folder while another process has a file of it open, as a virus scanner has each new one for a moment. */
const RENAME_PATIENCE_MS = 10_000;

export class WorkFolder {
  readonly #signs: NodeJS.Timeout;
  #done: ReadonlySet<string>;
  #isEmpty: boolean;

  private constructor(
    readonly path: string,
    private readonly key: string,
    done: ReadonlySet<string>,
    signEveryMs: number,
  ) {
    this.#done = done;
    this.#isEmpty = done.size === 0;
    this.#signs = setInterval(() => void this.#sign(), signEveryMs).unref();
  }

  /**
   * Throws a sentence when another process is at it.
   * @param plan all that the result depends on
   */
  static async open(outDir: string, plan: unknown, signEveryMs = SIGN_EVERY_MS): Promise<WorkFolder> {
    const path = conversionOf(outDir);
    const key = createHash("sha256")
      .update(JSON.stringify([CONVERSION_VERSION, plan]))
      .digest("hex");
    await refuseOtherOwner(path, outDir);
    const [earlier, ...done] = await readJournal(path);
    if (earlier !== key) await begin(path, key);
    await writeFile(join(path, OWNER), String(process.pid));
    return new WorkFolder(path, key, new Set(earlier === key ? done : []), signEveryMs);
  }

  /** Tensors that an earlier attempt has written, and that are safe on the disk. */
  get done(): ReadonlySet<string> {
    return this.#done;
  }

  /** What the journal names is not there any more. */
  async beginAnew(): Promise<void> {
    await begin(this.path, this.key);
    await writeFile(join(this.path, OWNER), String(process.pid));
    this.#done = new Set();
    this.#isEmpty = true;
  }

  /** Whether nothing is done yet, by an earlier attempt or by this one. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** To be called when the tensors' bytes are safe on the disk. */
  async markDone(tensors: readonly string[]): Promise<void> {
    if (tensors.length > 0) {
      this.#isEmpty = false;
      await appendFile(join(this.path, JOURNAL), tensors.map((name) => `${name}\n`).join(""));
    }
    await this.#sign();
  }

  /** Leaves what is there for the next attempt. Never throws: why that is so says more. */
  async leave(): Promise<void> {
    clearInterval(this.#signs);
    await removePatiently(join(this.path, OWNER)).catch(() => {});
  }

  /** Never throws, as `leave`. */
  async remove(): Promise<void> {
    clearInterval(this.#signs);
    await removePatiently(this.path).catch(() => {});
  }

  /** The result, whole and safe on the disk, gets its name. Where it cannot, the journal is still there, so that nothing is done again. */
  async finish(outDir: string): Promise<void> {
    await syncFolder(this.path);
    await giveName(this.path, outDir);
    await syncFolder(dirname(outDir));
    clearInterval(this.#signs);
    // Nobody reads them in a model folder, so one that stays does no harm.
    for (const name of [JOURNAL, OWNER]) await rm(join(outDir, name), { force: true }).catch(() => {});
  }

  async #sign(): Promise<void> {
    const now = new Date();
    await utimes(join(this.path, OWNER), now, now).catch(() => {}); // Removed meanwhile, perhaps.
  }
}

async function begin(path: string, key: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  await writeFile(join(path, JOURNAL), `${key}\n`);
}

async function giveName(path: string, outDir: string): Promise<void> {
  try {
    await renamePatiently(path, outDir, { patienceMs: RENAME_PATIENCE_MS });
  } catch (cause) {
    if (!isOpenElsewhere(cause)) throw cause;
    throw new Error(
      `${path} is whole, and cannot be renamed (${(cause as NodeJS.ErrnoException).code}): another program has its files open, or ` +
        "the folder's permissions forbid it. Convert again when it is free: it goes on where it stopped.",
      { cause },
    );
  }
}

/** The plan's key and the names after it; a last line that was not written whole does not count. */
async function readJournal(path: string): Promise<string[]> {
  const text = await readFile(join(path, JOURNAL), "utf8").catch(() => "");
  return text.split("\n").slice(0, -1);
}

async function refuseOtherOwner(path: string, outDir: string): Promise<void> {
  const owner = join(path, OWNER);
  const pid = Number(await readFile(owner, "utf8").catch(() => ""));
  if (!pid || pid === process.pid || !isAlive(pid)) return;
  const sign = await stat(owner).catch(() => undefined);
  if (sign === undefined || Date.now() - sign.mtimeMs > LONGEST_SILENCE_MS) return;
  throw new Error(`Process ${pid} is converting to ${outDir} already. Wait for it, or end it.`);
}
