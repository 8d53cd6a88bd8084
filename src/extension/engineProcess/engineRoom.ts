// Whether anybody would miss the memory that the engine takes: on a machine that has much of it, mostly not.

import { availableMemoryBytes, totalMemoryBytes } from "../../machine/availableMemory";

export interface MachineMemory {
  totalBytes(): number;
  availableBytes(): Promise<number>;
}

/**
 * Of the machine's memory: an engine that takes less when it is loaded is small, and with less left for others memory is short. What
 * it takes later counts only as what is not left: it is what would have to be read again.
 */
const SMALL = 1 / 20;
const SHORT = 1 / 8;

const THIS_MACHINE: MachineMemory = {
  totalBytes: () => totalMemoryBytes(),
  availableBytes: () => availableMemoryBytes(),
};

/** @param loadedBytes what the engine took when the model was loaded */
export async function hasRoomFor(loadedBytes: number, machine = THIS_MACHINE): Promise<boolean> {
  const total = machine.totalBytes();
  if (loadedBytes >= SMALL * total) return false;
  return (await machine.availableBytes()) >= SHORT * total;
}
