"""The two 8-bit forms of a linear, as models/README.md stores them, and their way back to floats."""

import torch


def to_rows8(weight: torch.Tensor):
  """W8A8: int8 [in, out] and one scale for each output, float32 [out]."""
  scale = weight.abs().amax(1).clamp_min(1e-30) / 127
  return torch.round(weight / scale[:, None]).to(torch.int8).T.contiguous(), scale


def from_rows8(quantized: torch.Tensor, scale: torch.Tensor):
  return quantized.T.float() * scale[:, None]


def to_blocks8(weight: torch.Tensor, block: int):
  """MatMulNBits: uint8 [out, in/block, block] around 128, and one scale for each block, float32 [out, in/block]."""
  groups = weight.unflatten(1, (-1, block))
  scales = groups.abs().amax(2).clamp_min(1e-30) / 127
  return (torch.round(groups / scales[..., None]) + 128).to(torch.uint8), scales


def from_blocks8(quantized: torch.Tensor, scales: torch.Tensor):
  return ((quantized.float() - 128) * scales[..., None]).flatten(1)
