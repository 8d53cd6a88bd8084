// What to do about a model that cannot be used, in the editor.

import { ModelFault } from "../engine/model/modelFault";
import type { ModelFaultKind } from "../protocol/modelFaultKind";

/** What went wrong, with the next step where a model is at fault. */
export function sentenceOf(error: Error): string {
  return withNextStep({ message: error.message, ...(error instanceof ModelFault && { fault: error.kind }) });
}

/** The same of what another process says. */
export function withNextStep({
  message,
  fault,
}: {
  readonly message: string;
  readonly fault?: ModelFaultKind;
}): string {
  return fault === undefined ? message : `${message} ${NEXT_STEPS[fault]}`;
}

const REINSTALL =
  'Run "Griffin: Repair a Model", or convert the model again; if it is the bundled one, install the extension again.';

const NEXT_STEPS: Readonly<Record<ModelFaultKind, string>> = {
  // Also after the extension was removed and installed again: its models are gone, and the setting still names one.
  noFolder:
    'If its disk is not connected, connect it and run "Griffin: Restart Engine". Else run "Griffin: Choose a Model", which also ' +
    "goes back to the bundled one; if that is the one that is missing, install the extension again.",
  noModelJson: REINSTALL,
  damaged: REINSTALL,
  suspect:
    'Run "Griffin: Check a Model\'s Files" or `griffin doctor`, then "Griffin: Repair a Model", or convert the model again.',
  otherVersion: 'Update Griffin Code; or run "Griffin: Repair a Model", or convert the model again.',
  noMemory: 'Close other programs, or choose a smaller model with "Griffin: Choose a Model".',
  // Also of a checkpoint of the user's that is converted.
  damagedTokenizer:
    'Run "Griffin: Repair a Model"; or fetch its tokenizer.json from where the model came from, and convert the model again.',
  unknownTokenizer: "Choose another model.",
};
