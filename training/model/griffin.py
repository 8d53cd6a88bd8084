"""The bundled model as it is trained: Gemma 3's layers, and Griffin's recurrent ones among them.

One sequence at a time, cut into segments. A segment's tokens may hold several documents, each beginning with <bos>;
nothing passes from one document to the next. What passes from one segment to the next is `Past`, without gradients.
Where gemma3.py is the donor in the plainest words, this computes the same faster: attention in blocks as wide as the
window, and kernels.c with its products in kernels.ELEMENT when a linear has a `shadow` (team.py).

Alphabet: T tokens of the segment, D width, N query heads, H head width, W width of a recurrent layer.
"""

import dataclasses

import torch
import torch.nn.functional as F
from torch import nn

from training.data.tokens import BOS
from training.model import gemma3, kernels
from training.model.gemma3 import Config, LayerConfig, Linear, Mlp, RmsNorm, rotate

BLOCK = 256  # Queries that look at the same keys.
GATE_POWER = 8  # c of a = σ(Λ)^(c · r): Griffin (arXiv 2402.19427), equation 4.


@dataclasses.dataclass(frozen=True)
class RecurrentConfig:
  lru_width: int
  gate_blocks: int
  conv_width: int = 4


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
      frequencies = base ** (-torch.arange(0, head_dim, 2, dtype=torch.float64) / head_dim)
      angles = self.position[:, None] * frequencies
      self._rope[base] = angles.cos().float(), angles.sin().float()
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
    y, new = self.temporal_block(normed(self.temporal_pre_norm, x, segment), segment, past)
    if self.recurrent:
      return x + y, new
    x = added(x, self.temporal_post_norm, y, segment)
    y = gated_mlp(self.mlp_block, normed(self.channel_pre_norm, x, segment), segment)
    return added(x, self.channel_post_norm, y, segment), new


# Each of these is plain torch in float32, or one kernel in training.

def normed(norm: RmsNorm, x, segment, cos=None, sin=None, scale=1.0):
  if segment.fast:
    return kernels.NormRope.apply(x, norm.weight, cos, sin, norm.epsilon, scale)
  y = norm(x) * scale
  return y if cos is None else rotate(y, cos.unsqueeze(1), sin.unsqueeze(1)) if y.dim() == 3 else rotate(y, cos, sin)


def added(x, norm: RmsNorm, y, segment):
  return kernels.AddNorm.apply(x, y, norm.weight, norm.epsilon) if segment.fast else x + norm(y)


def gated_mlp(mlp: Mlp, x, segment):
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
    T, size = len(u), self.weight.shape[2]
    rows = torch.cat((past if past is not None else u.new_zeros(size - 1, u.shape[1]), u))
    c = self.bias
    for back in range(size):
      seen = (segment.position >= back)[:, None]  # Not into the document before.
      c = c + rows[size - 1 - back:size - 1 - back + T] * seen * self.weight[:, 0, size - 1 - back]
    return c, rows[-(size - 1):]


class RgLru(nn.Module):

  def __init__(self, width, blocks):
    super().__init__()
    size = width // blocks
    self.recurrent_param = nn.Parameter(torch.zeros(width))
    for gate in ("input_gate", "recurrent_gate"):
      setattr(self, f"{gate}_weight", nn.Parameter(torch.zeros(blocks, size, size)))
      setattr(self, f"{gate}_bias", nn.Parameter(torch.zeros(blocks, size)))

  def log_a(self):
    return -GATE_POWER * F.softplus(self.recurrent_param)

  def forward(self, c, segment, past):
    first = (segment.position == 0)[:, None]
    log_a = self.gate("recurrent_gate", c) * self.log_a()
    multiplier = torch.where(first, 1.0, torch.sqrt(-torch.expm1(2 * log_a) + 1e-12))
    b = c * self.gate("input_gate", c) * multiplier
    a = torch.exp(log_a) * ~first
    return kernels.scan(a, b, past if past is not None else c.new_zeros(c.shape[1]))

  def gate(self, name, c):
    weight, bias = getattr(self, name + "_weight"), getattr(self, name + "_bias")
    blocks = c.view(len(c), len(weight), -1).transpose(0, 1) @ weight  # [blocks, T, size]
    return torch.sigmoid(blocks.transpose(0, 1) + bias).flatten(1)


# --- from an attention model to a hybrid -----------------------------------------------------------------------------

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
