// Text to token ids and back, through Hugging Face's own engine: the only file that imports it.
//
// Two promises beyond the library's. Text never becomes a control token: the words "<start_of_turn>" in a source file
// are encoded as text, because the encoder is built without the control tokens. And encoding is local: a run of line
// breaks is a token of its own in this family, so each line can be encoded alone and remembered.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { Tokenizer as Encoder } from "tokenizers";
import { LineMemory } from "./lineMemory";
import type { TokenId } from "./model";
import { ModelFault } from "./modelFault";
import { Vocabulary } from "./vocabulary";

/** The parts of tokenizer.json that are read here. */
interface TokenizerJson {
  added_tokens: readonly { id: number; content: string; special: boolean }[];
  model: { type: string; byte_fallback?: boolean; vocab: Record<string, number> };
}

export class Tokenizer {
  readonly #lines = new LineMemory();

  private constructor(
    private readonly encoder: Encoder,
    readonly vocabulary: Vocabulary,
  ) {}

  /** Reads `folder`'s tokenizer.json. Throws a ModelFault when it is missing or of a kind that this file does not know. */
  static async load(folder: string): Promise<Tokenizer> {
    const path = join(folder, "tokenizer.json");
    let json: TokenizerJson;
    try {
      json = JSON.parse(await readFile(path, "utf8"));
    } catch (cause) {
      const sentence = `The model's tokenizer.json in ${folder} is missing or not JSON.`;
      throw new ModelFault("damagedTokenizer", sentence, { cause });
    }
    if (json?.model?.type !== "BPE" || json.model.byte_fallback !== true) {
      throw new ModelFault(
        "unknownTokenizer",
        `The tokenizer in ${folder} is not a byte-fallback BPE, the only kind this model family has.`,
      );
    }
    try {
      if (!Array.isArray(json.added_tokens)) throw new Error("it has no list of added tokens");
      return Tokenizer.fromJson(json);
    } catch (cause) {
      const what = (cause as Error).message;
      throw new ModelFault("damagedTokenizer", `The tokenizer in ${folder} cannot be used: ${what}.`, { cause });
    }
  }

  static fromJson(json: TokenizerJson): Tokenizer {
    const special = new Set(json.added_tokens.filter((token) => token.special).map((token) => token.content));
    const added = new Set(json.added_tokens.map((token) => token.content));
    const isControl = (spelling: string) =>
      special.has(spelling) || CONTROL_TOKEN.test(spelling) || (added.has(spelling) && BRACKETED.test(spelling));
    const spellings = new Map(Object.entries(json.model.vocab));
    for (const token of json.added_tokens) spellings.set(token.content, token.id);
    const plain = { ...json, added_tokens: json.added_tokens.filter((token) => !isControl(token.content)) };
    return new Tokenizer(Encoder.fromString(JSON.stringify(plain)), Vocabulary.from(spellings, isControl));
  }

  /** The ids of `text`, without any token in front. Control tokens in the text are text. */
  async encode(text: string): Promise<TokenId[]> {
    const lines = text.match(LINE) ?? [];
    // Looked up now: what is remembered may be forgotten while others are encoded.
    const known = lines.map((line) => this.#lines.get(line));
    const unknown = [...new Set(lines.filter((_, index) => known[index] === undefined))];
    const encoded = new Map<string, readonly TokenId[]>();
    if (unknown.length > 0) {
      const encodings = await this.encoder.encodeBatch(unknown, { addSpecialTokens: false });
      encodings.forEach((encoding, index) => {
        encoded.set(unknown[index]!, encoding.getIds());
      });
    }
    const ids = lines.flatMap((line, index) => known[index] ?? encoded.get(line)!);
    for (const [line, encodedIds] of encoded) this.#lines.add(line, encodedIds);
    return ids;
  }

  /** The text of `ids`; bytes that are not UTF-8 become U+FFFD. */
  decode(ids: readonly TokenId[]): string {
    const stream = this.stream();
    return ids.map((id) => stream.push(id)).join("") + stream.end();
  }

  /** Decodes token by token: a character whose bytes are spread over several tokens comes with the last of them. */
  stream(): TextStream {
    return new TextStream(this.vocabulary);
  }
}

class TextStream {
  readonly #decoder = new StringDecoder("utf8");

  constructor(private readonly vocabulary: Vocabulary) {}

  push(id: TokenId): string {
    return this.pushBytes(this.vocabulary.bytes(id));
  }

  pushBytes(bytes: Uint8Array): string {
    return this.#decoder.write(Buffer.from(bytes));
  }

  end(): string {
    return this.#decoder.end();
  }
}

/** A line with the line breaks that follow it. */
const LINE = /[^\n]*\n+|[^\n]+/g;

/**
 * Tokens that steer the model but are not marked as special in Gemma's files; in the bundled model's they are not even added
 * tokens. The others among the added tokens are runs of white space and HTML tags, which are text and stay.
 */
const CONTROL_TOKEN = /^(<(pad|eos|bos|unk|mask|2mass|unused\d+|(start|end)_of_\w+|\w+_soft_token)>|<\|\w+\|>)$/;
/** Only of added tokens: else it is code, such as "[i]". */
const BRACKETED = /^\[[@\w]+\]$/;
