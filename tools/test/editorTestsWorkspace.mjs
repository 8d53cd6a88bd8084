// The workspace of the launch configuration "Editor tests": a new copy each time, because the tests write into it.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { cloneCache } from "../setUp/paths.mjs";
import { copySampleWorkspace } from "../workbench/sampleWorkspace.mjs";

const home = join(cloneCache, "editor-tests");
await rm(home, { recursive: true, force: true });
await copySampleWorkspace(join(home, "workspace"));
