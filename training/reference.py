"""RecurrentGemma in numpy: the slow, obvious twin. Reads a Hugging Face checkpoint folder, runs all tokens at once.

It shares no code with the implementations that it is compared with, keeps no state and computes in float64.
Alphabet: T tokens, D model width, E recurrence width, F MLP width, N heads, H head width, B gate block, V vocabulary.
"""

import json
import pathlib

import ml_dtypes
import numpy as np


def forward(folder: pathlib.Path, tokens: np.ndarray) -> np.ndarray:
  """Logits of every position, float32 [T, V]."""
  config = json.loads((folder / "config.json").read_text())
  weights = load_tensors(folder)
  block_types = config.get("_block_types") or config["block_types"]

  embeddings = weights["model.embed_tokens.weight"]  # [V, D]
  x = embeddings[tokens]  # [T, D]
  if config.get("embeddings_scale_by_sqrt_dim", True):
    x = x * float(ml_dtypes.bfloat16(np.sqrt(config["hidden_size"])))
  for i in range(config["num_hidden_layers"]):
    layer = Layer(config, weights, f"model.layers.{i}.")
    temporal = layer.recurrent if block_types[i % len(block_types)] == "recurrent" else layer.attention
    x = x + temporal(layer.norm(x, "temporal_pre_norm"))
    x = x + layer.mlp(layer.norm(x, "channel_pre_norm"))
  h = rms_norm(x, weights["model.final_norm.weight"], config["rms_norm_eps"])
  cap = config["logits_soft_cap"]
  return (cap * np.tanh(h @ embeddings.T / cap)).astype(np.float32)


class Layer:
  """The blocks of one layer, on x of [T, D]."""

  def __init__(self, config, weights, prefix):
    self.config, self.weights, self.prefix = config, weights, prefix

  def __getitem__(self, name):
    return self.weights[self.prefix + name]

  def norm(self, x, name):
    return rms_norm(x, self[name + ".weight"], self.config["rms_norm_eps"])

  def linear(self, x, name, bias=True):
    y = x @ self[name + ".weight"].T
    return y + self[name + ".bias"] if bias else y

  def mlp(self, x):
    gate = gelu(self.linear(x, "mlp_block.gate_proj"))  # [T, F]
    return self.linear(gate * self.linear(x, "mlp_block.up_proj"), "mlp_block.down_proj")

  def recurrent(self, x):
    y = gelu(self.linear(x, "temporal_block.linear_y"))  # [T, E]
    u = self.linear(x, "temporal_block.linear_x")  # [T, E]
    h = self.rg_lru(self.conv(u))
    return self.linear(h * y, "temporal_block.linear_out")

  def conv(self, u):
    w = self["temporal_block.conv_1d.weight"]  # [E, 1, 4], the last tap is the current token
    taps = w.shape[2]
    padded = np.concatenate([np.zeros((taps - 1, u.shape[1])), u])
    y = sum(padded[j:j + len(u)] * w[:, 0, j] for j in range(taps))
    return y + self["temporal_block.conv_1d.bias"]

  def rg_lru(self, c):
    input_gate = sigmoid(self.block_diagonal(c, "temporal_block.rg_lru.input_gate"))
    recurrent_gate = sigmoid(self.block_diagonal(c, "temporal_block.rg_lru.recurrent_gate"))
    log_a = -8 * recurrent_gate * np.logaddexp(0, self["temporal_block.rg_lru.recurrent_param"])  # [T, E]
    multiplier = np.sqrt(1 - np.exp(2 * log_a))
    multiplier[0] = 1  # The first token of a document enters unscaled.
    h = np.zeros(c.shape[1])
    rows = []
    for a_t, x_t in zip(np.exp(log_a), c * input_gate * multiplier):
      h = a_t * h + x_t
      rows.append(h)
    return np.stack(rows)

  def block_diagonal(self, c, name):
    w = self[name + "_weight"]  # [N, B, B], in before out
    blocks = c.reshape(len(c), w.shape[0], w.shape[1])
    return (np.einsum("tni,nij->tnj", blocks, w) + self[name + "_bias"]).reshape(c.shape)

  def attention(self, x):
    count, width = self.config["num_attention_heads"], self.config["head_dim"]
    q = self.linear(x, "temporal_block.q_proj", bias=False).reshape(len(x), count, width)
    k = self.linear(x, "temporal_block.k_proj", bias=False).reshape(len(x), 1, width)
    v = self.linear(x, "temporal_block.v_proj", bias=False)  # [T, H], shared by all heads
    q, k = self.rope(q), self.rope(k)
    scores = np.einsum("tnh,sh->nts", q, k[:, 0]) * width**-0.5
    distance = np.arange(len(x))[:, None] - np.arange(len(x))  # query - key
    visible = (distance >= 0) & (distance <= self.config["attention_window_size"])  # itself and `window` before it
    scores = np.where(visible, scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    heads = np.einsum("nts,sh->tnh", weights, v)
    return self.linear(heads.reshape(len(x), -1), "temporal_block.o_proj")

  def rope(self, x):
    """Rotates the first part of each head, pairing d with d + half. x: [T, n, H]."""
    rope = self.config.get("rope_parameters", self.config)
    rotated = int(x.shape[2] * rope["partial_rotary_factor"])
    half = rotated // 2
    angle = np.arange(len(x))[:, None] * rope["rope_theta"] ** (-np.arange(half) / half)  # [T, half]
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    first, second, rest = x[..., :half], x[..., half:rotated], x[..., rotated:]
    return np.concatenate([first * cos - second * sin, second * cos + first * sin, rest], axis=-1)


def rms_norm(x, w, epsilon):
  return x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + epsilon) * (1 + w)


def gelu(x):
  return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def sigmoid(x):
  return 1 / (1 + np.exp(-x))


def load_tensors(folder: pathlib.Path) -> dict[str, np.ndarray]:
  """Every tensor of every shard as float64. Reads the format itself: eight bytes of length, JSON, data."""
  dtypes = {"F32": np.dtype("<f4"), "BF16": np.dtype(ml_dtypes.bfloat16)}
  tensors = {}
  for file in sorted(folder.glob("*.safetensors")):
    data = file.read_bytes()
    header_end = 8 + int.from_bytes(data[:8], "little")
    for name, entry in json.loads(data[8:header_end]).items():
      if name != "__metadata__":
        start, end = entry["data_offsets"]
        values = np.frombuffer(data[header_end + start:header_end + end], dtypes[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"]).astype(np.float64)
  return tensors
