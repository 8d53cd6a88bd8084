"""Smoothing keeps the function, and rounding that knows the inputs is nearer than rounding to nearest:
python -m training.tests.test_rows8"""

import copy

import torch

from training.model import gemma3, griffin, quantize, rows8
from training.model.recurrent import RecurrentConfig

CONFIG = gemma3.Config(vocab=60, width=64, heads=2, head_dim=32, mlp_width=128, epsilon=1e-6, embedding_scale=8.0, layers=(
    gemma3.LayerConfig(7, 10_000.0), RecurrentConfig(64, 4), gemma3.LayerConfig(15, 10_000.0, sink=True)))


def main():
  torch.manual_seed(0)
  model = griffin.Griffin(CONFIG).requires_grad_(False)
  for name, parameter in model.named_parameters():
    parameter.copy_(torch.randn_like(parameter) * 0.3 + name.endswith("norm.weight"))
  model.layers[2].channel_pre_norm.weight[5] = 40  # A channel like Gemma's largest.
  texts = torch.randint(0, CONFIG.vocab, (6, 80)).tolist()
  before = hidden_of(model, texts)

  smoothed = copy.deepcopy(model)
  moments, maxima = rows8.observe(smoothed, texts)
  rows8.smooth(smoothed, moments, maxima, first_layer=2)
  assert (hidden_of(smoothed, texts) - before).abs().max() < 1e-4 * before.abs().max()
  old = dict(model.named_parameters())
  changed = {name.split(".")[1] for name, parameter in smoothed.named_parameters() if not torch.equal(parameter, old[name])}
  assert changed == {"2"}, changed
  again, largest = rows8.observe(smoothed, texts)
  spread = lambda x: (x.max() / x.median()).item()
  gate = "layers.2.mlp_block.gate_proj"
  assert spread(largest[gate]) < spread(maxima[gate]) / 4, "the large channel is still large"
  for name, moment in again.items():  # What smoothing says of the inputs is what they are now.
    assert torch.allclose(moment, moments[name], rtol=1e-3, atol=1e-3 * moment.abs().max().item()), name

  ready = rows8.made_ready(copy.deepcopy(model), texts, first_layer=2)
  assert {name.rsplit(".", 1)[1] for name in ready} == {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj"}
  assert all(name.startswith("layers.2.") for name in ready)
  linears = dict(smoothed.named_modules())
  for name, (quantized, scale) in ready.items():
    weight = linears[name].weight
    error = lambda rounded: torch.einsum("oi,ij,oj->", rounded - weight, moments[name], rounded - weight)
    knowing, nearest = error(quantize.from_rows8(quantized, scale)), error(quantize.from_rows8(*quantize.to_rows8(weight)))
    assert quantized.abs().max() <= 127 and knowing < nearest, (name, knowing, nearest)
    again = quantize.to_rows8(quantize.from_rows8(quantized, scale))
    assert all(map(torch.equal, again, (quantized, scale))), f"{name} is other bytes when it is read and rounded again"
  print("smoothing keeps the function, and rounding knows the inputs")


def hidden_of(model, texts):
  return torch.cat([model.hidden(torch.tensor(text))[0] for text in texts])


if __name__ == "__main__":
  main()
