"""Golden logits: what the engine must compute, from the plain torch forward.

    python training/golden.py [OUT_DIR]    writes tiny-gemma, tiny-griffin and an int8 twin of each into test/fixtures

They are random models with every option of the bundled one: query/key norms, norms after the blocks, local windows, a window
with the first token as its sink, recurrent layers. Their folders also hold tokens.json (position 0 is <bos>) and logits.f32,
float32 little-endian rows [tokens, vocabulary], as `griffin logits --out` writes them.
"""

import json
import pathlib
import sys

import torch

import folder
import gemma3
import griffin
from scratch import FIXTURES


def main():
  out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else FIXTURES
  write_tiny(out / "tiny-gemma", "float32")
  write_tiny(out / "tiny-gemma-int8", "rows8")
  write_hybrid(out / "tiny-griffin", "float32")
  write_hybrid(out / "tiny-griffin-int8", "rows8")


def write_tiny(path, form):
  torch.manual_seed(270)
  layers = (gemma3.LayerConfig(7, 10_000.0), gemma3.LayerConfig(9, 10_000.0), gemma3.LayerConfig(16, 1e6, sink=True))
  config = tiny_config(layers)
  model = gemma3.Gemma3(config).requires_grad_(False)
  for key, parameter in model.named_parameters():
    if "norm" in key:
      parameter.normal_(1.0, 0.2)
    else:
      parameter.normal_(0.0, parameter.shape[1] ** -0.5)
  forms = forms_of(model, form)
  tokens = tiny_tokens(config)
  write_fixture(path, model, forms, tokens)  # Once to round the weights,
  logits = folder.read(path)(tokens[None])[0]
  write_fixture(path, model, forms, tokens, logits)  # and once more with what they give.

  # The vectors must notice a window off by one, and a sink that was forgotten or put where none belongs.
  for i in range(len(layers)):
    for change in ({"window": layers[i].window + 1}, {"sink": not layers[i].sink}):
      other = folder.read(path)
      other.layers[i].temporal_block.layer = gemma3.dataclasses.replace(layers[i], **change)
      moved = (other(tokens[None])[0] - logits).abs().max().item()
      assert moved > 0.02, f"layer {i} with {change} would go unnoticed: {moved}"
  print(f"{path.name}: {sum(file.stat().st_size for file in path.iterdir())} bytes, logits' deviation {logits.std():.2f}")


def write_hybrid(path, form):
  """The shape that training makes: recurrent layers without an MLP between attention layers."""
  torch.manual_seed(271)
  layers = (gemma3.LayerConfig(7, 10_000.0), griffin.RecurrentConfig(32, 4), gemma3.LayerConfig(16, 1e6, sink=True))
  config = tiny_config(layers)
  model = griffin.Griffin(config).requires_grad_(False)
  for key, parameter in model.named_parameters():
    if "norm" in key:
      parameter.normal_(1.0, 0.2)
    elif "recurrent_param" in key:
      parameter.uniform_(-6.5, -2.3)
    else:
      parameter.normal_(0.0, 0.5 if parameter.dim() != 2 else parameter.shape[1] ** -0.5)
  forms = forms_of(model, form)
  tokens = tiny_tokens(config)
  exact = model.logits(model.hidden(tokens)[0])
  write_fixture(path, model, forms, tokens)  # As above.
  model = folder.read(path)
  logits = model.logits(model.hidden(tokens)[0])
  assert form != "float32" or (logits - exact).abs().max() < 1e-4
  write_fixture(path, model, forms, tokens, logits)
  other = tokens.clone()
  other[1] = 4 + (tokens[1] - 3) % (config.vocab - 4)  # Far beyond both windows: what is left comes through the state.
  moved = (model.logits(model.hidden(other)[0]) - logits)[-1].abs().max().item()
  assert moved > 1e-3, f"the state forgets too fast: {moved}"
  print(f"{path.name}: logits' deviation {logits.std():.2f}, the second token moves the last logits by {moved:.3f}")


def forms_of(model, form):
  """How each linear is stored; the embedding's rows in blocks where the others are integers, as in the bundled model."""
  forms = {key: form for key, module in model.named_modules() if isinstance(module, gemma3.Linear)}
  return forms if form == "float32" else {**forms, "embed_tokens": 16}


def tiny_config(layers):
  return gemma3.Config(vocab=288, width=32, heads=2, head_dim=8, mlp_width=48, epsilon=1e-6, embedding_scale=5.65625,
                       layers=layers)


def tiny_tokens(config):
  tokens = torch.randint(4, config.vocab, (3 * 16 + 5,))
  tokens[0] = 2
  return tokens


def write_fixture(path, model, forms, tokens, logits=None):
  """The model folder `path` with golden vectors in it: tokens, and the logits [tokens, V] that they give."""
  info = {"formatVersion": 1, "name": path.name, "displayName": "Random weights for tests", "license": "Apache-2.0",
          "tokens": {"bos": 2, "eos": 1, "stop": [1]},
          "trained": {"fillInTheMiddle": False, "instructions": False, "contextTokens": 64}}
  files = {"tokenizer.json": json.dumps(byte_tokenizer(model.config.vocab)).encode(),
           "tokens.json": (json.dumps(tokens.tolist()) + "\n").encode()}
  if logits is not None:
    files["logits.f32"] = logits.numpy().astype("<f4").tobytes()
  folder.write(path, model, forms, info, files)


def byte_tokenizer(vocab):
  """Any text, a byte a token: ids 4 to 259; the rest of the vocabulary is never made from text."""
  names = ["<pad>", "<eos>", "<bos>", "<unk>", *(f"<0x{byte:02X}>" for byte in range(256))]
  names += [f"<reserved_{i}>" for i in range(vocab - len(names))]
  return {
      "version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
      "pre_tokenizer": None, "post_processor": None,
      "decoder": {"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Fuse"}]},
      "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
                "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": True, "ignore_merges": False,
                "vocab": {name: i for i, name in enumerate(names)}, "merges": []},
  }


if __name__ == "__main__":
  main()
