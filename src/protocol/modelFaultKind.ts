// Why a model cannot be used. A process that loads models says what is wrong; what to do about it differs between an editor and a
// terminal, so each says that in a table of its own.

export type ModelFaultKind =
  | "noFolder"
  | "noModelJson"
  /** Its files are not as they should be. */
  | "damaged"
  /** They may not be: a large model's are not hashed at the start. */
  | "suspect"
  | "otherVersion"
  | "noMemory"
  | "damagedTokenizer"
  | "unknownTokenizer";
