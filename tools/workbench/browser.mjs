// Chromium, with nothing to reach but this machine.

import { chromium } from "playwright-core";

const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Whatever a page asks for elsewhere fails at once: tests prove that nothing needs it.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

/** @param {string} executablePath */
export function launchBrowser(executablePath) {
  // Chromium's sandbox refuses to run as root, as in containers.
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  // Playwright would close the browser at a signal, and let this process go on. At its exit the browser ends in any case.
  const noSignals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  return chromium.launch({ executablePath, args: [...FLAGS, ...asRoot], ...noSignals });
}
