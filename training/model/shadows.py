"""What training multiplies with instead of the weights themselves: copies in a faster type, or rounded as they are shipped."""

import torch

from training.model import quantize
from training.model.layers import Linear
from training.model.native import ELEMENT

BLOCK = 128  # Inputs that share a scale in what is not rounded by rows.


class Shadows:
  """Copies of the linears' weights in native.ELEMENT; with a `block`, rounded to 8 bits as they are shipped: by rows where
  a linear's inputs are, else in blocks.

  Products use the copy; its gradient goes to the float32 weight as if there were no rounding (straight through).
  """

  def __init__(self, model, block=None):
    self.block = block
    self.linears = [module for module in model.modules() if isinstance(module, Linear)]
    for linear in self.linears:
      linear.shadow = self.rounded(linear).share_memory_().requires_grad_(linear.weight.requires_grad)

  @torch.no_grad()
  def refresh(self, block=None, rank=0, size=1):
    """From the weights as they are now; of `size` processes, number `rank` does its share of them, always the same."""
    is_other, self.block = block != self.block, block
    for linear in self.linears[rank::size]:
      if linear.weight.requires_grad or is_other:
        linear.shadow.copy_(self.rounded(linear))

  @torch.no_grad()
  def rounded(self, linear):
    if self.block is None:
      return linear.weight.detach().to(ELEMENT, copy=True)  # A parameter itself would be registered as a second one.
    if linear.activation_block == 0:
      return quantize.from_rows8(*quantize.to_rows8(linear.weight)).to(ELEMENT)
    return quantize.from_blocks8(*quantize.to_blocks8(linear.weight, self.block)).to(ELEMENT)

  def collect(self):
    """Gives the gradients of the copies to the weights."""
    for linear in self.linears:
      if linear.shadow.grad is not None:
        linear.weight.grad, linear.shadow.grad = linear.shadow.grad.float(), None
