"""The donor's file: Gemma 3 270M in GGUF, whose tensors and options become those of gemma3.py."""

import gguf
import torch

from training.model.gemma3 import Config, Gemma3, LayerConfig

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
  """What the file states of the architecture; ends where that is not what gemma3.py computes."""
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
