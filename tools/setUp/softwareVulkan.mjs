// A graphics card in software for the tests of WebGPU: SwiftShader, a Vulkan device that comes with Chromium, and the library
// that finds it.

import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { anyChromium, ensureChromium } from "./chromium.mjs";

const DRIVER = "vk_swiftshader_icd.json";
const LOADER = "libvulkan.so.1";
/** What starts Chromium may be a script that lies elsewhere. */
const CHROMIUM_FOLDERS = ["/usr/lib/chromium", "/usr/lib/chromium-browser", "/opt/google/chrome"];

/**
 * `env`: the environment of a process that is to find that device alone. Else a sentence that says why there is none, and
 * whether there should be one.
 * @returns {Promise<{ env: Record<string, string> } | { missing: string, isNeeded: boolean }>}
 */
export async function ensureSoftwareVulkan() {
  if (process.platform !== "linux" || process.arch !== "x64") {
    const missing = "Elsewhere than on Linux x64, onnxruntime has no WebGPU, or has it on the system's own devices.";
    return { missing, isNeeded: false };
  }
  // There the set-up installs a Chromium that has the device.
  const isNeeded = Boolean(process.env.CI) && !process.env.GRIFFIN_CHROMIUM;
  // Elsewhere nothing is installed for these few tests alone.
  const chromium = await (isNeeded ? ensureChromium() : anyChromium()).catch(() => undefined);
  if (chromium === undefined) return { missing: "There is no Chromium.", isNeeded };
  const folders = [dirname(realpathSync(chromium)), ...CHROMIUM_FOLDERS];
  const folder = folders.find((path) => [DRIVER, LOADER].every((file) => existsSync(join(path, file))));
  if (folder === undefined) return { missing: `${chromium} comes without ${DRIVER} or ${LOADER}.`, isNeeded };
  const driver = join(folder, DRIVER);
  // The second is the first's name in older loaders.
  return { env: { VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: folder } };
}
