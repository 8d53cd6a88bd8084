// The folder in which a conversion's result grows, and the journal of which tensors it holds already. A conversion that
// was stopped, by the user or by a crash, goes on from there; one of anything else begins anew.

import { createHash } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Claim, holderOf, isClaimed, LOOK_MS, LOOKS_BEFORE_TAKING, tryClaim } from "../../machine/claim";
import { removePatiently } from "../../machine/removePatiently";
import { isOpenElsewhere, renamePatiently } from "../../machine/renamePatiently";
import { syncFolder } from "../../machine/syncFolder";
import { conversionOf } from "../model/modelFolder";

/** Raised when the same checkpoint would be converted to other bytes than before. */
const CONVERSION_VERSION = 3;

const JOURNAL = "journal";
const OWNER = "owner";
/** Windows renames no folder while another process has a file of it open, as a virus scanner has each new one for a moment. */
const RENAME_PATIENCE_MS = 10_000;

export class WorkFolder {
  #isEmpty: boolean;

  private constructor(
    readonly path: string,
    private readonly claim: Claim,
    /** Tensors that an earlier attempt has written, and that are safe on the disk. */
    readonly done: ReadonlySet<string>,
  ) {
    this.#isEmpty = done.size === 0;
  }

  /**
   * Throws a sentence when another process is at it.
   * @param plan all that the result depends on
   * @param isThere whether the files are there that the journal speaks of
   */
  static async open(outDir: string, plan: unknown, isThere: () => Promise<boolean>): Promise<WorkFolder> {
    const path = conversionOf(outDir);
    const key = createHash("sha256")
      .update(JSON.stringify([CONVERSION_VERSION, plan]))
      .digest("hex");
    await mkdir(path, { recursive: true });
    const claim = await claimed(join(path, OWNER));
    if (claim === undefined) {
      const holder = await holderOf(join(path, OWNER));
      throw new Error(`${holder} is converting to ${outDir} already. Wait for it, or end it.`);
    }
    try {
      const [earlier, ...done] = await readJournal(path);
      const goesOn = earlier === key && (done.length === 0 || (await isThere()));
      if (!goesOn) await begin(path, key);
      return new WorkFolder(path, claim, new Set(goesOn ? done : []));
    } catch (error) {
      await claim.release();
      throw error;
    }
  }

  /** Whether nothing is done yet, by an earlier attempt or by this one. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** To be called when the tensors' bytes are safe on the disk. Throws a sentence where the folder is another process's by now. */
  async markDone(tensors: readonly string[]): Promise<void> {
    if (tensors.length === 0) return;
    await this.#throwIfLost();
    this.#isEmpty = false;
    await appendFile(join(this.path, JOURNAL), tensors.map((name) => `${name}\n`).join(""));
  }

  /** Leaves what is there for the next attempt. Never throws: why that is so says more. */
  async leave(): Promise<void> {
    await this.claim.release();
  }

  /** Never throws, as `leave`. */
  async remove(): Promise<void> {
    if (await this.claim.isHeld()) await removePatiently(this.path).catch(() => {});
    await this.leave();
  }

  /**
   * The result, whole and safe on the disk, gets its name. Where it cannot, the journal is still there, so that nothing is done
   * again. Throws a sentence where the folder is another process's by now.
   */
  async finish(outDir: string): Promise<void> {
    await this.#throwIfLost();
    await syncFolder(this.path);
    await giveName(this.path, outDir);
    await syncFolder(dirname(outDir));
    await this.claim.release();
    // Nobody reads them in a model folder, so one that stays does no harm.
    for (const name of [JOURNAL, OWNER]) await rm(join(outDir, name), { force: true }).catch(() => {});
  }

  /** Another process writes other bytes under the same names. */
  async #throwIfLost(): Promise<void> {
    if (await this.claim.isHeld()) return;
    throw new Error(
      "Another process has taken over this conversion, which had stood still for long. Wait for its model, or end it and convert " +
        "again.",
    );
  }
}

/** Undefined when another process is at it. */
async function claimed(path: string): Promise<Claim | undefined> {
  for (let look = 0; ; look++) {
    const isLast = look === LOOKS_BEFORE_TAKING;
    const claim = await tryClaim(path, isLast);
    if (claim !== undefined || isLast || (await isClaimed(path))) return claim;
    await sleep(LOOK_MS);
  }
}

/** Removes all but the claim. */
async function begin(path: string, key: string): Promise<void> {
  const others = (await readdir(path)).filter((name) => name !== OWNER);
  for (const name of others) await removePatiently(join(path, name));
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
