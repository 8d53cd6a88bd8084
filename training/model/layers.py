"""The parts that all models here share: norms, linears whose inputs may be rounded, rotations. Alphabet as in gemma3.py."""

import torch
import torch.nn.functional as F
from torch import nn

from training.model import kernels


class RmsNorm(nn.Module):
  """x [..., width] over its root mean square, times `weight`."""

  def __init__(self, width: int, epsilon: float):
    super().__init__()
    self.weight = nn.Parameter(torch.ones(width))  # The whole factor: GGUF and our folders hold 1 + w.
    self.epsilon = epsilon

  def forward(self, x):
    return F.rms_norm(x, x.shape[-1:], self.weight, self.epsilon)


class Linear(nn.Module):
  """A linear whose inputs may be rounded to 8 bits as the engine's kernels round them."""

  def __init__(self, inputs: int, outputs: int, bias: bool = False):
    super().__init__()
    self.weight = nn.Parameter(torch.zeros(outputs, inputs))
    self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None
    self.shadow: torch.Tensor | None = None  # What training multiplies with instead: a copy, or rounded (shadows.py).
    self.activation_block: int | None = None  # Inputs that share a scale; 0 is the whole row; None leaves floats.

  def forward(self, x):
    """[..., in] → [..., out]; with a shadow [T, in] → [T, out], in the shadow's type where there is no bias."""
    if self.shadow is not None:
      y = kernels.LinearProduct.apply(self.fast_inputs(x), self.shadow)
      return y if self.bias is None else y.float() + self.bias
    if self.activation_block is not None:
      x = round_activations(x, self.activation_block)
    return F.linear(x, self.weight, self.bias)

  def fast_inputs(self, x):
    """x as the shadow is multiplied with it: in its type, and rounded where that is wanted."""
    x = x.to(self.shadow.dtype)
    return x if self.activation_block is None else kernels.Rounded.apply(x, self.activation_block)


def activation_blocks(model):
  """How the inputs of each linear are rounded, by its name. The donor's are not: they are not smoothed yet (rows8.py)."""
  return {name: module.activation_block for name, module in model.named_modules() if isinstance(module, Linear)}


def set_activation_blocks(model, blocks):
  for name, block in blocks.items():
    model.get_submodule(name).activation_block = block


def round_activations(x: torch.Tensor, block: int) -> torch.Tensor:
  """Symmetric 8 bits, scale max|x| / 127, half to even. W8A8 has one scale a row, MatMulNBits one a block."""
  groups = x.unflatten(-1, (-1, block or x.shape[-1]))
  scale = groups.abs().amax(-1, keepdim=True).clamp_min(1e-30) / 127
  return (torch.round(groups / scale) * scale).flatten(-2)


def rope(positions: torch.Tensor, head_dim: int, base: float):
  """cos, sin [T, H / 2] of the angles by which heads are turned at these positions [T]."""
  frequencies = base ** (-torch.arange(0, head_dim, 2, dtype=torch.float64) / head_dim)
  angles = positions[:, None] * frequencies
  return angles.cos().float(), angles.sin().float()


def rotate(x, cos, sin):
  """x [..., H] half-split: (d, d + H / 2) rotate together."""
  a, b = x.chunk(2, dim=-1)
  return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)
