// The bundled model's tokenizer has a fifth of Gemma's tokens. The rest is filled with made-up words that no text is
// encoded to, so that every id that a random model comes up with can be shown.

interface AddedToken {
  id: number;
  readonly content: string;
  readonly special: boolean;
}

interface TokenizerJson {
  added_tokens: AddedToken[];
  model: { vocab: Record<string, number> };
  [key: string]: unknown;
}

/** A tokenizer of `size` tokens that has the control tokens where and as Gemma's first vocabulary has them. */
export function padTokenizer(tokenizer: TokenizerJson, size: number): TokenizerJson {
  const { vocab } = tokenizer.model;
  const known = Object.keys(vocab).length;
  if (known > size) throw new Error(`The tokenizer has ${known} tokens: --vocabulary ${size} is too small for it.`);
  moveTo(tokenizer, "<start_of_turn>", 106);
  moveTo(tokenizer, "<end_of_turn>", 107);
  const words = madeUpWords();
  for (let id = known; id < size; ) {
    const word = words.next().value!;
    if (!Object.hasOwn(vocab, word)) vocab[word] = id++;
  }
  const others = tokenizer.added_tokens.filter(({ content }) => !CONTROL_TOKENS.includes(content));
  const control = CONTROL_TOKENS.map((content) => addedToken(content, vocab[content]!));
  const added_tokens = [...control, ...others].sort((a, b) => a.id - b.id);
  return { ...tokenizer, added_tokens, post_processor: BOS_IN_FRONT };
}

const CONTROL_TOKENS = ["<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"];

function addedToken(content: string, id: number): AddedToken {
  const rest = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return { id, content, ...rest, special: !content.endsWith("_of_turn>") };
}

/** As Gemma's: whoever asks the library for special tokens gets a <bos>. */
const BOS_IN_FRONT = {
  type: "TemplateProcessing",
  single: [{ SpecialToken: { id: "<bos>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
  pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
  special_tokens: { "<bos>": { id: "<bos>", ids: [2], tokens: ["<bos>"] } },
};

/** The token that had the id gets the other's. */
function moveTo({ model: { vocab }, added_tokens }: TokenizerJson, token: string, id: number): void {
  const from = vocab[token];
  if (from === undefined) throw new Error(`The tokenizer has no ${token}; take one of the Gemma family.`);
  const other = Object.keys(vocab).find((spelling) => vocab[spelling] === id)!;
  vocab[token] = id;
  vocab[other] = from;
  for (const added of added_tokens) added.id = vocab[added.content]!;
}

const SYLLABLES = [..."bdfghjklmnprstvz"].flatMap((consonant) => [..."aeiou"].map((vowel) => consonant + vowel));

function* madeUpWords(): Generator<string, undefined> {
  for (const first of SYLLABLES)
    for (const second of SYLLABLES) for (const third of SYLLABLES) yield `▁${first}${second}${third}`;
}
