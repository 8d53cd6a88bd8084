"""The bundled model as it is trained: Gemma 3's layers, and Griffin's recurrent ones among them.

One sequence at a time, cut into segments. A segment's tokens may hold several documents, each beginning with <bos>;
nothing passes from one document to the next. What passes from one segment to the next is `Past`, without gradients.
Where gemma3.py is the donor in the plainest words, this computes the same faster: attention in blocks as wide as the
window, and kernels.c with its products in native.ELEMENT when a linear has a `shadow` (shadows.py).

Alphabet: T tokens of the segment, D width, N query heads, H head width.
"""

import dataclasses

import torch
import torch.nn.functional as F
from torch import nn

from training.data.tokens import BOS
from training.model import gemma3, kernels
from training.model.gemma3 import Config, LayerConfig, Mlp
from training.model.layers import Linear, RmsNorm, rope, rotate
from training.model.recurrent import Recurrent, RecurrentConfig

BLOCK = 256  # Queries that look at the same keys.


class Segment:
  """Where the tokens of a segment stand: the same for all layers."""

  def __init__(self, tokens: torch.Tensor, past_tokens: int, fast: bool = False):
    self.fast = fast  # kernels.c and its element instead of float32 and plain torch.
    index = torch.arange(len(tokens))
    # The index of each token's <bos>; negative when its document began in an earlier segment.
    self.start = torch.where(tokens == BOS, index, -past_tokens).cummax(0).values
    self.position = index - self.start
    self._ranges, self._rope = {}, {}

  def ranges(self, window: int):
    """For each query the keys [low, high) of its block's columns, int32."""
    if window not in self._ranges:
      index = torch.arange(len(self.start))
      low = torch.maximum(index - window, self.start)
      offset = index // BLOCK * BLOCK - rows_before(window)  # The key of a block's column 0.
      self._ranges[window] = (low - offset).int(), (index + 1 - offset).int()
    return self._ranges[window]

  def rope(self, base: float, head_dim: int):  # cos, sin: [T, H / 2]
    if base not in self._rope:
      self._rope[base] = rope(self.position, head_dim, base)
    return self._rope[base]


def rows_before(window: int) -> int:
  """Of earlier segments' keys and values, zeros where there were none."""
  return -(-window // BLOCK) * BLOCK


@dataclasses.dataclass
class Past:
  """What earlier segments left: the tokens of the running document, and a dict of tensors for each layer."""
  tokens: int
  layers: list[dict[str, torch.Tensor]]


class Griffin(nn.Module):
  """A decoder of any order of attention and recurrent layers, over one sequence."""

  def __init__(self, config: Config):
    super().__init__()
    self.config = config
    self.embed_tokens = Linear(config.width, config.vocab)
    self.layers = nn.ModuleList(Block(config, layer) for layer in config.layers)
    self.final_norm = RmsNorm(config.width, config.epsilon)

  def hidden(self, tokens, past: Past | None = None):
    """[T] → [T, D], normed for the head, and the past of the next segment."""
    past = past or Past(0, [{} for _ in self.layers])
    fast = self.embed_tokens.shadow is not None
    segment = Segment(tokens, past.tokens, fast)
    weight = self.embed_tokens.shadow if fast else self.embed_tokens.weight
    x = F.embedding(tokens, weight).float() * self.config.embedding_scale
    layers = []
    for block, state in zip(self.layers, past.layers):
      x, new = block(x, segment, state)
      layers.append({name: value.detach() for name, value in new.items()})
    return normed(self.final_norm, x, segment), Past(int(segment.position[-1]) + 1, layers)

  def logits(self, hidden):
    return self.embed_tokens(hidden)


class Block(nn.Module):

  def __init__(self, config: Config, layer: LayerConfig | RecurrentConfig):
    super().__init__()
    norm = lambda: RmsNorm(config.width, config.epsilon)
    self.recurrent = isinstance(layer, RecurrentConfig)
    self.temporal_pre_norm = norm()
    if self.recurrent:  # Temporal mixing alone: no MLP, and no norm after it.
      self.temporal_block = Recurrent(config, layer)
    else:
      self.temporal_post_norm, self.channel_pre_norm, self.channel_post_norm = norm(), norm(), norm()
      self.temporal_block = Attention(config, layer)
      self.mlp_block = Mlp(config)

  def forward(self, x, segment, past):
    """x [T, D] → [T, D], and what the layer leaves to the next segment."""
    y, new = self.temporal_block(normed(self.temporal_pre_norm, x, segment), segment, past)
    if self.recurrent:
      return x + y, new
    x = added(x, self.temporal_post_norm, y, segment)
    y = gated_mlp(self.mlp_block, normed(self.channel_pre_norm, x, segment), segment)
    return added(x, self.channel_post_norm, y, segment), new


# Each of these is plain torch in float32, or one kernel in training.

def normed(norm: RmsNorm, x, segment, cos=None, sin=None, scale=1.0):
  """x [T, D] or [T, N, H], normed, times `scale` and rotated by cos, sin [T, H / 2] if they are given."""
  if segment.fast:
    return kernels.NormRope.apply(x, norm.weight, cos, sin, norm.epsilon, scale)
  y = norm(x) * scale
  return y if cos is None else rotate(y, cos.unsqueeze(1), sin.unsqueeze(1)) if y.dim() == 3 else rotate(y, cos, sin)


def added(x, norm: RmsNorm, y, segment):
  """x + norm(y), both [T, D]."""
  return kernels.AddNorm.apply(x, y, norm.weight, norm.epsilon) if segment.fast else x + norm(y)


def gated_mlp(mlp: Mlp, x, segment):
  """[T, D] → [T, D]."""
  if segment.fast:
    return mlp.down_proj(kernels.GatedGelu.apply(mlp.gate_proj(x), mlp.up_proj(x)))
  return mlp(x)


class Attention(gemma3.Attention):
  """The donor's, over a segment and what the one before it left."""

  def forward(self, x, segment, past):
    T, N, H = len(x), self.heads, self.head_dim
    cos, sin = segment.rope(self.layer.rope_base, H)
    q = normed(self.q_norm, self.q_proj(x).view(T, N, H), segment, cos, sin, H ** -0.5)
    k = normed(self.k_norm, self.k_proj(x), segment, cos, sin)
    v = self.v_proj(x)
    kept = rows_before(self.layer.window)
    k, v = (torch.cat((past[name] if past else new.new_zeros(kept, H), new)) for name, new in (("k", k), ("v", v)))
    new = {"k": k[-kept:], "v": v[-kept:]}

    low, high = segment.ranges(self.layer.window)
    if not self.layer.sink:
      return self.o_proj(attend(segment, q, k, v, low, high).flatten(1)), new
    # The first token of each query's own document; row 0 is that of the document that ran on from before.
    first = segment.start.clamp_min(-1) + 1
    sink_k, sink_v = (torch.cat((past["sink_" + name] if past else new[name].new_zeros(1, H), of[kept:]))[first]
                      for name, of in (("k", k), ("v", v)))
    new |= {"sink_k": sink_k[-1:], "sink_v": sink_v[-1:]}
    y = attend(segment, q, k, v, low, high, sink_k, sink_v, segment.position > self.layer.window)
    return self.o_proj(y.flatten(1)), new


def attend(segment, q, k, v, low, high, *sink):
  """kernels.WindowAttention, which says what comes in, or the same in plain torch: all queries against all keys."""
  if segment.fast:
    return kernels.WindowAttention.apply(q, k, v, low, high, BLOCK, *sink)
  key, block_start = torch.arange(len(k)), torch.arange(len(q)) // BLOCK * BLOCK
  visible = (key >= (block_start + low)[:, None]) & (key < (block_start + high)[:, None])
  scores = (q @ k.T).masked_fill(~visible[:, None], -1e30)  # [T, N, keys]
  if not sink:
    return scores.softmax(-1) @ v
  sink_k, sink_v, has_sink = sink
  extra = (q * sink_k[:, None]).sum(-1, keepdim=True).masked_fill(~has_sink[:, None, None], -1e30)
  p = torch.cat((scores, extra), -1).softmax(-1)
  return p[..., :-1] @ v + p[..., -1:] * sink_v[:, None]
