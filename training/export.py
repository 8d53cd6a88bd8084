"""The bundled model as a folder, in 8 bits: W8A8 where that costs nothing, blocks elsewhere.

    python training/export.py models/griffin-code-small --run RUN     what train.py made of it
    python training/export.py models/griffin-code-small               its first form: the donor with fewer tokens, windowed
"""

import argparse
import json
import pathlib

import numpy as np
import tokenizers
import torch

import folder
import gemma3
import griffin
import rows8
from exact import encode
from scratch import CORPUS, SCRATCH, TRAINING, donor_path
from vocabulary import CONTROL

# Of the global layers, in earlier tokens: 2,048 with the query's own. LOG.md says what 8,192 are worth and cost.
WINDOW = 2047
# Layers below stay in blocks: the first shard holds the embedding and most of them, and need not change when the others do.
FIRST_ROWS8 = 3
CALIBRATION_FILES, CALIBRATION_TOKENS = 32, 512


def main():
  arguments = argparse.ArgumentParser()
  arguments.add_argument("folder", type=pathlib.Path)
  arguments.add_argument("--run")
  arguments.add_argument("--vocabulary", type=int, default=49152)
  arguments.add_argument("--block", type=int, default=128, help="inputs that share a scale")
  options = arguments.parse_args()
  if options.run:
    model, is_smooth = trained(SCRATCH / "runs" / options.run / "checkpoint.pt")
    tokenizer = TRAINING.parent / "models" / "griffin-code-small" / "tokenizer.json"  # Which train.py used.
  else:
    vocabulary = SCRATCH / "vocabulary" / str(options.vocabulary)
    is_smooth = False
    model = pruned(gemma3.load_donor(donor_path()), np.load(vocabulary / "kept.npy"))
    tokenizer = vocabulary / "tokenizer.json"
  forms = {name: options.block for name, module in model.named_modules() if isinstance(module, gemma3.Linear)}
  forms |= rows8.made_ready(model, calibration(tokenizer), FIRST_ROWS8, is_smooth)
  files = {"tokenizer.json": tokenizer.read_bytes(), **terms()}
  folder.write(options.folder, model, forms, about(fill_in_the_middle=options.run is not None), files)
  print(f"{options.folder}: {sum(file.stat().st_size for file in options.folder.iterdir()) / 1e6:.1f} MB")


def calibration(tokenizer) -> list[list[int]]:
  """Beginnings of files of the training corpus, of all its languages."""
  tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer))
  with open(CORPUS / "train.jsonl") as corpus:
    files = [json.loads(line)["text"] for line in corpus]
  return [[list(CONTROL).index("<bos>"), *encode(tokenizer, text)[:CALIBRATION_TOKENS]]
          for text in files[::-(-len(files) // CALIBRATION_FILES)]]


def trained(checkpoint) -> tuple[griffin.Griffin, bool]:
  """The model, and whether it was trained with its inputs rounded by rows: then it was smoothed before, and no factor may change."""
  stored = torch.load(checkpoint, weights_only=False)
  model = griffin.Griffin(stored["config"])
  model.load_state_dict(stored["model"])
  gemma3.set_activation_blocks(model, stored["activations"])
  return model.requires_grad_(False), 0 in stored["activations"].values()


def pruned(donor: gemma3.Gemma3, kept: np.ndarray) -> gemma3.Gemma3:
  """The donor with the rows of the kept tokens alone and its global layers windowed, the first token staying visible."""
  config = gemma3.dataclasses.replace(donor.config.windowed(WINDOW, sink=True), vocab=len(kept))
  with torch.device("meta"):
    model = gemma3.Gemma3(config)
  weights = donor.state_dict()
  weights["embed_tokens.weight"] = weights["embed_tokens.weight"][torch.from_numpy(kept).long()]
  model.load_state_dict(weights, assign=True)
  return model.requires_grad_(False)


def about(fill_in_the_middle: bool) -> dict:
  ids = {name: i for i, name in enumerate(CONTROL)}
  return {
      "formatVersion": 1, "name": "griffin-code-small", "displayName": "Griffin Code Small",
      "license": "Gemma Terms of Use",
      "tokens": {
          "bos": ids["<bos>"], "eos": ids["<eos>"], "stop": [ids["<eos>"], ids["<end_of_turn>"]],
          "startOfTurn": ids["<start_of_turn>"], "endOfTurn": ids["<end_of_turn>"],
          "fimPrefix": ids["<|fim_prefix|>"], "fimMiddle": ids["<|fim_middle|>"], "fimSuffix": ids["<|fim_suffix|>"],
          "fileSeparator": ids["<|file_separator|>"],
      },
      "trained": {"fillInTheMiddle": fill_in_the_middle, "instructions": False, "contextTokens": 32768},
  }


def terms() -> dict[str, bytes]:
  """The files that travel with the weights."""
  source = TRAINING / "bundled"
  return {file.name: file.read_bytes() for file in sorted(source.iterdir())}


if __name__ == "__main__":
  main()
