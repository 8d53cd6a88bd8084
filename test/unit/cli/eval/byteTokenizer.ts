import { Vocabulary } from "../../../../src/engine/model/vocabulary";

/** What the measurements ask of a tokenizer, with bytes as tokens, and a control token after them: 256. */
export function byteTokenizer(control: "<bos>" | "<eos>") {
  const spellings = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
  return {
    encode: (text: string) => Promise.resolve([...Buffer.from(text)]),
    stream: () => ({ pushBytes: (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1"), end: () => "" }),
    vocabulary: Vocabulary.from(
      new Map([...spellings, control].map((spelling, id) => [spelling, id])),
      (name) => name === control,
    ),
  };
}
