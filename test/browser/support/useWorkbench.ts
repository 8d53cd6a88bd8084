// A workbench for the tests of one `describe`: its own server, user and browser, with the packaged extension installed.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Browser } from "playwright-core";
import { testCache } from "../../../tools/test/results.mjs";
import { testEditorFromEnvironment } from "../../../tools/test/testEditor.mjs";
import { launchBrowser } from "../../../tools/workbench/browser.mjs";
import { type Server, startServer } from "../../../tools/workbench/server.mjs";
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
}

/** VS Code's own lists would answer Tab before the ghost text does. */
const SETTINGS = { "editor.quickSuggestions": false, "editor.wordBasedSuggestions": "off" };

/** Call it inside `describe`; the function that it returns gives the session to the tests. */
export function useWorkbench(options: WorkbenchOptions): () => Session {
  let session: Session | undefined;

  before(async () => {
    session = await openSession(options);
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed" || !session) return;
    const file = join(testCache, `browser-${options.name}-failed.png`);
    await session.workbench.page.screenshot({ path: file });
    console.log(`      screenshot: ${file}`);
  });
  after(async () => {
    await session?.browser.close();
    await session?.server.stop();
  });

  return () => session!;
}

async function openSession({ name, files, settings, workspaceTrust = false }: WorkbenchOptions): Promise<Session> {
  const { codeServer, chromium, extensions } = testEditorFromEnvironment();
  const home = join(testCache, "browser", name);
  const folder = join(home, "folder");
  await writeFiles(folder, files ?? {});
  const server = await startServer({
    codeServer,
    home,
    extensions,
    workspaceTrust,
    settings: { ...SETTINGS, ...settings },
  });
  try {
    const browser = await launchBrowser(chromium);
    const workbench = await openWorkbench(browser, server, files ? { folder } : {});
    return { workbench, browser, server, folder, extensions };
  } catch (error) {
    await server.stop();
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
