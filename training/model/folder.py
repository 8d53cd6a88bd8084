"""Model folders (models/README.md): written for the engine, and read back into torch as the engine will compute them.

`forms` says how each linear is stored: "rows8" (W8A8), what rows8.py has made of it (W8A8, too), an integer (8-bit blocks of
that many inputs) or "float32".
"""

import dataclasses
import hashlib
import json
import math
import pathlib
import shutil

import torch

from training.model import gemma3, griffin, quantize
from training.model.layers import Linear, RmsNorm
from training.model.recurrent import GATE_POWER, Conv, RecurrentConfig, RgLru
from training.model.shards import read_shard, write_shards


def write(folder: pathlib.Path, model: gemma3.Gemma3, forms: dict, info: dict, files: dict[str, bytes]):
  """`info` is the part of model.json that the weights do not tell; `files` go in as they are. Replaces `folder`, but
  for what its model.json did not list: the model card."""
  work = folder.with_name(folder.name + ".new")
  shutil.rmtree(work, ignore_errors=True)
  work.mkdir(parents=True)
  for name, data in files.items():
    (work / name).write_bytes(data)
  write_shards(work, stored_tensors(model, forms))
  listed = {file.name: {"bytes": file.stat().st_size, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
            for file in sorted(work.iterdir())}
  description = {**info, "architecture": describe(model.config), "files": listed}
  (work / "model.json").write_text(json.dumps(description, indent=2) + "\n")
  old = folder.with_name(folder.name + ".old")
  if folder.exists():
    model_json = folder / "model.json"
    replaced = json.loads(model_json.read_text())["files"] if model_json.exists() else {}
    for file in folder.iterdir():
      if file.name not in {*replaced, "model.json"} and not (work / file.name).exists():
        shutil.copy(file, work)
    folder.rename(old)
  work.rename(folder)
  shutil.rmtree(old, ignore_errors=True)


def read(folder: pathlib.Path, widest: float = math.inf) -> gemma3.Gemma3 | griffin.Griffin:
  """The model with the stored, rounded weights, which rounds each linear's inputs as its kernel does. Windows wider than `widest` are cut
  to it."""
  description = json.loads((folder / "model.json").read_text())
  tensors = {}
  for name in description["files"]:
    if name.endswith(".safetensors"):
      tensors.update(read_shard(folder / name))
  with torch.device("meta"):
    config = configuration(description["architecture"], widest)
    hybrid = any(isinstance(layer, RecurrentConfig) for layer in config.layers)
    model = (griffin.Griffin if hybrid else gemma3.Gemma3)(config)
  weights, blocks = {}, {}
  for key, tensor in tensors.items():
    name = key.removeprefix("model.")
    if name.endswith("log_a"):
      weights[name.replace("log_a", "recurrent_param")] = torch.log(torch.expm1(-tensor.double() / GATE_POWER)).float()
      continue
    if not name.endswith(".weight"):
      if not name.endswith((".scale", ".scales")):
        weights[name] = tensor
      continue
    name = name.removesuffix(".weight")
    weights[name + ".weight"], blocks[name] = tensor, None
    if tensor.dtype == torch.int8:
      weights[name + ".weight"], blocks[name] = quantize.from_rows8(tensor, tensors[companion(key, "scale")]), 0
    elif tensor.dtype == torch.uint8:
      weights[name + ".weight"] = quantize.from_blocks8(tensor, tensors[companion(key, "scales")])
      blocks[name] = tensor.shape[2]
  model.load_state_dict(weights, assign=True)
  for name, module in model.named_modules():
    if isinstance(module, Linear):
      module.activation_block = blocks[name]
  return model.requires_grad_(False)


def companion(key, suffix):
  """Where the scales of `….weight` are stored: beside it, as `….scale` or `….scales` (models/README.md)."""
  return f"{key.removesuffix('.weight')}.{suffix}"


def stored_tensors(model, forms):
  """Yields (name, tensor) as a folder holds them."""
  for name, module in model.named_modules():
    key = f"model.{name}.weight"
    form = forms[name] if isinstance(module, Linear) else "float32"
    if isinstance(module, RgLru):
      yield from rg_lru_tensors(f"model.{name}", module)
    if not isinstance(module, (Linear, RmsNorm, Conv)):
      continue
    if getattr(module, "bias", None) is not None:
      yield f"model.{name}.bias", module.bias
    if form == "float32":
      yield key, module.weight
    elif form == "rows8" or isinstance(form, tuple):
      quantized, scale = quantize.to_rows8(module.weight) if form == "rows8" else form
      yield key, quantized
      yield companion(key, "scale"), scale
    else:
      quantized, scales = quantize.to_blocks8(module.weight, form)
      yield key, quantized
      yield companion(key, "scales"), scales


def rg_lru_tensors(prefix, module):
  """Those of the recurrence: log a itself instead of the parameter that it is made from."""
  yield f"{prefix}.log_a", (-GATE_POWER * torch.nn.functional.softplus(module.recurrent_param.double())).float()
  for gate in ("input_gate", "recurrent_gate"):
    for part in ("weight", "bias"):
      yield f"{prefix}.{gate}_{part}", getattr(module, f"{gate}_{part}")


def describe(config: gemma3.Config) -> dict:
  """`architecture` in model.json (models/README.md)."""
  return {
      "hiddenSize": config.width, "vocabSize": config.vocab, "rmsNormEpsilon": config.epsilon,
      "embeddingScale": config.embedding_scale, "logitsSoftCap": None,
      "layers": [{
          "temporal": "recurrent", "lruWidth": layer.lru_width, "numGateBlocks": layer.gate_blocks,
          "convWidth": layer.conv_width, "postNorms": False, "mlpWidth": 0, "mlpBias": False,
      } if isinstance(layer, RecurrentConfig) else {
          "temporal": "attention", "numHeads": config.heads, "headDim": config.head_dim, "window": layer.window,
          "ropeBase": layer.rope_base, "ropeDims": config.head_dim, "queryScale": config.head_dim ** -0.5,
          "queryKeyNorm": True, "outputBias": False, "sink": "first-token" if layer.sink else "none",
          "postNorms": True, "mlpWidth": config.mlp_width, "mlpBias": False,
      } for layer in config.layers],
  }


def configuration(architecture: dict, widest: float = math.inf) -> gemma3.Config:
  """What `describe` describes. Windows wider than `widest` are cut to it."""
  first = next(layer for layer in architecture["layers"] if layer["temporal"] == "attention")
  config = gemma3.Config(
      vocab=architecture["vocabSize"], width=architecture["hiddenSize"], heads=first["numHeads"],
      head_dim=first["headDim"], mlp_width=first["mlpWidth"], epsilon=architecture["rmsNormEpsilon"],
      embedding_scale=architecture["embeddingScale"],
      layers=tuple(
          RecurrentConfig(layer["lruWidth"], layer["numGateBlocks"], layer["convWidth"])
          if layer["temporal"] == "recurrent" else
          gemma3.LayerConfig(layer["window"], layer["ropeBase"], layer["sink"] == "first-token")
          for layer in architecture["layers"]))
  assert describe(config) == architecture, "model.json describes a model that training does not know"
  return narrowed(config, widest)


def narrowed(config, widest):
  return dataclasses.replace(config, layers=tuple(
      dataclasses.replace(layer, window=min(layer.window, widest)) if isinstance(layer, gemma3.LayerConfig) else layer
      for layer in config.layers))
