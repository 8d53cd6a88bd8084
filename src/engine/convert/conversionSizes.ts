// What a checkpoint's conversion will take on the disk, before it begins. Loads nothing, so that the extension may ask, too.

import type { StoredForm } from "../../protocol/modelJobs";
import { calibrationBytes } from "./calibration/room";
import { openCheckpoint } from "./checkpoint";
import { parseCheckpointConfig } from "./config";
import { bytesOf, planTensors } from "./plan";
import { checkTensors, expectedTensors } from "./tensors";

export interface ConversionSizes {
  /** Of the model in each form, without the tokenizer. */
  readonly storedBytes: Readonly<Record<StoredForm, number>>;
  /** Beside it while it is calibrated, at most. */
  readonly calibrationBytes: number;
}

/** Throws a sentence that says what is wrong with the checkpoint. */
export async function conversionSizes(checkpointDir: string): Promise<ConversionSizes> {
  const { config, tensors } = await openCheckpoint(checkpointDir);
  const { architecture } = parseCheckpointConfig(config);
  const checked = checkTensors(tensors, expectedTensors(architecture));
  const bytes = (form: StoredForm) => bytesOf(planTensors(checked, form));
  return {
    storedBytes: { int8: bytes("int8"), int4: bytes("int4") },
    calibrationBytes: calibrationBytes(architecture, checked),
  };
}
