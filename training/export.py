"""The bundled model as a folder, in 8 bits: W8A8 where that costs nothing, blocks elsewhere.

    python training/export.py models/griffin-code-small --run RUN
"""

import argparse
import dataclasses
import json
import pathlib

import tokenizers
import torch

import folder
import gemma3
import griffin
import rows8
import train
from exact import encode
from scratch import CORPUS, SCRATCH, TRAINING
from team import BLOCK
from vocabulary import CONTROL

# Layers below stay in blocks: the first shard holds the embedding and most of them, and need not change when the others do.
FIRST_ROWS8 = 3
CALIBRATION_FILES, CALIBRATION_TOKENS = 32, 512
WINDOW = 4095  # Of the layers that have train.WINDOW in training: LOG.md says what wider is worth, and what it costs.
CONTEXT_TOKENS = 32_768  # The longest texts of the first two runs; later ones had REPOSITORY_TOKENS.

IDS = {name: i for i, name in enumerate(CONTROL)}
ABOUT = {
    "formatVersion": 1, "name": "griffin-code-small", "displayName": "Griffin Code Small",
    "license": "Gemma Terms of Use",
    "tokens": {
        "bos": IDS["<bos>"], "eos": IDS["<eos>"], "stop": [IDS["<eos>"], IDS["<end_of_turn>"]],
        "startOfTurn": IDS["<start_of_turn>"], "endOfTurn": IDS["<end_of_turn>"],
        "fimPrefix": IDS["<|fim_prefix|>"], "fimMiddle": IDS["<|fim_middle|>"], "fimSuffix": IDS["<|fim_suffix|>"],
        "fileSeparator": IDS["<|file_separator|>"],
    },
    "trained": {"fillInTheMiddle": True, "instructions": False, "contextTokens": CONTEXT_TOKENS},
}


def main():
  arguments = argparse.ArgumentParser()
  arguments.add_argument("folder", type=pathlib.Path)
  arguments.add_argument("--run", required=True)
  options = arguments.parse_args()
  model, is_smooth = trained(SCRATCH / "runs" / options.run / "checkpoint.pt")
  tokenizer = TRAINING.parent / "models" / "griffin-code-small" / "tokenizer.json"  # Which train.py used.
  forms = {name: BLOCK for name, module in model.named_modules() if isinstance(module, gemma3.Linear)}
  forms |= rows8.made_ready(model, calibration(tokenizer), FIRST_ROWS8, is_smooth)
  files = {"tokenizer.json": tokenizer.read_bytes(), **terms()}
  model.config = widened(model.config)
  folder.write(options.folder, model, forms, ABOUT, files)
  print(f"{options.folder}: {sum(file.stat().st_size for file in options.folder.iterdir()) / 1e6:.1f} MB")


def widened(config):
  return dataclasses.replace(config, layers=tuple(
      dataclasses.replace(layer, window=WINDOW) if getattr(layer, "window", None) == train.WINDOW else layer
      for layer in config.layers))


def calibration(tokenizer) -> list[list[int]]:
  """Beginnings of files of the training corpus, of all its languages."""
  tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer))
  with open(CORPUS / "train.jsonl") as corpus:
    files = [json.loads(line)["text"] for line in corpus]
  return [[IDS["<bos>"], *encode(tokenizer, text)[:CALIBRATION_TOKENS]]
          for text in files[::-(-len(files) // CALIBRATION_FILES)]]


def trained(checkpoint) -> tuple[griffin.Griffin, bool]:
  """The model, and whether it was trained with its inputs rounded by rows: then it was smoothed before, and no factor may change."""
  stored = torch.load(checkpoint, weights_only=False)
  model = griffin.Griffin(stored["config"])
  model.load_state_dict(stored["model"])
  gemma3.set_activation_blocks(model, stored["activations"])
  return model.requires_grad_(False), 0 in stored["activations"].values()


def terms() -> dict[str, bytes]:
  """The files that travel with the weights."""
  source = TRAINING / "bundled"
  return {file.name: file.read_bytes() for file in sorted(source.iterdir())}


if __name__ == "__main__":
  main()
