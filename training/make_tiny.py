"""Writes the tiny random RecurrentGemma checkpoints of test/fixtures/tiny, each with golden logits.

    python training/make_tiny.py [OUT_DIR]

The oracle is DeepMind's own torch implementation (PyPI `recurrentgemma`), run whole at float32. Not transformers:
its window is one token shorter and it has had wrong prefills. Every checkpoint is laid out as Hugging Face lays out
RecurrentGemma's, because that is what users have and what `griffin convert` reads.

A folder holds config.json, model*.safetensors, tokens.json (ids, position 0 is <bos>) and logits.f32, the float32
little-endian rows [tokens, vocabulary] that `griffin logits --out` writes too.

Needs: torch, safetensors, numpy, einops, jaxtyping, sentencepiece, typeguard, absl-py, and recurrentgemma==1.0.1
installed with --no-deps (the torch part needs no jax).
"""

import dataclasses
import importlib.util
import json
import math
import pathlib
import sys

import torch
from safetensors.torch import save_file

import reference


def import_recurrentgemma():
  """Imports the package's torch part alone: its root imports jax, so the root is registered without being run."""
  spec = importlib.util.find_spec("recurrentgemma")
  sys.modules["recurrentgemma"] = importlib.util.module_from_spec(spec)
  from recurrentgemma import common
  from recurrentgemma.torch import griffin
  return common, griffin


common, griffin = import_recurrentgemma()


@dataclasses.dataclass(frozen=True)
class Tiny:
  """One model: its shape, and which of the spellings found in the wild its files use."""

  name: str
  width: int
  heads: int  # Also the number of gate blocks.
  mlp_width: int
  layers: int
  window: int
  vocab: int
  lru_width: int | None = None  # None writes `null`, which means `width`.
  scale_embeddings: bool | None = True  # None leaves the key out, which means true.
  block_types_key: str = "_block_types"
  rope_parameters: bool = False
  dtype: torch.dtype = torch.float32
  shards: int = 1

  @property
  def head_dim(self):
    return self.width // self.heads


MODELS = [
    # sqrt(48) and sqrt(40) are not bfloat16 numbers, so a wrong embedding scale shows.
    Tiny("window8", width=48, heads=3, mlp_width=48, layers=3, window=8, vocab=257, lru_width=48),
    Tiny("sharded", width=32, heads=2, mlp_width=48, layers=4, window=16, vocab=97, lru_width=32,
         scale_embeddings=None, block_types_key="block_types", shards=3),
    Tiny("bfloat16", width=64, heads=4, mlp_width=48, layers=5, window=31, vocab=101, dtype=torch.bfloat16),
    Tiny("one-head", width=40, heads=1, mlp_width=48, layers=3, window=64, vocab=61, lru_width=40,
         rope_parameters=True, block_types_key="block_types"),
    Tiny("two-attentions", width=32, heads=1, mlp_width=32, layers=6, window=8, vocab=64, lru_width=32,
         scale_embeddings=False),
    # The bundled model's recurrent layers are wider than its residual stream, so one fixture is too.
    Tiny("wide-recurrence", width=32, heads=2, mlp_width=48, layers=4, window=16, vocab=61, lru_width=48),
]


def main():
  root = pathlib.Path(__file__).parent.parent
  out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / "test" / "fixtures" / "tiny"
  print("model               bytes   std   max | difference: stepwise  numpy twin | moved by: window + 1  first token")
  for index, tiny in enumerate(MODELS):
    write(tiny, seed=1000 + index, folder=out / tiny.name)


def write(tiny: Tiny, seed: int, folder: pathlib.Path):
  torch.manual_seed(seed)
  model = build(tiny, tiny.window)
  randomize(model)
  if tiny.dtype == torch.bfloat16:
    model.bfloat16().float()  # The golden logits are those of the rounded weights, computed at float32.
  tokens = torch.randint(3, tiny.vocab, (3 * tiny.window + 17,))
  tokens[0] = 2  # <bos>
  logits = run(model, tokens)

  folder.mkdir(parents=True, exist_ok=True)
  for old in folder.iterdir():
    old.unlink()
  save_checkpoint(tiny, hf_tensors(model), folder)
  (folder / "tokens.json").write_text(json.dumps(tokens.tolist()) + "\n")
  (folder / "logits.f32").write_bytes(logits.numpy().astype("<f4").tobytes())

  # Three ways to the same numbers, and two signs that the vectors would notice a mistake.
  stepwise = run_stepwise(model, tokens)
  twin = torch.from_numpy(reference.forward(folder, tokens.numpy()))
  wider = build(tiny, tiny.window + 1)
  wider.load_state_dict(model.state_dict())
  other_start = tokens.clone()
  other_start[1] = 3 + (tokens[1] - 2) % (tiny.vocab - 3)
  difference = lambda other: (other - logits).abs().max().item()
  checks = {
      "stepwise": difference(stepwise), "twin": difference(twin),
      "window": difference(run(wider, tokens)),
      "start": (run(model, other_start) - logits)[-1].abs().max().item(),
  }
  size = sum(file.stat().st_size for file in folder.iterdir())
  print(f"{tiny.name:16} {size:8} {logits.std():5.2f} {logits.abs().max():5.1f} | "
        f"{checks['stepwise']:20.1e} {checks['twin']:11.1e} | {checks['window']:20.2f} {checks['start']:12.4f}")
  assert checks["stepwise"] < 1e-5 and checks["twin"] < 1e-5, "the reference disagrees with itself or its twin"
  assert checks["window"] > 0.05, "a window off by one would go unnoticed"
  assert checks["start"] > 1e-3, "the state forgets too fast to test the recurrence"


def build(tiny: Tiny, window: int):
  pattern = (common.TemporalBlockType.RECURRENT, common.TemporalBlockType.RECURRENT, common.TemporalBlockType.ATTENTION)
  config = common.GriffinConfig(
      vocab_size=tiny.vocab,
      width=tiny.width,
      mlp_expanded_width=tiny.mlp_width,
      num_heads=tiny.heads,
      block_types=tuple(pattern[i % 3] for i in range(tiny.layers)),
      embeddings_scale_by_sqrt_dim=tiny.scale_embeddings is not False,
      attention_window_size=window,
      logits_soft_cap=30.0,
      lru_width=tiny.lru_width,
  )
  return griffin.Griffin(config, gradient_checkpointing=False, dtype=torch.float32)


def randomize(model):
  """Replaces the training initialization, in which biases and norms are zero and the convolution is nearly so."""
  stream = 3.0 if model.embedder.scale_by_sqrt_dim else 3.0 / math.sqrt(model.config.width)  # Deviation of embeddings.
  with torch.no_grad():
    for name, parameter in model.named_parameters():
      if name.endswith("a_param"):
        parameter.uniform_(-6.5, -2.3)  # a = exp(-softplus)^(8 r): about 0.9 to 0.9985 before the gate and the power
      elif name.endswith("norm.scale"):
        parameter.normal_(0.0, 0.2)
      elif name.endswith(("bias", ".b")):
        parameter.normal_(0.0, 0.1)
      elif name.endswith("conv_1d.w"):
        parameter.normal_(0.0, 0.5)
      elif name.endswith("input_embedding"):
        parameter.normal_(0.0, 3.0 / math.sqrt(parameter.shape[1]))  # Logits large enough to feel the soft cap.
      elif name.endswith(("proj_q.weight", "proj_k.weight")):
        parameter.mul_(1.5)  # Sharper attention: single keys matter.
      elif name.endswith(("proj_final.weight", "linear_out.weight", "ffw_down.weight")):
        parameter.normal_(0.0, 0.4 * stream / math.sqrt(parameter.shape[1]))  # Blocks weigh as much as embeddings.


def run(model, tokens):
  with torch.no_grad():
    positions = torch.arange(len(tokens))
    logits, _ = model(tokens[None], positions[None], return_cache=False)
  return logits[0]


def run_stepwise(model, tokens):
  """The reference's sampling path: one token at a time through its caches."""
  cache = model.init_cache(batch_size=1, dtype=torch.float32)
  rows = []
  with torch.no_grad():
    for position, token in enumerate(tokens):
      logits, cache = model(token.reshape(1, 1), torch.tensor([[position]]), cache)
      rows.append(logits[0, 0])
  return torch.stack(rows)


def hf_tensors(model):
  """DeepMind's parameters under Hugging Face's names and in its layouts."""
  tensors = {}
  for name, value in model.state_dict().items():
    name = name.replace("embedder.input_embedding", "embed_tokens.weight").replace("blocks.", "layers.")
    name = name.replace("attention_block.", "temporal_block.").replace("recurrent_block.", "temporal_block.")
    name = name.replace("proj_final.", "o_proj.").replace("norm.scale", "norm.weight")
    for letter in "qkv":
      name = name.replace(f"proj_{letter}.", f"{letter}_proj.")
    name = name.replace("rg_lru.a_param", "rg_lru.recurrent_param")
    for ours, theirs in (("a_gate", "recurrent_gate"), ("input_gate", "input_gate")):
      name = name.replace(f"{ours}.w", f"{theirs}_weight").replace(f"{ours}.b", f"{theirs}_bias")
    name = name.replace("ffw_down.", "down_proj.")
    if name.endswith("conv_1d.w"):
      tensors[name + "eight"] = value[:, None, :].transpose(0, 2)  # [4, E] -> [E, 1, 4]
    elif name.endswith("conv_1d.b"):
      tensors[name + "ias"] = value
    elif name.endswith("ffw_up.w"):  # [2, D, F] -> two of [F, D]
      tensors[name.replace("ffw_up.w", "gate_proj.weight")] = value[0].T
      tensors[name.replace("ffw_up.w", "up_proj.weight")] = value[1].T
    elif name.endswith("ffw_up.b"):  # [2, 1, 1, F]
      tensors[name.replace("ffw_up.b", "gate_proj.bias")] = value[0, 0, 0]
      tensors[name.replace("ffw_up.b", "up_proj.bias")] = value[1, 0, 0]
    else:
      tensors[name] = value
  return {f"model.{name}": value.contiguous() for name, value in tensors.items()}


def save_checkpoint(tiny: Tiny, tensors, folder: pathlib.Path):
  (folder / "config.json").write_text(json.dumps(hf_config(tiny), indent=2) + "\n")
  tensors = {name: value.to(tiny.dtype) for name, value in tensors.items()}
  if tiny.shards == 1:
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    return
  names = sorted(tensors)
  weight_map = {}
  for shard in range(tiny.shards):
    file = f"model-{shard + 1:05}-of-{tiny.shards:05}.safetensors"
    part = names[shard * len(names) // tiny.shards:(shard + 1) * len(names) // tiny.shards]
    save_file({name: tensors[name] for name in part}, folder / file, metadata={"format": "pt"})
    weight_map |= {name: file for name in part}
  total = sum(value.numel() * value.element_size() for value in tensors.values())
  index = {"metadata": {"total_size": total}, "weight_map": weight_map}
  (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")


def hf_config(tiny: Tiny):
  """The keys of google/recurrentgemma-2b's config.json, with this model's values and spellings."""
  config = {
      "architectures": ["RecurrentGemmaForCausalLM"],
      "attention_bias": False,
      "attention_dropout": 0.0,
      "attention_window_size": tiny.window,
      tiny.block_types_key: ["recurrent", "recurrent", "attention"],
      "bos_token_id": 2,
      "conv1d_width": 4,
      "embeddings_scale_by_sqrt_dim": tiny.scale_embeddings,
      "eos_token_id": 1,
      "final_w_init_variance_scale": 2 / tiny.layers,
      "head_dim": tiny.head_dim,
      "hidden_activation": "gelu_pytorch_tanh",
      "hidden_size": tiny.width,
      "intermediate_size": 2 * tiny.mlp_width,  # Hugging Face counts gate and up together.
      "logits_soft_cap": 30.0,
      "lru_width": tiny.lru_width,
      "model_type": "recurrent_gemma",
      "num_attention_heads": tiny.heads,
      "num_hidden_layers": tiny.layers,
      "num_key_value_heads": 1,
      "pad_token_id": 0,
      "partial_rotary_factor": 0.5,
      "rms_norm_eps": 1e-06,
      "rope_theta": 10000.0,
      "torch_dtype": str(tiny.dtype).removeprefix("torch."),
      "transformers_version": "4.40.0.dev0",
      "use_cache": True,
      "vocab_size": tiny.vocab,
      "w_init_variance_scale": 0.01,
  }
  if tiny.scale_embeddings is None:
    del config["embeddings_scale_by_sqrt_dim"]
  if tiny.rope_parameters:
    config["rope_parameters"] = {
        "partial_rotary_factor": config.pop("partial_rotary_factor"),
        "rope_theta": config.pop("rope_theta"),
        "rope_type": "default",
    }
  return config


if __name__ == "__main__":
  main()
