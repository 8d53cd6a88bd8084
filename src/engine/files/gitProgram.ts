// Which program is git. On a Mac without Apple's developer tools /usr/bin/git is a stand-in: each call of it opens a window
// that asks the user to install them. Then there is no git for us.

import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

const STAND_IN = "/usr/bin/git";

export interface GitPlace {
  readonly platform: NodeJS.Platform;
  /** Says where programs are. */
  readonly env: NodeJS.ProcessEnv;
  readonly isProgram: (path: string) => Promise<boolean>;
  /** Whether Apple's developer tools are installed. */
  readonly hasDeveloperTools: () => Promise<boolean>;
}

/** What to start; undefined when that would only ask for an installation. Most often the system looks itself. */
export async function findGit(place: GitPlace = THIS_MACHINE): Promise<string | undefined> {
  if (place.platform === "win32") return findOnWindows(place);
  if (place.platform !== "darwin") return "git";
  const program = await firstProgram(onPath(place, "git"), place);
  return program !== STAND_IN || (await place.hasDeveloperTools()) ? program : undefined;
}

/** Its installer can leave git out of where the system looks: then it is where VS Code finds it, too. */
async function findOnWindows(place: GitPlace): Promise<string> {
  if ((await firstProgram(onPath(place, "git.exe"), place)) !== undefined) return "git";
  const {
    ProgramW6432 = "",
    "ProgramFiles(x86)": programFiles32 = "",
    ProgramFiles = "",
    LOCALAPPDATA = "",
  } = place.env;
  const folders = [ProgramW6432, programFiles32, ProgramFiles, join(LOCALAPPDATA, "Programs")].filter(isAbsolute);
  const programs = folders.map((folder) => join(folder, "Git", "cmd", "git.exe"));
  return (await firstProgram(programs, place)) ?? "git";
}

function onPath({ env }: GitPlace, name: string): string[] {
  const folders = (env.PATH ?? "").split(delimiter).filter(isAbsolute);
  return folders.map((folder) => join(folder, name));
}

async function firstProgram(paths: readonly string[], { isProgram }: GitPlace): Promise<string | undefined> {
  for (const path of paths) if (await isProgram(path)) return path;
  return undefined;
}

const THIS_MACHINE: GitPlace = {
  platform: process.platform,
  env: process.env,
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
