// The VSIX for this machine, of what is in src/ now.

import { join } from "node:path";
import { build } from "../../esbuild.mjs";
import { cloneCache } from "../setUp/paths.mjs";
import { step } from "../setUp/progress.mjs";
import { packageVsix } from "./packageVsix.mjs";
import { hostTargetName } from "./targets.mjs";

/**
 * @param {{ tests?: boolean }} [options]  with the tests, which are not packaged
 * @returns {Promise<{ file: string, hash: string }>}
 */
export async function makeHostVsix({ tests = false } = {}) {
  await step("building", () => build({ production: true, tests }));
  const file = join(cloneCache, "vsix", `griffin-code-${hostTargetName()}.vsix`);
  const hash = await step("packaging the extension", () => packageVsix(hostTargetName(), file));
  return { file, hash };
}
