// Checks a model.json, key by key (models/README.md): what it leaves out or does not know is named. Knows no files.

import { type Architecture, parseArchitecture } from "./architecture";
import { Fields } from "./fields";
import type { FileFacts } from "./fileFacts";
import type { TokenId } from "./model";

/** What model.json says, but for its version. */
export interface ModelDescription {
  readonly name: string;
  readonly displayName: string;
  readonly license: string;
  readonly architecture: Architecture;
  readonly tokens: SpecialTokens;
  readonly trained: TrainedFor;
  readonly files: Readonly<Record<string, FileFacts>>;
}

/** Ids of tokens with a meaning of their own; what a model lacks is absent. */
export interface SpecialTokens {
  readonly bos: TokenId;
  readonly eos: TokenId;
  /** Generation ends at any of these, and at every control token. */
  readonly stop: readonly TokenId[];
  readonly startOfTurn?: TokenId;
  readonly endOfTurn?: TokenId;
  readonly fimPrefix?: TokenId;
  readonly fimMiddle?: TokenId;
  readonly fimSuffix?: TokenId;
  readonly fileSeparator?: TokenId;
}

export interface TrainedFor {
  readonly fillInTheMiddle: boolean;
  readonly instructions: boolean;
  readonly contextTokens: number;
}

/** Throws an Error that names the key that is wrong. */
export function parseModelJson(json: unknown): ModelDescription {
  const read = new Fields(json, "model.json");
  read.value("formatVersion");
  const architecture = parseArchitecture(read.value("architecture"));
  const description: ModelDescription = {
    name: read.text("name"),
    displayName: read.text("displayName"),
    license: read.text("license"),
    architecture,
    tokens: parseTokens(read.value("tokens"), architecture.vocabSize),
    trained: parseTrained(read.value("trained")),
    files: parseFiles(read.value("files")),
  };
  read.refuseOthers();
  return description;
}

const OPTIONAL_TOKENS = ["startOfTurn", "endOfTurn", "fimPrefix", "fimMiddle", "fimSuffix", "fileSeparator"] as const;

function parseTokens(json: unknown, vocabSize: number): SpecialTokens {
  const read = new Fields(json, "tokens");
  const some = OPTIONAL_TOKENS.filter((name) => read.has(name)).map((name) => [name, read.index(name, vocabSize)]);
  const tokens: SpecialTokens = {
    bos: read.index("bos", vocabSize),
    eos: read.index("eos", vocabSize),
    stop: read.indices("stop", vocabSize),
    ...Object.fromEntries(some),
  };
  read.refuseOthers();
  return tokens;
}

function parseTrained(json: unknown): TrainedFor {
  const read = new Fields(json, "trained");
  const trained: TrainedFor = {
    fillInTheMiddle: read.flag("fillInTheMiddle"),
    instructions: read.flag("instructions"),
    contextTokens: read.count("contextTokens"),
  };
  read.refuseOthers();
  return trained;
}

/** The `files` part alone: a model folder can be checked and repaired whatever else its model.json says. */
export function parseFiles(json: unknown): ModelDescription["files"] {
  const all = new Fields(json, "files");
  const files = all.keys.map((name) => {
    if (!FILE_NAME.test(name)) throw new Error(`files names ${JSON.stringify(name)}, which is no file of the folder`);
    const read = new Fields(all.value(name), `files["${name}"]`);
    const facts: FileFacts = { bytes: read.index("bytes"), sha256: read.text("sha256") };
    read.refuseOthers();
    return [name, facts];
  });
  return Object.fromEntries(files);
}

/** In the folder itself, and nothing that leads out of it. */
const FILE_NAME = /^(?!\.{1,2}$)[^/\\:\0]+$/;
