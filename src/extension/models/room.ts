// The room that there is for an installation, on the disk on which models are kept.

import { freeDiskBytes } from "../../machine/diskRoom";
import type { ModelForm } from "./catalogue";
import { Fault } from "./faults";
import { type Room, roomNeeded, type Sizes } from "./fit";
import type { ModelsFolder } from "./modelsFolder";

export async function roomNow(models: ModelsFolder): Promise<Room> {
  return {
    freeDiskBytes: await freeDiskBytes(models.root),
    downloadedBytes: await models.downloadedBytes(),
    convertedBytes: await models.convertedBytes(),
  };
}

/** Throws a Fault before anything is fetched that would have no room. */
export async function refuseWithoutRoom(
  models: ModelsFolder,
  sizes: Sizes,
  form: ModelForm,
  how: "install" | "repair",
): Promise<void> {
  const room = await roomNow(models);
  const [neededBytes, freeBytes] = [roomNeeded(sizes, form, room), room.freeDiskBytes];
  if (neededBytes <= freeBytes) return;
  throw new Fault(how === "repair" ? "noRoomToRepair" : "noRoom", { folder: models.root, neededBytes, freeBytes });
}
