"""Linears made ready for W8A8, whose inputs have one scale a row: what export.py does to them, knowing text.

1. `smooth`: of an input's channels a few are far larger than the others. So each channel is divided by a factor, and the weights that
   meet it are multiplied by it: the same function (Xiao et al. 2022, SmoothQuant, arXiv 2211.10438, equation 4). The division costs nothing: it
   goes into the norm before, or into the rows of the linear before.
2. `rounded`: each column's error is made good by the columns that are still to be rounded (Frantar et al. 2022, GPTQ, arXiv 2210.17323).

The MLP's down_proj stays in blocks: its inputs vary so much from channel to channel and from token to token that rounding
them by rows costs more than all others together (LOG.md).
"""

import torch

from training.model import quantize
from training.model.layers import Linear

# How much of a channel's size goes into the weights: SmoothQuant's α.
STRENGTH = {"q_proj": 0.65, "gate_proj": 0.8, "o_proj": 0.8, "down_proj": 0.65}
DAMPING = 0.01  # Of the mean of the moments' diagonal, as in GPTQ.
COLUMNS = 128  # Rounded before the rest hears of their errors: GPTQ's block.


def made_ready(model, texts, first_layer, is_smooth=False):
  """Smooths the attention layers from `first_layer` on, unless they are, and rounds most of their linears.
  @returns by their names: int8 [in, out] and the outputs' scales, float32 [out]
  """
  moments, maxima = observe(model, texts)
  if not is_smooth:
    smooth(model, moments, maxima, first_layer)
  result = {}
  for i, block in smoothed_blocks(model, first_layer):
    for name, linear in block.named_modules(prefix=f"layers.{i}"):
      if isinstance(linear, Linear) and not name.endswith("down_proj"):
        scale = quantize.scale_of(linear.weight.abs().amax(1))
        result[name] = rounded(linear.weight, moments[name], scale).to(torch.int8).T.contiguous(), scale
  return result


def smoothed_blocks(model, first_layer):
  return [(i, block) for i, block in enumerate(model.layers) if i >= first_layer and hasattr(block, "mlp_block")]


@torch.no_grad()
def observe(model, texts):
  """By the name of each linear of the layers: Σ x xᵀ of its inputs [in, in], and max |x| of each channel [in]."""
  moments, maxima = {}, {}
  def watch(name):
    def add(_, inputs):
      x = inputs[0].flatten(0, -2)
      moments[name] = moments.get(name, 0) + x.T @ x
      maxima[name] = torch.maximum(maxima.get(name, torch.zeros(x.shape[1])), x.abs().amax(0))
    return add
  hooks = [module.register_forward_pre_hook(watch(name)) for name, module in model.named_modules()
           if isinstance(module, Linear) and name.startswith("layers.")]
  for tokens in texts:
    model.hidden(torch.tensor(tokens))
  for hook in hooks:
    hook.remove()
  return moments, maxima


@torch.no_grad()
def smooth(model, moments, maxima, first_layer=0):
  """Changes the model, which stays the same function, and `moments` with it."""
  for i, block in smoothed_blocks(model, first_layer):
    attention, mlp = block.temporal_block, block.mlp_block
    heads = attention.o_proj.weight.shape[1] // attention.v_proj.weight.shape[0]

    def factors(part, names, shared=1):
      """Of the channels of the input that these linears share [in / shared]; `shared` channels have the same one."""
      weights = [getattr(getattr(block, part), name).weight for name in names]
      names = [f"layers.{i}.{part}.{name}" for name in names]
      strength = STRENGTH[names[0].split(".")[-1]]
      largest = lambda rows: torch.stack(rows).amax(0).clamp_min(1e-5).view(shared, -1).amax(0)
      x, w = largest([maxima[names[0]]]), largest([weight.abs().amax(0) for weight in weights])
      s = x ** strength / w ** (1 - strength)
      s = s / s.log().mean().exp()
      for name, weight in zip(names, weights):
        weight.mul_(s.repeat(shared))
        moments[name] /= torch.outer(s, s).repeat(shared, shared)
      return s

    block.temporal_pre_norm.weight.div_(factors("temporal_block", ["q_proj", "k_proj", "v_proj"]))
    block.channel_pre_norm.weight.div_(factors("mlp_block", ["gate_proj", "up_proj"]))
    # What the linears below give is what those above get, channel by channel; all query heads share one value head.
    attention.v_proj.weight.div_(factors("temporal_block", ["o_proj"], heads)[:, None])
    mlp.up_proj.weight.div_(factors("mlp_block", ["down_proj"])[:, None])


@torch.no_grad()
def rounded(weight, moment, scale):
  """weight [out, in] to integers [out, in] of −127 to 127, `scale` [out] apart, for inputs with Σ x xᵀ = moment [in, in].

  A row's largest weight becomes ±127 whatever the errors before it: from it the same scale is found when the row is read.
  """
  order = moment.diagonal().argsort(descending=True)
  left, moment = weight[:, order], moment[order][:, order].double()
  moment += DAMPING * moment.diagonal().mean() * torch.eye(len(moment))
  upper = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(moment)), upper=True).float()
  result, largest = torch.zeros_like(weight), left.abs().argmax(1)
  ends = 127 * left.gather(1, largest[:, None])[:, 0].sign()
  for first in range(0, len(moment), COLUMNS):
    last = min(first + COLUMNS, len(moment))
    part, errors = left[:, first:last].clone(), torch.zeros(len(weight), last - first)
    for j in range(last - first):
      column = (part[:, j] / scale).round().clamp(-127, 127)
      result[:, first + j] = torch.where(largest == first + j, ends, column)
      errors[:, j] = (part[:, j] - result[:, first + j] * scale) / upper[first + j, first + j]
      part[:, j + 1:] -= errors[:, j, None] * upper[first + j, first + j + 1:last]
    left[:, last:] -= errors @ upper[first:last, last:]
  return result[:, order.argsort()]
