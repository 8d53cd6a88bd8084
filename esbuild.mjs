// Bundles: one for each process that runs, and one for each test file.
//
//   node esbuild.mjs                dist/, with source maps
//   node esbuild.mjs --production   dist/, without source maps: what is shipped. Names stay, so that a user's stack
//                                   trace can be read; the whole is small beside the model
//   node esbuild.mjs --tests        dist/ and out/test/, which has source maps always: a failure names the test's own line
//   node esbuild.mjs --watch        builds again at each change; says when it begins and ends, for .vscode/tasks.json

import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as esbuild from "esbuild";
import { announceBuilds } from "./tools/build/announceBuilds.mjs";
import { assemblyPlugin } from "./tools/build/assemblyPlugin.mjs";
import { thirdPartyNotices } from "./tools/vsix/notices.mjs";

const root = dirname(fileURLToPath(import.meta.url));

/** @type {{ version: string }} */
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Native modules stay outside: they are loaded from node_modules, of which the VSIX carries a part. */
const NATIVE = ["onnxruntime-node", "tokenizers", "@vscode/tree-sitter-wasm"];

const SHIPPED_BESIDE = [...NATIVE, "onnxruntime-common"];

/** @type {esbuild.BuildOptions} */
const NODE = { platform: "node", target: "node20", format: "cjs" };

/** @type {esbuild.BuildOptions[]} */
const PROGRAMS = [
  { ...NODE, entryPoints: ["src/extension/main.ts"], outfile: "dist/extension.js", external: ["vscode"] },
  { ...NODE, entryPoints: ["src/engine/main.ts"], outfile: "dist/engine.js", external: NATIVE },
  { ...NODE, entryPoints: ["src/engine/modelJobs/main.ts"], outfile: "dist/modelJobs.js", external: NATIVE },
  { ...NODE, entryPoints: ["src/engine/convert/taskThread.ts"], outfile: "dist/taskThread.js" },
  {
    ...NODE,
    entryPoints: ["src/cli/main.ts"],
    outfile: "dist/cli.js",
    external: NATIVE,
    banner: { js: "#!/usr/bin/env node" },
    define: { "process.env.GRIFFIN_VERSION": JSON.stringify(version) },
  },
  {
    platform: "browser",
    target: "es2022",
    format: "iife",
    entryPoints: ["src/webview/main.ts"],
    outfile: "dist/webview.js",
  },
];

const NOTICES = "dist/THIRD-PARTY-NOTICES.txt";
const TESTS_FOLDER = "out/test";

/**
 * What is run in this clone and not shipped.
 * @type {esbuild.BuildOptions}
 */
const UNSHIPPED = {
  ...NODE,
  packages: "external",
  // Bundled files are CommonJS, where `import.meta` is empty.
  define: { "import.meta.url": "__fileUrl" },
  banner: { js: 'const __fileUrl = require("node:url").pathToFileURL(__filename).href;' },
};

/**
 * Besides the tests themselves: what a runner loads by name.
 * @type {esbuild.BuildOptions}
 */
const TESTS = {
  ...UNSHIPPED,
  outdir: TESTS_FOLDER,
  outbase: "test",
  entryPoints: ["test/**/*.test.ts", "test/**/index.ts"],
};

/**
 * Builds once. A missing entry file or an unknown import is an error, never a shorter list.
 * @param {{ production?: boolean, tests?: boolean }} [options]
 */
export async function build({ production = false, tests = false } = {}) {
  const bundles = [...PROGRAMS, ...(tests ? [TESTS] : [])];
  const results = await Promise.all(
    bundles.map((bundle) => esbuild.build(complete(bundle, production && bundle !== TESTS))),
  );
  const metafiles = results.slice(0, PROGRAMS.length).flatMap(({ metafile }) => metafile ?? []);
  await writeFile(join(root, NOTICES), await thirdPartyNotices(metafiles, SHIPPED_BESIDE));
  const built = results.flatMap(({ metafile }) => Object.keys(metafile?.outputs ?? {}));
  await removeAllBut([...built, NOTICES], "dist");
  if (tests) await removeAllBut(built, TESTS_FOLDER);
}

/**
 * Builds a program that is not shipped.
 * @param {string} entryPoint  from the root
 * @param {string} outfile  from the root
 */
export async function buildTool(entryPoint, outfile) {
  await esbuild.build(complete({ ...UNSHIPPED, entryPoints: [entryPoint], outfile }, false));
}

async function watch() {
  const bundles = [...PROGRAMS, TESTS];
  const announce = announceBuilds(bundles.length);
  const contexts = await Promise.all(
    bundles.map((bundle) => {
      const options = complete(bundle, false);
      return esbuild.context({ ...options, logLevel: "silent", plugins: [assemblyPlugin, announce] });
    }),
  );
  await Promise.all(contexts.map((context) => context.watch()));
}

/**
 * @param {esbuild.BuildOptions} bundle
 * @param {boolean} production
 * @returns {esbuild.BuildOptions}
 */
function complete(bundle, production) {
  return {
    ...bundle,
    absWorkingDir: root,
    bundle: true,
    loader: { ".scm": "text", ".txt": "text" },
    logLevel: "warning",
    metafile: true,
    plugins: [assemblyPlugin],
    sourcemap: production ? false : "linked",
  };
}

/**
 * A test whose source is gone must not run on, and no bundle be shipped that is built no more.
 * @param {readonly string[]} built  from the root
 * @param {string} outdir
 */
async function removeAllBut(built, outdir) {
  const kept = new Set(built.map((path) => join(root, path)));
  for (const entry of readdirSync(join(root, outdir), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && !kept.has(path)) await rm(path);
  }
}

// Node follows symbolic links in a module's own address, but not in what it was called with.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { production: { type: "boolean" }, tests: { type: "boolean" }, watch: { type: "boolean" } },
  });
  try {
    await (values.watch ? watch() : build(values));
  } catch (error) {
    process.exitCode = 1;
    // What is wrong with the sources, esbuild itself has printed.
    if (!(error instanceof Error && "errors" in error)) console.error(error);
  }
}
