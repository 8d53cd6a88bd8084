"""Gemma 3 in plain torch: the donor as it is published, and the forms that we make of it.

The model knows token ids only. It runs a whole sequence at once, at float32, and keeps no state; the product's engine
does. Module names are those of models/README.md, so a state dict and a model folder hold the same names.

Alphabet: B batch, T tokens, D width, N query heads (one key/value head), H head width, F MLP width, V vocabulary.
"""

import dataclasses

import torch
import torch.nn.functional as F
from torch import nn

from training.model.layers import Linear, RmsNorm, rope, rotate


@dataclasses.dataclass(frozen=True)
class LayerConfig:
  window: int | None  # How many earlier tokens a query sees besides itself; None is all.
  rope_base: float
  sink: bool = False  # The first token stays visible beyond the window.


@dataclasses.dataclass(frozen=True)
class Config:
  vocab: int
  width: int
  heads: int
  head_dim: int
  mlp_width: int
  epsilon: float
  embedding_scale: float
  layers: tuple[LayerConfig, ...]

  def windowed(self, window: int, sink: bool) -> "Config":
    """The same model with its global layers cut to a window."""
    return dataclasses.replace(self, layers=tuple(
        layer if layer.window is not None else dataclasses.replace(layer, window=window, sink=sink)
        for layer in self.layers))


class Gemma3(nn.Module):

  def __init__(self, config: Config):
    super().__init__()
    self.config = config
    self.embed_tokens = Linear(config.width, config.vocab)  # Also the output head.
    self.layers = nn.ModuleList(Block(config, layer) for layer in config.layers)
    self.final_norm = RmsNorm(config.width, config.epsilon)

  def forward(self, tokens: torch.Tensor) -> torch.Tensor:
    """Logits [B, T, V] of tokens [B, T]. Needs V floats a token: long sequences call `hidden` and `logits` instead."""
    return self.logits(self.hidden(tokens))

  def hidden(self, tokens: torch.Tensor) -> torch.Tensor:  # [B, T] → [B, T, D], normed for the head
    x = self.embed_tokens.weight[tokens] * self.config.embedding_scale
    shared = {}  # Masks and rotations are the same for all layers of one kind.
    for block in self.layers:
      x = block(x, shared)
    return self.final_norm(x)

  def logits(self, hidden: torch.Tensor) -> torch.Tensor:
    return self.embed_tokens(hidden)


class Block(nn.Module):

  def __init__(self, config: Config, layer: LayerConfig):
    super().__init__()
    norm = lambda: RmsNorm(config.width, config.epsilon)
    self.temporal_pre_norm, self.temporal_post_norm = norm(), norm()
    self.channel_pre_norm, self.channel_post_norm = norm(), norm()
    self.temporal_block = Attention(config, layer)
    self.mlp_block = Mlp(config)

  def forward(self, x, shared):
    x = x + self.temporal_post_norm(self.temporal_block(self.temporal_pre_norm(x), shared))
    return x + self.channel_post_norm(self.mlp_block(self.channel_pre_norm(x)))


class Attention(nn.Module):

  def __init__(self, config: Config, layer: LayerConfig):
    super().__init__()
    self.heads, self.head_dim, self.layer = config.heads, config.head_dim, layer
    self.q_proj = Linear(config.width, config.heads * config.head_dim)
    self.k_proj = Linear(config.width, config.head_dim)
    self.v_proj = Linear(config.width, config.head_dim)
    self.o_proj = Linear(config.heads * config.head_dim, config.width)
    self.q_norm = RmsNorm(config.head_dim, config.epsilon)
    self.k_norm = RmsNorm(config.head_dim, config.epsilon)

  def forward(self, x, shared):  # x: [B, T, D]
    B, T, _ = x.shape
    if self.layer not in shared:
      shared[self.layer] = (*rope(torch.arange(T), self.head_dim, self.layer.rope_base), visible(T, self.layer))
    cos, sin, mask = shared[self.layer]
    q = self.q_proj(x).view(B, T, self.heads, self.head_dim).transpose(1, 2)  # [B, N, T, H]
    k = self.k_proj(x).view(B, T, 1, self.head_dim).transpose(1, 2)  # [B, 1, T, H]
    v = self.v_proj(x).view(B, T, 1, self.head_dim).transpose(1, 2)
    q, k = rotate(self.q_norm(q), cos, sin), rotate(self.k_norm(k), cos, sin)
    k, v = k.expand_as(q), v.expand_as(q)
    y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None, scale=self.head_dim ** -0.5)
    return self.o_proj(y.transpose(1, 2).reshape(B, T, -1))


class Mlp(nn.Module):

  def __init__(self, config: Config):
    super().__init__()
    self.gate_proj = Linear(config.width, config.mlp_width)
    self.up_proj = Linear(config.width, config.mlp_width)
    self.down_proj = Linear(config.mlp_width, config.width)

  def forward(self, x):
    return self.down_proj(F.gelu(self.gate_proj(x), approximate="tanh") * self.up_proj(x))


def visible(T: int, layer: LayerConfig) -> torch.Tensor | None:
  """bool [query, key]: what each query sees; None is plain causal."""
  if layer.window is None or layer.window >= T - 1:
    return None
  distance = torch.arange(T)[:, None] - torch.arange(T)
  mask = (distance >= 0) & (distance <= layer.window)
  if layer.sink:
    mask[:, 0] = True
  return mask
