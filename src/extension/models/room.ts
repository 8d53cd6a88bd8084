// What an installation still takes on the disk. What an earlier attempt has left is there already.

import { conversionOf } from "../../engine/model/modelFolder";
import { allocatedBytesIn, bytesIn, bytesToCome, freeDiskBytes } from "../../machine/diskRoom";
import { Fault } from "./faults";
import type { ModelsFolder } from "./modelsFolder";

export interface Planned {
  /** Of the checkpoint, and where it is fetched to. */
  readonly downloadBytes: number;
  readonly download: string;
  /** Of the model and what its conversion needs besides, and where it will be. */
  readonly conversionBytes: number;
  readonly target: string;
  /** Whether it is made anew where it is. */
  readonly isRepair?: boolean;
}

/** @param allocated bytes that the files of a folder take on the disk */
export async function roomNeeded(
  { downloadBytes, download, conversionBytes, target }: Planned,
  allocated = allocatedBytesIn,
): Promise<number> {
  return bytesToCome(
    { planned: downloadBytes, present: await bytesIn(download) },
    { planned: conversionBytes, present: await allocated(conversionOf(target)) },
  );
}

/** Throws a Fault before anything is fetched that would have no room. */
export async function refuseWithoutRoom(models: ModelsFolder, planned: Planned): Promise<void> {
  const neededBytes = await roomNeeded(planned);
  const freeBytes = await freeDiskBytes(models.root);
  if (neededBytes <= freeBytes) return;
  throw new Fault(planned.isRepair ? "noRoomToRepair" : "noRoom", { folder: models.root, neededBytes, freeBytes });
}
