// Types beginnings of lines where they belong in a file, and takes the time from the last key to the ghost text that answers it.
//
// Both moments are taken inside the page. The last key is one that the ghost text on screen, if there is any by then, does
// not go on with: else it would be answered from what is shown, in a few milliseconds, which says nothing about a request.

/**
 * Of samples/workspace/garden/watering.ts: after which line a new one is begun, how, and keys to end it with. No brackets: VS Code
 * closes them by itself.
 */
const BEGINNINGS = /** @type {const} */ ([
  [8, "const HOUR_MS =", " 6"],
  [11, "const waited", "MSD"],
  [16, "const driest", "BFL"],
  [18, ".map", "BTS"],
  [24, "const average", "LPD"],
  [25, "const need", "EPD"],
  [26, "if", " S"],
  [28, "return ", "MLb"],
]);

/** A person who types fast. */
const KEY_DELAY_MS = 60;
const GIVE_UP_MS = 3000;
const PAUSE_MS = 400;
/** So that two lines after each other stand far apart. */
const STRIDE = 3;

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
  let afterAnother = 0;
  for (let i = 0; i < count; i++) {
    const [line, beginning, endings] = BEGINNINGS[(i * STRIDE) % BEGINNINGS.length] ?? BEGINNINGS[0];
    await workbench.placeCursor(line, 1);
    await workbench.press("End");
    await workbench.press("Enter");
    await page.keyboard.type(beginning, { delay: KEY_DELAY_MS });
    await page.waitForTimeout(KEY_DELAY_MS);
    const shown = await workbench.ghostText();
    if (shown !== "") afterAnother++;
    const ms = await timeOfKey(page, [...endings].find((key) => !shown.startsWith(key)) ?? "Z");
    if (ms === undefined) withoutSuggestion++;
    else times.push(ms);
    await workbench.press("Escape");
    // As it was: every line is begun in the same file.
    await workbench.undoAll();
    await page.waitForTimeout(PAUSE_MS);
  }
  times.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => Math.round(times[Math.floor(share * (times.length - 1))] ?? Number.NaN);
  return {
    n: times.length,
    "median ms": at(0.5),
    "p95 ms": at(0.95),
    "max ms": at(1),
    withoutSuggestion,
    afterAnother,
  };
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

/** Runs in the page. */
function watchGhostText() {
  window.ghostWatch = { keyAt: 0, seenAt: 0 };
  /** What was on screen when the key came: it is no answer. */
  let old = "";
  const ghostText = () =>
    [...document.querySelectorAll('[class*="ghost-text-decoration"]')].map((part) => part.textContent).join("");
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key.length !== 1 || window.ghostWatch.keyAt !== 0) return;
    old = ghostText();
    window.ghostWatch.keyAt = performance.now();
  };
  const look = () => {
    const { keyAt, seenAt } = window.ghostWatch;
    if (keyAt === 0 || seenAt > 0) return;
    const text = ghostText();
    if (text === "") old = "";
    else if (text !== old) window.ghostWatch.seenAt = performance.now();
  };
  document.addEventListener("keydown", onKey, true);
  const everything = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(look).observe(document.body, everything);
}
