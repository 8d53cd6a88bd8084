// The project's npm packages, exactly as package-lock.json names them.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { alreadyDone, step } from "./progress.mjs";
import { npm } from "./run.mjs";

/** @typedef {{ version?: string, optional?: boolean }} LockedPackage */

/** Installs the packages unless what is installed is what the lock file says. */
export async function ensureNpmPackages() {
  // mocha is an ES module, and what it runs loads it by `require`.
  if (!process.features.require_module) {
    console.error(`Node ${process.versions.node} is too old. Install Node 20.19, or 22.12 or newer.`);
    process.exit(1);
  }
  if (isInstalled()) return alreadyDone("npm packages");
  // Install scripts stay off: onnxruntime-node's would download GPU libraries that nothing here uses.
  await step("installing npm packages", () =>
    npm(["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: root,
      env: { ONNXRUNTIME_NODE_INSTALL: "skip" },
    }),
  );
}

function isInstalled() {
  // npm keeps a second lock file beside the packages that says what is really there.
  const installedLock = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedLock)) return false;
  const installed = lockedPackages(installedLock);
  return Object.entries(lockedPackages(join(root, "package-lock.json"))).every(([path, { version, optional }]) => {
    const found = installed[path];
    // Optional ones are for other platforms when they are missing. The unnamed one is the project itself.
    return path === "" || (found ? found.version === version : optional === true);
  });
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
function lockedPackages(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}
