// Whether anybody would miss the memory that the engine takes: on a machine that has much of it, mostly not.

import { availableMemoryBytes, totalMemoryBytes } from "../../machine/availableMemory";

export interface MachineMemory {
  totalBytes(): number;
  availableBytes(): Promise<number>;
}

/** Of the machine's memory: an engine that takes less is small, and with less left for others memory is short. */
const SMALL = 1 / 20;
const SHORT = 1 / 8;

const THIS_MACHINE: MachineMemory = {
  totalBytes: () => totalMemoryBytes(),
  availableBytes: () => availableMemoryBytes(),
};

/** @param engineBytes undefined: not known */
export async function hasRoomFor(engineBytes: number | undefined, machine = THIS_MACHINE): Promise<boolean> {
  const total = machine.totalBytes();
  if (engineBytes === undefined || engineBytes >= SMALL * total) return false;
  return (await machine.availableBytes()) >= SHORT * total;
}
