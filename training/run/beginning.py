"""What a run begins from: the donor, made into a hybrid, or a model folder."""

import dataclasses
import pathlib

import torch

from training.data import tokens
from training.data.donor_vocabulary import DonorVocabulary
from training.model import folder, gemma3
from training.model.donor import load_donor
from training.model.griffin import Griffin
from training.model.hybrid import with_recurrence
from training.model.recurrent import RecurrentConfig
from training.scratch import donor_path

# Of the global layers, in earlier tokens: 2,048 with the query's own. What is shipped has wider ones (export.py).
WINDOW = 2047
RECURRENT = RecurrentConfig(lru_width=640, gate_blocks=4)
BEFORE = (8, 11, 14, 17)  # Recurrent layers come before these. The global ones are 5, 11 and 17.


def first_model(model_folder: pathlib.Path | None) -> Griffin:
  """The hybrid on its first day: the donor, or what was shipped before."""
  if model_folder:
    model = folder.read(model_folder, widest=WINDOW)
  else:
    kept = DonorVocabulary.read(donor_path()).kept_in(tokens.SHIPPED_JSON)
    model = pruned(load_donor(donor_path()), kept)
  if any(isinstance(layer, RecurrentConfig) for layer in model.config.layers):
    return model.requires_grad_(True)
  return with_recurrence(model, BEFORE, RECURRENT)


def pruned(donor: gemma3.Gemma3, kept) -> gemma3.Gemma3:
  """The donor with the rows of the kept tokens alone and its global layers windowed, the first token staying visible."""
  config = dataclasses.replace(donor.config.windowed(WINDOW, sink=True), vocab=len(kept))
  with torch.device("meta"):
    model = gemma3.Gemma3(config)
  weights = donor.state_dict()
  weights["embed_tokens.weight"] = weights["embed_tokens.weight"][torch.from_numpy(kept).long()]
  model.load_state_dict(weights, assign=True)
  return model.requires_grad_(False)
