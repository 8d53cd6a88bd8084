"""What a run keeps: checkpoint.pt, with the model, how its inputs are rounded, Adam's moments, where it began and how far it is; and
log.jsonl."""

import hashlib
import json
import pathlib

import torch

from training.model import folder
from training.model.griffin import Griffin
from training.model.layers import activation_blocks, set_activation_blocks


def read_checkpoint(file) -> dict:
  """What `save_checkpoint` has written."""
  return torch.load(file, weights_only=True)


def model_of(checkpoint: dict) -> Griffin:
  model = Griffin(folder.configuration(checkpoint["architecture"]))
  model.load_state_dict(checkpoint["model"])
  set_activation_blocks(model, checkpoint["activations"])
  return model


def save_checkpoint(path: pathlib.Path, model: Griffin, optimizer, began_from: str, step: int, seen: int):
  """Whole or not at all. began_from: the digest of the weights at the run's beginning. seen: tokens."""
  new = path / "checkpoint.new"
  torch.save({"architecture": folder.describe(model.config), "model": model.state_dict(),
              "activations": activation_blocks(model), "optimizer": optimizer.state_dict(), "start": began_from,
              "step": step, "tokens": seen}, new)
  new.rename(path / "checkpoint.pt")


def note(path, row):
  """One more line of the run's log.jsonl."""
  with open(path / "log.jsonl", "a") as log:
    log.write(json.dumps(row) + "\n")


def digest(weights):
  """Of a model's weights by their names, to know a run's beginning again."""
  found = hashlib.sha256()
  for name, weight in sorted(weights.items()):
    found.update(name.encode())
    found.update(weight.detach().contiguous().numpy())
  return found.hexdigest()
