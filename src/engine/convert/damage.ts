// Whether a conversion ended because of the checkpoint itself: then nothing that was made of it is worth keeping.

const CODE = "DAMAGED_CHECKPOINT";

/** Its message is a sentence for the user. */
export class DamagedCheckpoint extends Error {
  readonly code = CODE;
}

/** @param error also of one in a thread, if its code came along */
export function isDamaged(error: unknown): boolean {
  return (error as { readonly code?: unknown } | undefined)?.code === CODE;
}
