// What the contenders need, made once and kept in .cache/sideBySide: Python packages, candle's program, conversions.

import { createHash } from "node:crypto";
import { cp, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { onPath } from "../setUp/onPath.mjs";
import { cloneCache, root } from "../setUp/paths.mjs";
import { step } from "../setUp/progress.mjs";
import { runQuietly } from "../setUp/run.mjs";
import { contentHash, makeOnce } from "../setUp/stamps.mjs";

export const cache = join(cloneCache, "sideBySide");
const here = join(root, "tools", "sideBySide");

/** @returns the Python that has the packages of requirements.txt and deepmind.txt */
export async function ensurePython(): Promise<string> {
  const venv = join(cache, "venv");
  const python = join(venv, "bin", "python");
  const lists = ["requirements.txt", "deepmind.txt"].map((name) => join(here, name)) as [string, string];
  await makeOnce(python, await contentHash(lists), () =>
    step("installing torch, transformers and recurrentgemma, once (some minutes, 6 GB)", async () => {
      await rm(venv, { recursive: true, force: true });
      await runQuietly(program("python3", "Install Python 3.10 or newer."), ["-m", "venv", venv]);
      await runQuietly(python, ["-m", "pip", "install", "-q", "-r", lists[0]]);
      await runQuietly(python, ["-m", "pip", "install", "-q", "--no-deps", "-r", lists[1]]);
    }),
  );
  return python;
}

/** @returns candle's program, built for this processor */
export async function ensureCandle(): Promise<string> {
  const source = join(here, "candle");
  const work = join(cache, "candle");
  const built = join(work, "target", "release", "candle-contender");
  await makeOnce(built, await contentHash([source]), () =>
    step("building candle, once (some minutes)", async () => {
      // In a copy, because cargo writes beside its sources.
      await cp(source, work, { recursive: true });
      const cargo = program("cargo", "Install Rust, or leave candle out with --only.");
      await runQuietly(cargo, ["build", "--release"], { cwd: work, env: { RUSTFLAGS: "-C target-cpu=native" } });
    }),
  );
  return built;
}

/** @returns candle's own 4-bit form of the checkpoint */
export async function ensureCandleQuantized(checkpoint: string): Promise<string> {
  const program = await ensureCandle();
  const file = join(cache, `${basename(checkpoint)}-q4k.gguf`);
  const hash = await hashOf(await fingerprint(checkpoint), [join(here, "candle")]);
  await makeOnce(file, hash, () =>
    step("converting the checkpoint for candle", async () => {
      await runQuietly(program, ["quantize", checkpoint, `${file}.new`]);
      await rename(`${file}.new`, file);
    }),
  );
  return file;
}

/** What a conversion's bytes follow from: the converter, and the form in which a model lies on the disk. */
const OF_CONVERSION = ["convert", "model"].map((folder) => join(root, "src", "engine", folder));

/** @returns our model folder of the checkpoint, as the converter makes it today */
export async function ensureGriffin(checkpoint: string, weights: "int8" | "int4"): Promise<string> {
  const outDir = join(cache, `${basename(checkpoint)}-${weights}`);
  const hash = await hashOf(await fingerprint(checkpoint), OF_CONVERSION);
  await makeOnce(outDir, hash, () =>
    step(`converting the checkpoint to ${weights}`, async () => {
      await rm(outDir, { recursive: true, force: true });
      await runQuietly(process.execPath, ["esbuild.mjs"], { cwd: root });
      await runQuietly(process.execPath, ["dist/cli.js", "convert", checkpoint, outDir, "--weights", weights], {
        cwd: root,
      });
    }),
  );
  return outDir;
}

function program(name: string, otherwise: string): string {
  const found = onPath(name);
  if (found === undefined) throw new Error(`There is no ${name}. ${otherwise}`);
  return found;
}

/** Changes when a file of the checkpoint is written anew. */
async function fingerprint(checkpoint: string): Promise<string> {
  const files = await Promise.all(
    (await readdir(checkpoint)).sort().map(async (name) => {
      const { size, mtimeMs } = await stat(join(checkpoint, name));
      return [name, size, mtimeMs];
    }),
  );
  return JSON.stringify([checkpoint, files]);
}

async function hashOf(text: string, sources: string[]): Promise<string> {
  return createHash("sha256")
    .update(text)
    .update(await contentHash(sources))
    .digest("hex");
}
