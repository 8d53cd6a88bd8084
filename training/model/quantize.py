"""The two 8-bit forms of a linear, as models/README.md stores them, and their way back to floats."""

import torch


def to_rows8(weight: torch.Tensor):
  """W8A8: int8 [in, out] and one scale for each output, float32 [out]."""
  scale = scale_of(weight.abs().amax(1))
  return torch.round(weight / scale[:, None]).to(torch.int8).T.contiguous(), scale


def from_rows8(quantized: torch.Tensor, scale: torch.Tensor):
  return quantized.T.float() * scale[:, None]


def to_blocks8(weight: torch.Tensor, block: int):
  """MatMulNBits: uint8 [out, in/block, block] around 128, and one scale for each block, float32 [out, in/block]."""
  groups = weight.unflatten(1, (-1, block))
  scales = scale_of(groups.abs().amax(2))
  return (torch.round(groups / scales[..., None]) + 128).to(torch.uint8), scales


def from_blocks8(quantized: torch.Tensor, scales: torch.Tensor):
  return ((quantized.float() - 128) * scales[..., None]).flatten(1)


def scale_of(largest: torch.Tensor):
  """What maps max |w| to 127: of the floats next to the quotient the one whose product is that, so that weights that were
  rounded before are rounded to the same bytes again."""
  scale = largest.clamp_min(1e-30) / 127
  for neighbour in (torch.nextafter(scale, torch.zeros(())), torch.nextafter(scale, torch.full((), torch.inf))):
    scale = torch.where((scale * 127 != largest) & (neighbour * 127 == largest), neighbour, scale)
  return scale
