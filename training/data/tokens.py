"""The control tokens, which have the same ids in every model that we make, and how text becomes ids with the shipped tokenizer."""

import tokenizers

from training.scratch import ROOT

# Low ids, whatever else is kept: name → the donor's name.
CONTROL = {
    "<pad>": "<pad>", "<eos>": "<eos>", "<bos>": "<bos>", "<unk>": "<unk>",
    "<start_of_turn>": "<start_of_turn>", "<end_of_turn>": "<end_of_turn>",
    "<|fim_prefix|>": "<unused0>", "<|fim_middle|>": "<unused1>", "<|fim_suffix|>": "<unused2>",
    "<|file_separator|>": "<unused3>",
    **{f"<|reserved_{i}|>": f"<unused{4 + i}>" for i in range(22)},
}
IDS = {name: i for i, name in enumerate(CONTROL)}
EOS, BOS, START, END = (IDS[name] for name in ("<eos>", "<bos>", "<start_of_turn>", "<end_of_turn>"))
FIM_PREFIX, FIM_MIDDLE, FIM_SUFFIX, FILE = (
    IDS[name] for name in ("<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|file_separator|>"))

SHIPPED_JSON = ROOT / "models" / "griffin-code-small" / "tokenizer.json"


def shipped() -> tokenizers.Tokenizer:
  """The bundled model's, which training takes."""
  return tokenizers.Tokenizer.from_file(str(SHIPPED_JSON))


def encode(tokenizer, text):
  """The ids of `text` alone: a control token comes by its id, never from text."""
  return tokenizer.encode(text, add_special_tokens=False).ids
