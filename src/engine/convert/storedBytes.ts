// What a checkpoint's model will take on the disk, before it is converted. Loads nothing, so that the extension may ask, too.

import type { StoredForm } from "../../protocol/modelJobs";
import { openCheckpoint } from "./checkpoint";
import { parseCheckpointConfig } from "./config";
import { bytesOf, planTensors } from "./conversion";
import { checkTensors, expectedTensors } from "./tensors";

/** In each form, without the tokenizer. Throws a sentence that says what is wrong with the checkpoint. */
export async function storedBytesOf(checkpointDir: string): Promise<Record<StoredForm, number>> {
  const { config, tensors } = await openCheckpoint(checkpointDir);
  const checked = checkTensors(tensors, expectedTensors(parseCheckpointConfig(config).architecture));
  const bytes = (form: StoredForm) => bytesOf(planTensors(checked, form));
  return { int8: bytes("int8"), int4: bytes("int4") };
}
