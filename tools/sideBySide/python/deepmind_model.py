"""DeepMind's own torch implementation, run as its sampler runs it: all of the prompt but its last token, then a token at a time."""

import importlib.util
import json
import sys

import safetensors.torch
import torch


class Model:

  def __init__(self, checkpoint, dtype):
    common, griffin = import_recurrentgemma()
    config = json.loads((checkpoint / "config.json").read_text())
    pattern = config.get("_block_types") or config["block_types"]
    self.model = griffin.Griffin(
        common.GriffinConfig(
            vocab_size=config["vocab_size"],
            width=config["hidden_size"],
            mlp_expanded_width=config["intermediate_size"] // 2,
            num_heads=config["num_attention_heads"],
            block_types=tuple(
                common.TemporalBlockType[pattern[i % len(pattern)].upper()] for i in range(config["num_hidden_layers"])
            ),
            embeddings_scale_by_sqrt_dim=config.get("embeddings_scale_by_sqrt_dim", True),
            attention_window_size=config["attention_window_size"],
            logits_soft_cap=config["logits_soft_cap"],
            lru_width=config["lru_width"],
        ),
        gradient_checkpointing=False,
        device="meta",
    )
    self.model.load_state_dict(deepmind_tensors(load_tensors(checkpoint, dtype)), assign=True)
    self.model.eval()

  def start(self, tokens):
    positions = torch.arange(len(tokens))
    self.cache, self.position = None, len(tokens)
    if len(tokens) > 1:
      _, self.cache = self.model(tokens[None, :-1], positions[None, :-1], return_logits=False)
    logits, self.cache = self.model(tokens[None, -1:], positions[None, -1:], self.cache)
    return logits[0, 0]

  def step(self, token):
    logits, self.cache = self.model(token.reshape(1, 1), torch.tensor([[self.position]]), self.cache)
    self.position += 1
    return logits[0, 0]


def import_recurrentgemma():
  """Imports the package's torch part alone: its root imports jax, so the root is registered without being run."""
  spec = importlib.util.find_spec("recurrentgemma")
  sys.modules["recurrentgemma"] = importlib.util.module_from_spec(spec)
  from recurrentgemma import common
  from recurrentgemma.torch import griffin
  return common, griffin


def load_tensors(checkpoint, dtype):
  tensors = {}
  for file in sorted(checkpoint.glob("*.safetensors")):
    for name, value in safetensors.torch.load_file(file).items():
      tensors[name.removeprefix("model.")] = value.to(dtype)
  return tensors


def deepmind_tensors(tensors):
  """Hugging Face's tensors under DeepMind's names and in its layouts. Takes each out of `tensors` when it is done."""
  named = {}
  for source in list(tensors):
    if source == "lm_head.weight" or "up_proj" in source:
      continue  # The head is the embedding. `up` goes with `gate`.
    value = tensors.pop(source)
    name = source
    for theirs, ours in RENAMED.items():
      name = name.replace(theirs, ours)
    name = name.replace("temporal_block.", "attention_block." if ".proj_" in name else "recurrent_block.")
    if "gate_proj" in source:
      up = tensors.pop(source.replace("gate_proj", "up_proj"))
      if value.dim() == 2:  # two of [F, D] -> [2, D, F]
        value = torch.stack([value.T, up.T])
      else:  # two of [F] -> [2, 1, 1, F]
        value = torch.stack([value, up])[:, None, None]
    elif source.endswith("conv_1d.weight"):  # [E, 1, 4] -> [4, E]
      value = value[:, 0].T.contiguous()
    named[name] = value
  return named


RENAMED = {
    "embed_tokens.weight": "embedder.input_embedding", "layers.": "blocks.", "norm.weight": "norm.scale",
    "q_proj.": "proj_q.", "k_proj.": "proj_k.", "v_proj.": "proj_v.", "o_proj.": "proj_final.",
    "recurrent_param": "a_param", "recurrent_gate_weight": "a_gate.w", "recurrent_gate_bias": "a_gate.b",
    "input_gate_weight": "input_gate.w", "input_gate_bias": "input_gate.b",
    "conv_1d.weight": "conv_1d.w", "conv_1d.bias": "conv_1d.b",
    "gate_proj.weight": "ffw_up.w", "gate_proj.bias": "ffw_up.b", "down_proj.": "ffw_down.",
}
