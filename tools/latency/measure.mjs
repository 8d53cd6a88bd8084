// Types beginnings of lines all over a file, and takes the time from the last key to the first ghost text.
//
// Both moments are taken inside the page. A key that is typed while ghost text is on screen does not count: it may be
// answered from what is shown, in a few milliseconds, which says nothing about a request.

// No brackets: VS Code closes them by itself, and the provider that answers at once is then not drawn.
const BEGINNINGS = ["return ", "const total = ", "throw new ", "export function ", "let days = ", "// The "];

/** A person who types fast. */
const KEY_DELAY_MS = 60;
const GIVE_UP_MS = 4000;
const PAUSE_MS = 400;
const LINES = 29;

/**
 * @param {import("../workbench/workbench.mjs").Workbench} workbench
 * @param {number} count
 */
export async function measureLatency(workbench, count) {
  const { page } = workbench;
  await page.evaluate(watchGhostText);
  /** @type {number[]} */
  const times = [];
  let withoutSuggestion = 0;
  let skipped = 0;
  for (let i = 0; i < count; i++) {
    const beginning = BEGINNINGS[i % BEGINNINGS.length] ?? "";
    await workbench.placeCursor(1 + ((i * 7) % LINES), 1);
    await workbench.press("End");
    await workbench.press("Enter");
    await page.keyboard.type(beginning.slice(0, -1), { delay: KEY_DELAY_MS });
    if ((await workbench.ghostText()) !== "") skipped++;
    else {
      const ms = await timeOfKey(page, beginning.slice(-1));
      if (ms === undefined) withoutSuggestion++;
      else times.push(ms);
    }
    await workbench.press("Escape");
    // As it was: every line is begun in the same file.
    while (!(await isPristine(page))) await workbench.press("Control+Z");
    await page.waitForTimeout(PAUSE_MS);
  }
  times.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => Math.round(times[Math.floor(share * (times.length - 1))] ?? Number.NaN);
  return { n: times.length, "median ms": at(0.5), "p95 ms": at(0.95), "max ms": at(1), withoutSuggestion, skipped };
}

/**
 * @param {import("playwright-core").Page} page
 * @param {string} key
 * @returns {Promise<number | undefined>}
 */
async function timeOfKey(page, key) {
  await page.evaluate(() => {
    window.ghostWatch = { keyAt: 0, seenAt: 0 };
  });
  await page.keyboard.type(key);
  const seen = page.waitForFunction(() => window.ghostWatch.seenAt > 0, undefined, {
    timeout: GIVE_UP_MS,
    polling: 20,
  });
  if (!(await seen.then(Boolean, () => false))) return undefined;
  return page.evaluate(() => window.ghostWatch.seenAt - window.ghostWatch.keyAt);
}

/** @param {import("playwright-core").Page} page */
async function isPristine(page) {
  return (await page.locator(".tab.active.dirty").count()) === 0;
}

/** Runs in the page. */
function watchGhostText() {
  window.ghostWatch = { keyAt: 0, seenAt: 0 };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key.length === 1 && window.ghostWatch.keyAt === 0) window.ghostWatch.keyAt = performance.now();
  };
  const look = () => {
    const { keyAt, seenAt } = window.ghostWatch;
    if (keyAt === 0 || seenAt > 0) return;
    const parts = [...document.querySelectorAll('[class*="ghost-text-decoration"]')];
    if (parts.some((part) => part.textContent)) window.ghostWatch.seenAt = performance.now();
  };
  document.addEventListener("keydown", onKey, true);
  const everything = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(look).observe(document.body, everything);
}
