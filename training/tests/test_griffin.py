"""The trainable model against the plain ones: python -m training.tests.test_griffin (seconds)."""

import torch

from training.data.tokens import BOS
from training.model import gemma3, griffin, kernels, quantize
from training.model.hybrid import with_recurrence
from training.model.layers import Linear, round_activations
from training.model.native import ELEMENT
from training.model.recurrent import RecurrentConfig
from training.model.shadows import Shadows

TOLERANCE = 1e-4 if ELEMENT == torch.float32 else 0.05  # What is in bfloat16 is tested in float32 as well (test_griffin_float32.py).
LAYERS = (gemma3.LayerConfig(300, 1e4), gemma3.LayerConfig(500, 1e6, sink=True))
CONFIG = gemma3.Config(vocab=300, width=32, heads=2, head_dim=16, mlp_width=48, epsilon=1e-6, embedding_scale=5.0,
                       layers=LAYERS)


def main():
  torch.manual_seed(1)
  donor = gemma3.Gemma3(CONFIG).requires_grad_(False)
  for name, parameter in donor.named_parameters():
    parameter.normal_(1.0 if "norm" in name else 0.0, 0.2)
  tokens = torch.randint(4, 300, (1500,))
  tokens[0] = BOS
  expected = donor(tokens[None])[0]
  hybrid = with_recurrence(donor, before=(1,), layer=RecurrentConfig(32, 4)).requires_grad_(False)
  close("untouched at the start", run(hybrid, tokens), expected)

  hybrid.layers[1].temporal_block.linear_out.weight.normal_(0, 0.3)
  whole = run(hybrid, tokens)
  assert (whole - expected).abs().max() > 0.1
  close("segments", run(hybrid, tokens, 512, 700, 288), whole)
  tokens[600] = BOS  # A second document, which must know nothing of the first.
  close("documents", run(hybrid, tokens, 512, 988)[600:], run(hybrid, tokens[600:]))

  a, b, h0 = torch.rand(50, 8), torch.randn(50, 8, requires_grad=True), torch.randn(8)
  a.requires_grad_(True)
  rows = [h0]
  for t in range(50):
    rows.append(a[t] * rows[-1] + b[t])
  gradients = torch.autograd.grad(torch.stack(rows[1:]).square().sum(), (a, b))
  for got, want in zip(torch.autograd.grad(kernels.scan(a, b, h0).square().sum(), (a, b)), gradients):
    close("scan", got, want)

  Shadows(hybrid, 16)
  close("fast", run(hybrid, tokens).float(), run(plain_twin(hybrid), tokens))
  gradients_agree(hybrid, tokens)
  unrounded_shadows(tokens)
  frozen_shadows()

  gate = torch.linspace(-100, 100, 2001).to(ELEMENT).requires_grad_(True)
  up = torch.ones_like(gate)
  got = kernels.GatedGelu.apply(gate, up)
  want = torch.nn.functional.gelu(gate.float(), approximate="tanh")
  close("gelu", got.float(), want)
  close("gelu gradient", *(torch.autograd.grad(y.float().sum(), gate, retain_graph=True)[0].float() for y in (got, want)))

  x = torch.randn(7, 48).to(ELEMENT).requires_grad_(True)
  for block in (0, 16):
    close("rounded", kernels.Rounded.apply(x, block).float(), round_activations(x.float(), block).to(x.dtype).float())
  close("rounded, its gradient", torch.autograd.grad(kernels.Rounded.apply(x, 0).float().sum(), x)[0].float(), torch.ones(7, 48))
  weight = torch.randn(300, 48)
  for to, back, more in ((quantize.to_rows8, quantize.from_rows8, ()), (quantize.to_blocks8, quantize.from_blocks8, (16,))):
    first = to(weight, *more)
    assert all(map(torch.equal, first, to(back(*first), *more))), "what is rounded stays as it is"

  h, e = torch.randn(9, 16), torch.randn(300, 16) * 0.3
  h, e = (x.to(ELEMENT).requires_grad_() for x in (h, e))
  targets, weights = torch.randint(300, (9,)), torch.rand(9)
  loss, _ = kernels.HeadLoss.apply(h, e, targets, weights, 4)
  plain = (torch.nn.functional.cross_entropy(h.float() @ e.float().T, targets, reduction="none") * weights).sum()
  close("loss", loss, plain)
  for got, want in zip(torch.autograd.grad(loss, (h, e)), torch.autograd.grad(plain, (h, e))):
    close("loss gradient", got.float(), want.float())


def plain_twin(model):
  """With the same rounded weights, in float32 and plain torch."""
  twin = griffin.Griffin(model.config)
  twin.load_state_dict(model.state_dict())
  for a, b in zip(model.modules(), twin.modules()):
    if isinstance(a, Linear):
      b.weight.data = a.shadow.detach().float()
  return twin


def gradients_agree(model, tokens):
  twin, targets = plain_twin(model), tokens.roll(-1)
  model.requires_grad_(True)
  shadows = Shadows(model, 16)
  kernels.HeadLoss.apply(model.hidden(tokens)[0], model.embed_tokens.shadow, targets, torch.ones(len(tokens)))[0].backward()
  shadows.collect()
  torch.nn.functional.cross_entropy(run(twin, tokens), targets, reduction="sum").backward()
  for (name, a), b in zip(model.named_parameters(), twin.parameters()):
    close(f"gradient of {name}", a.grad, b.grad)
  model.requires_grad_(False)


def unrounded_shadows(tokens):
  """They are copies and no parameters, also where the element is float32."""
  model = griffin.Griffin(CONFIG)
  names = model.state_dict().keys()
  shadows = Shadows(model)
  assert model.state_dict().keys() == names
  kernels.HeadLoss.apply(model.hidden(tokens)[0], model.embed_tokens.shadow, tokens.roll(-1), torch.ones(len(tokens)))[0].backward()
  shadows.collect()
  without = [name for name, parameter in model.named_parameters() if parameter.grad is None]
  assert not without, f"no gradient of {without}"


def frozen_shadows():
  """What is not trained is rounded with the rest, once that begins."""
  model = griffin.Griffin(CONFIG).requires_grad_(False)
  linear = model.layers[0].mlp_block.down_proj
  linear.weight.normal_(0, 0.2)
  shadows = Shadows(model)
  shadows.refresh(16)
  assert torch.equal(linear.shadow, quantize.from_blocks8(*quantize.to_blocks8(linear.weight, 16)).to(ELEMENT))


def run(model, tokens, *sizes):
  past, rows = None, []
  for part in tokens.split(sizes or [len(tokens)]):
    hidden, past = model.hidden(part, past)
    rows.append(model.logits(hidden))
  return torch.cat(rows)


def close(name, got, want):
  """The largest difference over the largest number."""
  difference = ((got - want).abs().max() / want.abs().max()).item()
  print(f"{name}: {difference:.1e}")
  assert difference < TOLERANCE, name  # Also refuses NaN.


if __name__ == "__main__":
  main()
