// A graphics card in software for the tests of WebGPU: SwiftShader, a Vulkan device that comes with Chromium, and the library
// that finds it.

import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensureChromium } from "./chromium.mjs";

const DRIVER = "vk_swiftshader_icd.json";
const LOADER = "libvulkan.so.1";
/** What starts Chromium may be a script that lies elsewhere. */
const CHROMIUM_FOLDERS = ["/usr/lib/chromium", "/usr/lib/chromium-browser", "/opt/google/chrome"];

/**
 * The environment of a process that is to find that device alone. Undefined where there is none: elsewhere than on Linux
 * x64, onnxruntime has no WebGPU, or has it on the system's own devices.
 * @returns {Promise<Record<string, string> | undefined>}
 */
export async function ensureSoftwareVulkan() {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const chromium = await ensureChromium().catch(() => undefined);
  if (chromium === undefined) return undefined;
  const folders = [dirname(realpathSync(chromium)), ...CHROMIUM_FOLDERS];
  const folder = folders.find((path) => [DRIVER, LOADER].every((file) => existsSync(join(path, file))));
  if (folder === undefined) return undefined;
  const driver = join(folder, DRIVER);
  // The second is the first's name in older loaders.
  return { VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: folder };
}
