// Whether this machine runs on its battery, as far as that can be told cheaply: on Linux from the kernel's files, on macOS from
// `pmset`. Windows tells it only through a shell that takes longer than the answer is worth, so there the answer is no.

import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const SUPPLIES = "/sys/class/power_supply";
const PMSET = "/usr/bin/pmset";
const PMSET_DEADLINE_MS = 5000;

/** Never rejects: who cannot tell says no. */
export async function isOnBattery(): Promise<boolean> {
  try {
    if (process.platform === "linux") return isDischarging(await readSupplies(SUPPLIES));
    if (process.platform === "darwin") {
      const { stdout } = await promisify(execFile)(PMSET, ["-g", "batt"], { timeout: PMSET_DEADLINE_MS });
      return drawsFromBattery(stdout);
    }
  } catch {
    // A container without the kernel's files, or a system that has changed.
  }
  return false;
}

/** The kernel's files of one supply, those that it has. */
export interface PowerSupply {
  readonly type?: string;
  /** `Device` is a mouse or a headset with a battery of its own. */
  readonly scope?: string;
  /** What mains and USB have: `1` when it gives power. */
  readonly online?: string;
  /** What batteries have. */
  readonly status?: string;
}

/** A battery may also discharge a little on mains, to keep its charge where it is wanted. */
export function isDischarging(supplies: readonly PowerSupply[]): boolean {
  const ofMachine = supplies.filter(({ scope }) => scope !== "Device");
  const isOnMains = ofMachine.some(({ type, online }) => type !== "Battery" && online === "1");
  return !isOnMains && ofMachine.some(({ type, status }) => type === "Battery" && status === "Discharging");
}

/** @param text what `pmset -g batt` prints */
export function drawsFromBattery(text: string): boolean {
  return /^Now drawing from 'Battery Power'/m.test(text);
}

export async function readSupplies(folder: string): Promise<PowerSupply[]> {
  const read = (...path: string[]) =>
    readFile(join(folder, ...path), "utf8").then(
      (text) => text.trim(),
      () => undefined,
    );
  return Promise.all(
    (await readdir(folder)).map(async (name) => {
      const [type, scope, online, status] = await Promise.all(
        ["type", "scope", "online", "status"].map((file) => read(name, file)),
      );
      return { ...(type && { type }), ...(scope && { scope }), ...(online && { online }), ...(status && { status }) };
    }),
  );
}
