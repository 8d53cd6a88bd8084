// What a person does in the workbench's window, as functions. They look for what a person would see; class names of
// VS Code are used only where nothing else tells things apart.

import { expectSoon, PATIENCE_MS } from "./expectSoon.mjs";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").Browser} Browser
 * @typedef {import("./server.mjs").Server} Server
 *
 * @typedef {object} WindowOptions
 * @property {string} [folder]  absolute; an empty window when absent
 * @property {string} [file]  absolute; opened at once
 * @property {{ width: number, height: number }} [viewport]
 */

/** A command that the palette knows is in its list by then. */
const PALETTE_MS = 5000;

/**
 * Opens a window of the workbench and waits until it is drawn.
 * @param {Browser} browser
 * @param {Server} server
 * @param {WindowOptions} [options]
 * @returns {Promise<Workbench>}
 */
export async function openWorkbench(browser, server, { folder, file, viewport } = {}) {
  const page = await browser.newPage({ viewport: viewport ?? { width: 1280, height: 800 } });
  const address = new URL(server.url);
  if (folder) address.searchParams.set("folder", folder);
  else address.searchParams.set("ew", "true");
  if (file) {
    const uri = `vscode-remote://${server.authority}${file}`;
    address.searchParams.set("payload", JSON.stringify([["openFile", uri]]));
  }
  page.setDefaultTimeout(PATIENCE_MS);
  const response = await page.goto(address.href);
  if (!response?.ok()) throw new Error(`The workbench's page answered HTTP ${response?.status()}.`);
  await page.locator(".monaco-workbench .part.statusbar").waitFor();
  return new Workbench(page);
}

export class Workbench {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** The state that Griffin's status item tells a screen reader: "ready", "starting" and so on. */
  async status() {
    const label = await this.page.locator('.statusbar-item[id$="griffin.status"]').first().getAttribute("aria-label");
    return /^Griffin Code: (\w+)/.exec(label ?? "")?.[1];
  }

  /**
   * @param {string} wanted
   * @param {number} [timeoutMs]
   */
  async waitForStatus(wanted, timeoutMs = PATIENCE_MS) {
    await expectSoon(
      `status "${wanted}"`,
      () => this.status(),
      (status) => status === wanted,
      timeoutMs,
    );
  }

  /** @param {string} name */
  async openFile(name) {
    await this.#choose("ControlOrMeta+P", name, name);
    await this.page.locator(".tab.active", { hasText: name }).waitFor();
    await this.page.locator(".editor-group-container.active .monaco-editor .view-lines").first().waitFor();
  }

  /**
   * Runs a command from the palette, by its title with its category.
   * @param {string} title
   */
  runCommand(title) {
    return this.#choose("F1", `>${title}`, title);
  }

  /**
   * Puts the cursor into the active editor; both numbers are 1-based.
   * @param {number} line
   * @param {number} column
   */
  async placeCursor(line, column) {
    // A click waits for the row, where Enter could come before it.
    await this.#choose("Control+G", `:${line}:${column}`);
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /**
   * Chooses a row of VS Code's list. As often as it takes: the list closes when a view gets the focus late, and it does not
   * learn of commands that an extension brings after it was opened.
   * @param {string} key opens the list
   * @param {string} text
   * @param {string} [row] what the row says
   */
  async #choose(key, text, row) {
    const list = this.page.locator(".quick-input-widget");
    const patience = { timeout: PALETTE_MS };
    const tryOnce = async () => {
      await this.page.keyboard.press(key);
      try {
        await list.locator("input").first().fill(text, patience);
        const rows = list.locator(".quick-input-list .monaco-list-row", row === undefined ? {} : { hasText: row });
        await rows.first().click(patience);
        return true;
      } catch (error) {
        if (/** @type {Error} */ (error).name !== "TimeoutError") throw error;
        await this.page.keyboard.press("Escape");
        return false;
      }
    };
    await expectSoon(`"${text}" in VS Code's list`, tryOnce, Boolean);
  }

  /**
   * Types as a quick person does.
   * @param {string} text
   */
  async type(text) {
    await this.page.keyboard.type(text, { delay: 60 });
  }

  /**
   * Replaces all that is in the active editor; the cursor is at the end then.
   * @param {string} text
   */
  async replaceText(text) {
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.insertText(text);
  }

  /** Takes back what was typed, until the active file is as it is on disk. */
  async undoAll() {
    while ((await this.page.locator(".tab.active.dirty").count()) > 0) await this.press("ControlOrMeta+Z");
  }

  /** @param {string} key */
  async press(key) {
    await this.page.keyboard.press(key);
  }

  /** The suggestion that is drawn in gray, or an empty string. */
  async ghostText() {
    const parts = await this.page.locator('[class*="ghost-text-decoration"]').allTextContents();
    return asTyped(parts.join(""));
  }

  /**
   * Waits for ghost text and returns it.
   * @param {(text: string) => boolean} [isWanted]
   * @param {number} [timeoutMs]
   */
  waitForGhostText(isWanted = (text) => text !== "", timeoutMs = PATIENCE_MS) {
    return expectSoon("ghost text", () => this.ghostText(), isWanted, timeoutMs);
  }

  /** What Griffin's notifications on screen say; VS Code has some of its own. */
  async notifications() {
    const all = await this.page.locator(".notifications-toasts .notification-list-item-message").allTextContents();
    return all.filter((text) => text.startsWith("Griffin"));
  }

  /** Opens the view of what the model saw and returns its rows; a screen reader says them by their labels. */
  async openContext() {
    await this.runCommand("Griffin: Show What the Model Saw");
    const rows = this.page.locator(".pane", { hasText: "What the Model Saw" }).getByRole("treeitem");
    await rows.first().waitFor();
    return rows;
  }

  /** Opens the chat view and returns its page, which VS Code keeps in two nested frames. */
  async openChat() {
    await this.runCommand("Griffin: Open Chat");
    const chat = this.page.frameLocator("iframe.webview.ready").first().frameLocator("#active-frame");
    await chat.getByLabel("Question").waitFor();
    return chat;
  }
}

/**
 * VS Code draws blanks as no-break spaces.
 * @param {string} text
 */
function asTyped(text) {
  return text.replaceAll("\u00a0", " ");
}
