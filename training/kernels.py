"""Autograd around kernels.c: the recurrence, a softmax over a window, the loss over a large vocabulary, and the small
operations that cost as much as the products when torch does them one by one.

ELEMENT is what the products compute with: bfloat16 where the processor multiplies it faster than float32 (AMX; on two cores
of a Xeon 2.8 TFLOPS), else float32 (on two AVX2 cores 120 GFLOPS, where bfloat16 gives 16).
"""

import ctypes
import hashlib
import os
import subprocess

import torch
from torch.autograd import Function

from scratch import SCRATCH, TRAINING


ELEMENT = torch.bfloat16 if torch.cpu._init_amx() else torch.float32


def scan(a, b, h0):
  """h[t] = a[t]·h[t−1] + b[t], float32 [T, W] from h0 [W]."""
  return Scan.apply(a.contiguous(), b.contiguous(), h0.contiguous())


class Scan(Function):

  @staticmethod
  def forward(ctx, a, b, h0):
    h = torch.empty_like(b)
    library().scan(*pointers(a, b, h0, h), *sizes(*a.shape))
    ctx.save_for_backward(a, h0, h)
    return h

  @staticmethod
  def backward(ctx, dh):
    a, h0, h = ctx.saved_tensors
    da, db = torch.empty_like(a), torch.empty_like(a)
    dh = dh.contiguous()
    library().scan_backward(*pointers(a, h0, h, dh, da, db), *sizes(*a.shape))
    return da, db, None


class WindowSoftmax(Function):
  """Scores [blocks, queries · heads, columns] → probabilities; see window_softmax in kernels.c."""

  @staticmethod
  def forward(ctx, scores, low, high, extra, heads):
    assert scores.dtype == ELEMENT and scores.is_contiguous() and scores.shape[-1] <= 8192
    ctx.mark_dirty(scores)
    columns = scores.shape[-1]
    library().window_softmax(*pointers(scores, low, high, extra), *sizes(scores.numel() // columns, columns, heads))
    ctx.save_for_backward(scores)
    return scores

  @staticmethod
  def backward(ctx, dp):
    p, = ctx.saved_tensors
    dp = dp.clone(memory_format=torch.contiguous_format)
    library().softmax_backward(*pointers(p, dp), *sizes(p.numel() // p.shape[-1], p.shape[-1]))
    return dp, None, None, None, None


class HeadLoss(Function):
  """The weighted sum of −log p(target), and each row's own; the logits never exist all at once."""

  @staticmethod
  def forward(ctx, hidden, embedding, targets, weights, rows=512):
    losses = torch.empty(len(targets))
    dh, de = torch.empty_like(hidden), torch.zeros_like(embedding) if ctx.needs_input_grad[1] else None
    for i in range(0, len(targets), rows):
      part = slice(i, i + rows)
      logits = hidden[part] @ embedding.T
      library().cross_entropy(*pointers(logits, targets[part], weights[part], losses[part]), *sizes(*logits.shape))
      dh[part] = logits @ embedding
      if de is not None:
        de.addmm_(logits.T, hidden[part])
    ctx.save_for_backward(dh, de)
    ctx.mark_non_differentiable(losses)
    return losses @ weights, losses

  @staticmethod
  def backward(ctx, scale, _):
    dh, de = ctx.saved_tensors  # `scale` is 1: nothing follows the loss.
    return dh, de, None, None, None


class NormRope(Function):
  """RMS norm of float or ELEMENT rows [T, N, H] or [T, D] times `scale`, rotated by cos, sin [T, H / 2] if given; ELEMENT out."""

  @staticmethod
  def forward(ctx, x, weight, cos, sin, epsilon, scale=1.0):
    x = x.contiguous()
    heads = x.shape[1] if x.dim() == 3 else 1
    y = torch.empty_like(x, dtype=ELEMENT)
    numbers = sizes(x.numel() // x.shape[-1], x.shape[-1], heads, x.dtype == torch.float32)
    library().norm_rope(*pointers(x, weight, cos, sin, y), *numbers, *floats(epsilon, scale))
    ctx.save_for_backward(x, weight, cos, sin)
    ctx.numbers = epsilon, scale
    return y

  @staticmethod
  def backward(ctx, dy):
    x, weight, cos, sin = ctx.saved_tensors
    dx, dweight, dy = torch.empty_like(x), torch.zeros_like(weight), dy.contiguous()
    heads = x.shape[1] if x.dim() == 3 else 1
    numbers = sizes(x.numel() // x.shape[-1], x.shape[-1], heads, x.dtype == torch.float32, 0)
    library().norm_backward(*pointers(x, weight, cos, sin, dy, dx, dweight), *numbers, *floats(*ctx.numbers))
    return dx, dweight, None, None, None, None


class AddNorm(Function):
  """residual + RMS norm of x; float."""

  @staticmethod
  def forward(ctx, residual, x, weight, epsilon):
    x, y = x.contiguous(), torch.empty_like(residual)
    library().add_norm(*pointers(residual, x, weight, y), *sizes(*x.shape), *floats(epsilon))
    ctx.save_for_backward(x, weight)
    ctx.epsilon = epsilon
    return y

  @staticmethod
  def backward(ctx, dy):
    x, weight = ctx.saved_tensors
    dx, dweight, dy = torch.empty_like(x), torch.zeros_like(weight), dy.contiguous()
    library().norm_backward(*pointers(x, weight, None, None, dy, dx, dweight), *sizes(*x.shape, 1, 0, 1),
                            *floats(ctx.epsilon, 1.0))
    return dy, dx, dweight, None


class GatedGelu(Function):
  """gelu(gate) · up."""

  @staticmethod
  def forward(ctx, gate, up):
    y = torch.empty_like(gate)
    library().gated_gelu(*pointers(gate, up, y), *sizes(y.numel()))
    ctx.save_for_backward(gate, up)
    return y

  @staticmethod
  def backward(ctx, dy):
    gate, up = ctx.saved_tensors
    dgate, dup, dy = torch.empty_like(gate), torch.empty_like(up), dy.contiguous()
    library().gated_gelu_backward(*pointers(gate, up, dy, dgate, dup), *sizes(dy.numel()))
    return dgate, dup


def pointers(*tensors):
  return [ctypes.c_void_p(None if t is None else t.data_ptr()) for t in tensors]


def sizes(*numbers):
  return [ctypes.c_int64(n) for n in numbers]


def floats(*numbers):
  return [ctypes.c_float(n) for n in numbers]


def library(loaded=[]):
  if not loaded:
    source = TRAINING / "kernels.c"
    built = SCRATCH / "kernels" / f"{hashlib.sha256(source.read_bytes()).hexdigest()[:16]}-{str(ELEMENT)[6:]}.so"
    if not built.exists():
      built.parent.mkdir(parents=True, exist_ok=True)
      form = ["-DFLOAT_ELEMENTS"] if ELEMENT == torch.float32 else []
      subprocess.run(["gcc", "-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-fopenmp", "-shared",
                      "-fPIC", *form, source, "-o", built, "-lm"], check=True, env={**os.environ, "LD_PRELOAD": ""})
    loaded.append(ctypes.CDLL(str(built)))
  return loaded[0]
