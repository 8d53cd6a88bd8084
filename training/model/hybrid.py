"""From an attention model to a hybrid: recurrent layers are put in, which add nothing at first."""

import dataclasses

import torch

from training.model.griffin import Griffin
from training.model.recurrent import GATE_POWER, Recurrent, RecurrentConfig

MEMORY_TOKENS = (16, 16_384)  # Time constants of the new channels when their gate is half open.


def with_recurrence(model, before: tuple[int, ...], layer: RecurrentConfig, seed=0) -> Griffin:
  """The same function, with recurrent layers before the given ones: what they add is zero at first."""
  torch.manual_seed(seed)
  layers, names = [], {}
  for i, old in enumerate(model.config.layers):
    if i in before:
      layers.append(layer)
    names[i] = len(layers)
    layers.append(old)
  new = Griffin(dataclasses.replace(model.config, layers=tuple(layers)))
  weights = {}
  for name, value in model.state_dict().items():
    parts = name.split(".")
    if parts[0] == "layers":
      parts[1] = str(names[int(parts[1])])
    weights[".".join(parts)] = value
  missing, unexpected = new.load_state_dict(weights, strict=False, assign=True)
  assert not unexpected and all(isinstance(new.config.layers[int(name.split(".")[1])], RecurrentConfig) for name in missing)
  with torch.no_grad():
    for i, block in enumerate(new.layers):
      if block.recurrent:
        # Gemma's stream has a few huge channels; the next layer's norm knows how to weigh them.
        block.temporal_pre_norm.weight.copy_(new.layers[i + 1].temporal_pre_norm.weight)
        initialize(block.temporal_block)
  return new.requires_grad_(True)


def initialize(block: Recurrent):
  """All but `linear_out`, which stays zero: inputs pass the convolution nearly as they are, and memories last MEMORY_TOKENS."""
  for linear in (block.linear_x, block.linear_y):
    linear.weight.normal_(0, linear.weight.shape[1] ** -0.5)
  block.conv_1d.weight.normal_(0, 0.1)
  block.conv_1d.weight[..., -1] += 1
  lru = block.rg_lru
  for gate in (lru.input_gate_weight, lru.recurrent_gate_weight):
    gate.normal_(0, gate.shape[1] ** -0.5)
  low, high = (torch.tensor(float(n)).log() for n in MEMORY_TOKENS)
  tokens = torch.exp(low + (high - low) * torch.rand_like(lru.recurrent_param))
  lru.recurrent_param.copy_(torch.log(torch.expm1(2 / tokens / GATE_POWER)))  # −log a = 1 / tokens when the gate gives 1/2.
