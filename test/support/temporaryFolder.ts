// A folder on the disk that a suite of tests has to itself.

import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * There is a new folder for each test, or one for all of the suite. It goes after all else that the suite does when it ends.
 * @returns the path of what lies in it, or without names its own
 */
export function useTemporaryFolder(of: "each test" | "all tests" = "each test"): (...names: string[]) => string {
  let folder: string;
  const make = async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "griffin-test-")));
  };
  // A program that has just ended, or a virus scanner, may have a file in it for a moment still.
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  const isForEach = of === "each test";
  (isForEach ? beforeEach : before)(make);
  // By now the suite has named all its own hooks: this one comes after them.
  before(function () {
    const suite = this.test!.parent!;
    isForEach ? suite.afterEach(remove) : suite.afterAll(remove);
  });
  return (...names) => join(folder, ...names);
}

/** @param files by their paths in the folder */
export async function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}
