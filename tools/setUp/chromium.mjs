// A Chromium that the browser tests drive. One that is there is taken; else it is installed where that can be done.

import { existsSync } from "node:fs";
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

/**
 * The browser's executable. GRIFFIN_CHROMIUM names another one.
 * @returns {Promise<string>}
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (onPath("apt-get") && process.getuid?.() === 0) await step("installing Chromium with apt-get", installWithApt);
  else await step("installing Chromium with Playwright", installWithPlaywright);
  const installed = findChromium() ?? (await playwrightChromium());
  if (installed) return installed;
  throw new Error("No Chromium was found or installed. Install it, or set GRIFFIN_CHROMIUM to its executable.");
}

function findChromium() {
  const { GRIFFIN_CHROMIUM } = process.env;
  if (GRIFFIN_CHROMIUM) {
    if (existsSync(GRIFFIN_CHROMIUM)) return GRIFFIN_CHROMIUM;
    throw new Error(`GRIFFIN_CHROMIUM names ${GRIFFIN_CHROMIUM}, which does not exist.`);
  }
  return NAMES.map(onPath).find(Boolean) ?? PLACES.find(existsSync);
}

async function installWithApt() {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await runQuietly("apt-get", ["update"], { env });
  await runQuietly("apt-get", ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"], { env });
}

async function installWithPlaywright() {
  await runQuietly(process.execPath, [join(root, "node_modules/playwright-core/cli.js"), "install", "chromium"]);
}

async function playwrightChromium() {
  const { chromium } = await import("playwright-core");
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}
