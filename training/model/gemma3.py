"""Gemma 3 in plain torch: the donor as it is published, and the forms that we make of it.

The model knows token ids only. It runs a whole sequence at once, at float32, and keeps no state; the product's engine
does. Module names are those of models/README.md, so a state dict and a model folder hold the same names.

Alphabet: B batch, T tokens, D width, N query heads (one key/value head), H head width, F MLP width, V vocabulary.
"""

import dataclasses

import torch
import torch.nn.functional as F
from torch import nn

from training.model import kernels


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
      shared[self.layer] = (*rope(T, self.head_dim, self.layer.rope_base), visible(T, self.layer))
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


class RmsNorm(nn.Module):

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
    self.shadow: torch.Tensor | None = None  # What training multiplies with instead: rounded (team.py).
    self.activation_block: int | None = None  # Inputs that share a scale; 0 is the whole row; None leaves floats.

  def forward(self, x):
    if self.shadow is not None:
      y = kernels.LinearProduct.apply(self.fast_inputs(x), self.shadow)
      return y if self.bias is None else y.float() + self.bias
    if self.activation_block is not None:
      x = round_activations(x, self.activation_block)
    return F.linear(x, self.weight, self.bias)

  def fast_inputs(self, x):
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


def rope(T: int, head_dim: int, base: float):  # cos, sin: [T, H / 2]
  frequencies = base ** (-torch.arange(0, head_dim, 2, dtype=torch.float64) / head_dim)
  angles = torch.arange(T, dtype=torch.float64)[:, None] * frequencies
  return angles.cos().float(), angles.sin().float()


def rotate(x, cos, sin):
  """Half-split: (d, d + H/2) rotate together."""
  a, b = x.chunk(2, dim=-1)
  return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


def visible(T: int, layer: LayerConfig) -> torch.Tensor | None:  # bool [query, key]; None is plain causal
  if layer.window is None or layer.window >= T - 1:
    return None
  distance = torch.arange(T)[:, None] - torch.arange(T)
  mask = (distance >= 0) & (distance <= layer.window)
  if layer.sink:
    mask[:, 0] = True
  return mask


# --- the donor's file ----------------------------------------------------------------------------------------------

LOCAL_ROPE_BASE = 10_000.0  # Gemma 3's; GGUF files do not state it.
GLOBAL_EVERY = 6  # Layers 5, 11 and 17 attend to everything; GGUF files do not state it either.

GGUF_NAMES = {  # GGUF's name of each tensor of a block → ours
    "attn_norm": "temporal_pre_norm", "post_attention_norm": "temporal_post_norm",
    "ffn_norm": "channel_pre_norm", "post_ffw_norm": "channel_post_norm",
    "attn_q": "temporal_block.q_proj", "attn_k": "temporal_block.k_proj", "attn_v": "temporal_block.v_proj",
    "attn_output": "temporal_block.o_proj", "attn_q_norm": "temporal_block.q_norm",
    "attn_k_norm": "temporal_block.k_norm",
    "ffn_gate": "mlp_block.gate_proj", "ffn_up": "mlp_block.up_proj", "ffn_down": "mlp_block.down_proj",
}


def load_donor(path) -> Gemma3:
  """Gemma 3 270M from its GGUF file, dequantized to float32."""
  import gguf
  reader = gguf.GGUFReader(path)
  config = read_config(reader)
  with torch.device("meta"):
    model = Gemma3(config)
  tensors = {}
  for tensor in reader.tensors:
    name = tensor.name.removesuffix(".weight")
    if name.startswith("blk."):
      _, index, part = name.split(".")
      name = f"layers.{index}.{GGUF_NAMES[part]}"
    else:
      name = {"token_embd": "embed_tokens", "output_norm": "final_norm"}[name]
    tensors[name + ".weight"] = torch.from_numpy(gguf.quants.dequantize(tensor.data, tensor.tensor_type).copy())
  model.load_state_dict(tensors, assign=True)  # Strict: a missing, extra or misshapen tensor fails here.
  return model.requires_grad_(False)


def read_config(reader) -> Config:
  field = lambda name: reader.fields[name].contents()
  assert field("general.architecture") == "gemma3", "not a Gemma 3 file"
  assert field("gemma3.attention.head_count_kv") == 1, "the graph knows one key/value head"
  assert field("gemma3.attention.key_length") == field("gemma3.attention.value_length")
  assert not any(name.startswith("gemma3.rope.scaling") for name in reader.fields), "scaled RoPE is not known here"
  width = field("gemma3.embedding_length")
  layers = tuple(
      LayerConfig(None, field("gemma3.rope.freq_base")) if i % GLOBAL_EVERY == GLOBAL_EVERY - 1 else
      LayerConfig(field("gemma3.attention.sliding_window") - 1, LOCAL_ROPE_BASE)  # The file's count includes the query.
      for i in range(field("gemma3.block_count")))
  return Config(
      vocab=len(reader.fields["tokenizer.ggml.tokens"].data), width=width,
      heads=field("gemma3.attention.head_count"), head_dim=field("gemma3.attention.key_length"),
      mlp_width=field("gemma3.feed_forward_length"), epsilon=1e-6, layers=layers,
      embedding_scale=torch.tensor(width ** 0.5).bfloat16().item())  # Google's code rounds it: 25.25, not 25.298.
