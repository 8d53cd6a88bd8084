"""Griffin's recurrent layer in training (arXiv 2402.19427), over a segment and what the one before it left.

Alphabet: T tokens of the segment, D width, W width of the recurrence. griffin.Segment says where documents begin.
"""

import dataclasses

import torch
import torch.nn.functional as F
from torch import nn

from training.model import kernels
from training.model.gemma3 import Config
from training.model.layers import Linear

GATE_POWER = 8  # c of a = σ(Λ)^(c · r): Griffin (arXiv 2402.19427), equation 4.


@dataclasses.dataclass(frozen=True)
class RecurrentConfig:
  lru_width: int
  gate_blocks: int
  conv_width: int = 4


class Recurrent(nn.Module):
  """Griffin's recurrent block (arXiv 2402.19427, 2.3 and 2.4), as src/engine/graph/recurrent.ts computes it."""

  def __init__(self, config: Config, layer: RecurrentConfig):
    super().__init__()
    width = layer.lru_width
    self.linear_x = Linear(config.width, width, bias=True)
    self.linear_y = Linear(config.width, width, bias=True)
    self.linear_out = Linear(width, config.width, bias=True)
    self.conv_1d = Conv(width, layer.conv_width)
    self.rg_lru = RgLru(width, layer.gate_blocks)

  def forward(self, x, segment, past):
    """x [T, D] → [T, D], and {"u": the last inputs of the convolution, "h": the last state [W]}."""
    y = F.gelu(self.linear_y(x).float(), approximate="tanh")
    u = self.linear_x(x).float()
    c, inputs = self.conv_1d(u, segment, past.get("u"))
    h = self.rg_lru(c, segment, past.get("h"))
    return self.linear_out(h * y), {"u": inputs, "h": h[-1]}


class Conv(nn.Module):
  """Depthwise and causal; the kernel's last element meets the current token."""

  def __init__(self, width, size):
    super().__init__()
    self.weight = nn.Parameter(torch.zeros(width, 1, size))
    self.bias = nn.Parameter(torch.zeros(width))

  def forward(self, u, segment, past):
    """u [T, W] → [T, W], and the rows that the next segment needs, [size − 1, W]."""
    T, size = len(u), self.weight.shape[2]
    rows = torch.cat((past if past is not None else u.new_zeros(size - 1, u.shape[1]), u))
    c = self.bias
    for back in range(size):
      seen = (segment.position >= back)[:, None]  # Not into the document before.
      c = c + rows[size - 1 - back:size - 1 - back + T] * seen * self.weight[:, 0, size - 1 - back]
    return c, rows[-(size - 1):]


class RgLru(nn.Module):
  """The real-gated linear recurrent unit: h[t] = a[t] · h[t−1] + √(1 − a[t]²) · (i[t] · c[t])."""

  def __init__(self, width, blocks):
    super().__init__()
    size = width // blocks
    self.recurrent_param = nn.Parameter(torch.zeros(width))
    for gate in ("input_gate", "recurrent_gate"):
      setattr(self, f"{gate}_weight", nn.Parameter(torch.zeros(blocks, size, size)))
      setattr(self, f"{gate}_bias", nn.Parameter(torch.zeros(blocks, size)))

  def log_a(self):
    """log a [W] when its gate is open."""
    return -GATE_POWER * F.softplus(self.recurrent_param)

  def forward(self, c, segment, past):
    """c [T, W] → h [T, W]; past: the state before the segment, [W] or None."""
    first = (segment.position == 0)[:, None]
    log_a = self.gate("recurrent_gate", c) * self.log_a()
    multiplier = torch.where(first, 1.0, torch.sqrt(-torch.expm1(2 * log_a) + 1e-12))
    b = c * self.gate("input_gate", c) * multiplier
    a = torch.exp(log_a) * ~first
    return kernels.scan(a, b, past if past is not None else c.new_zeros(c.shape[1]))

  def gate(self, name, c):
    """σ of a block-diagonal linear of c: [T, W] → [T, W]."""
    weight, bias = getattr(self, name + "_weight"), getattr(self, name + "_bias")
    blocks = c.view(len(c), len(weight), -1).transpose(0, 1) @ weight  # [blocks, T, size]
    return torch.sigmoid(blocks.transpose(0, 1) + bias).flatten(1)
