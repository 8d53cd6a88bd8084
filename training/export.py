"""The bundled model as a folder, in 8 bits: W8A8 where that costs nothing, blocks elsewhere.

    python -m training.export models/griffin-code-small --run RUN
"""

import dataclasses
import json
import pathlib

from training import command
from training.data import tokens
from training.data.files import learned
from training.data.tokens import BOS, END, EOS, FILE, FIM_MIDDLE, FIM_PREFIX, FIM_SUFFIX, START, encode
from training.model import folder, griffin, rows8
from training.model.layers import Linear
from training.model.shadows import BLOCK
from training.run.beginning import WINDOW
from training.run.checkpoint import model_of, read_checkpoint
from training.scratch import CORPUS, SCRATCH

# Layers below stay in blocks: the first shard holds the embedding and most of them, and need not change when the others do.
FIRST_ROWS8 = 3
CALIBRATION_FILES, CALIBRATION_TOKENS = 32, 512
SHIPPED_WINDOW = 4095  # Of the layers that have WINDOW in training: LOG.md says what wider is worth, and what it costs.
CONTEXT_TOKENS = 32_768  # The longest texts of the first two runs; later ones had REPOSITORY_TOKENS.
TERMS = [tokens.SHIPPED_JSON.with_name(name) for name in ("LICENSE", "NOTICE")]  # Gemma's: they go wherever the weights go.

ABOUT = {
    "formatVersion": 1, "name": "griffin-code-small", "displayName": "Griffin Code Small",
    "license": "Gemma Terms of Use",
    "tokens": {
        "bos": BOS, "eos": EOS, "stop": [EOS, END], "startOfTurn": START, "endOfTurn": END,
        "fimPrefix": FIM_PREFIX, "fimMiddle": FIM_MIDDLE, "fimSuffix": FIM_SUFFIX, "fileSeparator": FILE,
    },
    "trained": {"fillInTheMiddle": True, "instructions": False, "contextTokens": CONTEXT_TOKENS},
}


def main():
  arguments = command.parser(__doc__)
  arguments.add_argument("folder", type=pathlib.Path)
  arguments.add_argument("--run", required=True)
  options = arguments.parse_args()
  model, is_smooth = trained(SCRATCH / "runs" / options.run / "checkpoint.pt")
  forms = {name: BLOCK for name, module in model.named_modules() if isinstance(module, Linear)}
  forms |= rows8.made_ready(model, calibration(), FIRST_ROWS8, is_smooth)
  files = {file.name: file.read_bytes() for file in (tokens.SHIPPED_JSON, *TERMS)}
  model.config = widened(model.config)
  folder.write(options.folder, model, forms, ABOUT, files)
  print(f"{options.folder}: {sum(file.stat().st_size for file in options.folder.iterdir()) / 1e6:.1f} MB")


def widened(config):
  return dataclasses.replace(config, layers=tuple(
      dataclasses.replace(layer, window=SHIPPED_WINDOW) if getattr(layer, "window", None) == WINDOW else layer
      for layer in config.layers))


def calibration() -> list[list[int]]:
  """Beginnings of files of the training corpus, of all its languages, as training reads them."""
  tokenizer = tokens.shipped()  # Which train.py used.
  with open(CORPUS / "train.jsonl") as corpus:
    files = [json.loads(line) for line in corpus]
  return [[BOS, *encode(tokenizer, learned(file["text"], file["language"]))[:CALIBRATION_TOKENS]]
          for file in files[::-(-len(files) // CALIBRATION_FILES)]]


def trained(checkpoint) -> tuple[griffin.Griffin, bool]:
  """The model, and whether it was trained with its inputs rounded by rows: then it was smoothed before, and no factor may change."""
  stored = read_checkpoint(checkpoint)
  return model_of(stored).requires_grad_(False), 0 in stored["activations"].values()


if __name__ == "__main__":
  main()
