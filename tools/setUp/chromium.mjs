// A Chromium that the browser tests drive. One that is there is taken; else it is installed where that can be done.

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { onPath } from "./onPath.mjs";
import { root } from "./paths.mjs";
import { step } from "./progress.mjs";
import { runQuietly } from "./run.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PLACES = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const CAN_APT = process.getuid?.() === 0 && onPath("apt-get") !== undefined;
const SCRIPT_BYTES = 65_536;

/**
 * The browser's executable. GRIFFIN_CHROMIUM names another one.
 * @returns {Promise<string>}
 */
export async function ensureChromium() {
  const found = await anyChromium();
  if (found) return found;
  // Not every Debian has the package, Ubuntu for one: then Playwright has one still.
  if (CAN_APT) await step("installing Chromium with apt-get", installWithApt).catch(() => {});
  if (!findChromium()) await step("installing Chromium with Playwright", installWithPlaywright);
  const installed = await anyChromium();
  if (installed) return installed;
  throw new Error("No Chromium was found or installed. Install it, or set GRIFFIN_CHROMIUM to its executable.");
}

/** The browser's executable, if there is one without installing any. */
export async function anyChromium() {
  return findChromium() ?? (await playwrightChromium());
}

/** @returns {string | undefined} one that is installed on this machine */
export function findChromium() {
  const { GRIFFIN_CHROMIUM } = process.env;
  if (GRIFFIN_CHROMIUM) {
    if (existsSync(GRIFFIN_CHROMIUM)) return GRIFFIN_CHROMIUM;
    throw new Error(`GRIFFIN_CHROMIUM names ${GRIFFIN_CHROMIUM}, which does not exist.`);
  }
  return NAMES.map(onPath).find((path) => path && !isSnapStub(path)) ?? PLACES.find(existsSync);
}

/**
 * Ubuntu's package is a script that asks for the snap; the snap's own program is found by another name.
 * @param {string} path
 */
function isSnapStub(path) {
  return statSync(path).size < SCRIPT_BYTES && readFileSync(path, "latin1").includes("/snap/bin/chromium");
}

async function installWithApt() {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await runQuietly("apt-get", ["update"], { env });
  await runQuietly("apt-get", ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"], { env });
}

async function installWithPlaywright() {
  // It brings the browser alone; the libraries that this needs come with apt-get, where that may be done.
  const libraries = CAN_APT ? ["--with-deps"] : [];
  const cli = join(root, "node_modules/playwright-core/cli.js");
  await runQuietly(process.execPath, [cli, "install", ...libraries, "chromium"]);
}

async function playwrightChromium() {
  const { chromium } = await import("playwright-core");
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}
