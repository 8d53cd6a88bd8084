// A workbench for the tests of one `describe`: its own server, user and browser, with the packaged extension installed.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Browser } from "playwright-core";
import { testCache } from "../../../tools/test/results.mjs";
import { testEditorFromEnvironment } from "../../../tools/test/testEditor.mjs";
import { PATIENCE_MS } from "../../../tools/workbench/expectSoon.mjs";
import type { Server } from "../../../tools/workbench/server.mjs";
import { startSession } from "../../../tools/workbench/session.mjs";
import { openWorkbench, type Workbench } from "../../../tools/workbench/workbench.mjs";

export interface WorkbenchOptions {
  /** Names the folder that the test leaves behind. */
  readonly name: string;
  /** Path → text, in the folder that is opened; without it no folder is. */
  readonly files?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** As for a user: a folder is not trusted before the user says so. */
  readonly workspaceTrust?: boolean;
}

export interface Session {
  readonly workbench: Workbench;
  readonly browser: Browser;
  readonly server: Server;
  /** Where `files` are. */
  readonly folder: string;
  /** Where extensions are installed. */
  readonly extensions: string;
  /** Ends the browser and the server. */
  stop(): Promise<void>;
}

/** VS Code's own lists would answer Tab before the ghost text does. */
const SETTINGS = { "editor.quickSuggestions": false, "editor.wordBasedSuggestions": "off" };

/** Longer than the server, the browser, the page and what is drawn are waited for: who has waited in vain also ends them. */
const OPENING_MS = 5 * PATIENCE_MS;

/** Call it inside `describe`; the function that it returns gives the session to the tests. */
export function useWorkbench(options: WorkbenchOptions): () => Session {
  let session: Session | undefined;

  before(async function () {
    this.timeout(OPENING_MS);
    session = await openSession(options);
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed" || !session) return;
    const file = join(testCache, `browser-${options.name}-failed.png`);
    await session.workbench.page.screenshot({ path: file });
    console.log(`      screenshot: ${file}`);
  });
  after(() => session?.stop());

  return () => session!;
}

async function openSession({ name, files, settings, workspaceTrust = false }: WorkbenchOptions): Promise<Session> {
  const editor = testEditorFromEnvironment();
  const home = join(testCache, "browser", name);
  const folder = join(home, "folder");
  await writeFiles(folder, files ?? {});
  const allSettings = { ...SETTINGS, ...settings };
  const session = await startSession({ ...editor, home, workspaceTrust, settings: allSettings });
  try {
    const workbench = await openWorkbench(session.browser, session.server, files ? { folder } : {});
    return { ...session, workbench, folder, extensions: editor.extensions };
  } catch (error) {
    await session.stop();
    throw error;
  }
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
