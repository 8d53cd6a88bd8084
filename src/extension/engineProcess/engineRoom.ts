// Whether anybody would miss the memory that the engine takes: on a machine that has much of it, mostly not.

import { availableMemoryBytes, totalMemoryBytes } from "../../machine/availableMemory";

export interface MachineMemory {
  totalBytes(): number;
  availableBytes(): Promise<number>;
}

/**
 * An engine is small that takes less of the machine's memory than this, as soon as its model is loaded. What it takes later holds what
 * it has read, which would have to be read again.
 */
const SMALL = 1 / 20;
/** With less of the machine's memory available, memory is short. */
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
