// Compiles AssemblyScript (x.ts, imported as ./x.wasm) to WebAssembly when esbuild bundles what imports it.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { cloneCache, root } from "../setUp/paths.mjs";
import { keptOnce } from "./keptOnce.mjs";

/** No runtime: the kernels allocate nothing. The memory is the importer's. */
const FLAGS = ["-O3", "--enable", "simd", "--runtime", "stub", "--importMemory", "--noExportMemory"];

/** @type {import("esbuild").Plugin} */
export const assemblyPlugin = {
  name: "assembly",
  setup(build) {
    build.onLoad({ filter: /[\\/]assembly[\\/]\w+\.wasm$/ }, async ({ path }) => {
      const source = path.replace(/\.wasm$/, ".ts");
      return { contents: await compileOnce(source), loader: "binary", watchFiles: [source] };
    });
    build.onResolve({ filter: /\.wasm$/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path) }));
  },
};

/** @type {string} */
const COMPILER = "assemblyscript/asc";

/**
 * The compiler takes seconds and gives the same bytes for the same text, so they are kept.
 * @param {string} source
 */
async function compileOnce(source) {
  const asc = await readFile(join(root, "node_modules/assemblyscript/package.json")).catch((cause) => {
    throw new Error("The package assemblyscript is not installed: run `npm install --ignore-scripts`.", { cause });
  });
  const key = createHash("sha256")
    .update(asc)
    .update(FLAGS.join())
    .update(await readFile(source))
    .digest("hex");
  const kept = join(cloneCache, "assembly", `${key}.wasm`);
  return keptOnce(kept, () => compile(source));
}

/**
 * @param {string} source
 * @returns {Promise<Uint8Array>}
 */
async function compile(source) {
  // By a name that TypeScript does not follow: the compiler's types declare a global `require` of their own.
  const asc = await import(COMPILER);
  /** @type {Uint8Array | undefined} */
  let binary;
  const { error, stderr } = await asc.main(
    [relative(root, source), "--baseDir", root, "--outFile", "out.wasm", ...FLAGS],
    {
      /** @type {(name: string, contents: Uint8Array) => void} */
      writeFile: (_name, contents) => {
        binary = contents;
      },
    },
  );
  if (error !== null || binary === undefined) throw new Error(`${source} does not compile:\n${stderr.toString()}`);
  return binary;
}
