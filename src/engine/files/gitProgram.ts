// Which program is git. On a Mac without Apple's developer tools /usr/bin/git is a stand-in: each call of it opens a window
// that asks the user to install them. Then there is no git for us.

import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

const STAND_IN = "/usr/bin/git";

export interface GitPlace {
  readonly platform: NodeJS.Platform;
  /** Folders of programs, as in the environment. */
  readonly path: string;
  readonly isProgram: (path: string) => Promise<boolean>;
  /** Whether Apple's developer tools are installed. */
  readonly hasDeveloperTools: () => Promise<boolean>;
}

/** What to start; undefined when that would only ask for an installation. Elsewhere than on a Mac the system looks itself. */
export async function findGit(place: GitPlace = THIS_MACHINE): Promise<string | undefined> {
  if (place.platform !== "darwin") return "git";
  for (const folder of place.path.split(delimiter)) {
    const program = join(folder, "git");
    if (!(await place.isProgram(program))) continue;
    return program !== STAND_IN || (await place.hasDeveloperTools()) ? program : undefined;
  }
  return undefined;
}

const THIS_MACHINE: GitPlace = {
  platform: process.platform,
  path: process.env.PATH ?? "",
  isProgram,
  hasDeveloperTools,
};

/** `xcode-select` itself is always there, and asks nothing. */
function hasDeveloperTools(): Promise<boolean> {
  return new Promise((resolve) => {
    execFile("/usr/bin/xcode-select", ["--print-path"], (error) => resolve(error === null));
  });
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
