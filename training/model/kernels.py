"""Autograd around kernels.c: the recurrence, attention within a window, the loss over a large vocabulary, and the small
operations that cost as much as the products when torch does them one by one.
"""

import numpy
import torch
from torch.autograd import Function

from training.model.native import ELEMENT, floats, library, pointers, sizes

WIDEST_ROW, MOST_KEYS = 1024, 8192  # The buffers in kernels.c: of a norm's row, and of the keys that a block of queries sees.


def product(a, b, out=None):
  """a @ b of matrices. numpy's OpenBLAS has 90 GFLOPS on one core of an EPYC where torch's MKL has 65."""
  if a.dtype != torch.float32:
    return torch.mm(a, b, out=out)
  out = torch.empty(a.shape[0], b.shape[1]) if out is None else out
  numpy.matmul(a.detach().numpy(), b.detach().numpy(), out=out.numpy())
  return out


class LinearProduct(Function):
  """x [T, in] times the rows of weight [out, in]."""

  @staticmethod
  def forward(ctx, x, weight):
    ctx.save_for_backward(x, weight)
    return product(x, weight.T)

  @staticmethod
  def backward(ctx, dy):
    x, weight = ctx.saved_tensors
    return product(dy, weight), product(dy.T, x) if ctx.needs_input_grad[1] else None


class Rounded(Function):
  """x [T, in] as the engine's 8-bit products take it, `block` elements to a scale (0: the row); the gradient knows nothing of it."""

  @staticmethod
  def forward(ctx, x, block):
    x, y = x.contiguous(), torch.empty_like(x)
    size = block or x.shape[-1]
    library().round8(*pointers(x, y), *sizes(x.numel() // size, size))
    return y

  @staticmethod
  def backward(ctx, dy):
    return dy, None


def scan(a, b, h0):
  """h[t] = a[t]·h[t−1] + b[t], float32 [T, W] from h0 [W]."""
  return Scan.apply(a.contiguous(), b.contiguous(), h0.contiguous())


class Scan(Function):
  """`scan` of contiguous tensors. h0 gets no gradient: it is what an earlier segment left."""

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


class WindowAttention(Function):
  """Causal attention within a window, block after block of queries, with one key/value head: [T, N, H].

  q [T, N, H], scaled; k and v [rows + T, H], `rows` of them earlier ones; int32 low, high [T]: the keys [low, high) that a
  query sees, counted from the first of the rows + block keys that its block looks at. `sink` is None, or (k [T, H], v [T, H],
  bool [T]): a key more for each query where the bool is set.
  """

  @staticmethod
  def forward(ctx, q, k, v, low, high, block, sink_k=None, sink_v=None, has_sink=None):
    T, N, H = q.shape
    y, parts, extra = torch.empty_like(q), [], None
    if sink_k is not None:
      extra = torch.einsum("tnh,th->tn", q.float(), sink_k.float()).masked_fill(~has_sink[:, None], -1e30).contiguous()
    for rows, keys in blocks_of(T, len(k), block):
      p = product(q[rows].reshape(-1, H), k[keys].T)
      assert p.shape[1] <= MOST_KEYS
      more = None if extra is None else extra[rows]
      library().window_softmax(*pointers(p, low[rows], high[rows], more), *sizes(*p.shape, N))
      product(p, v[keys], out=y[rows].view(-1, H))
      parts.append(p)
    if extra is not None:
      y += (extra[..., None] * sink_v[:, None].float()).to(y.dtype)
    ctx.save_for_backward(q, k, v, sink_k, sink_v, extra, *parts)
    ctx.block = block
    return y

  @staticmethod
  def backward(ctx, dy):
    q, k, v, sink_k, sink_v, extra, *parts = ctx.saved_tensors
    T, N, H = q.shape
    dy = dy.contiguous()
    dq, dk, dv = torch.empty_like(q), torch.zeros_like(k, dtype=torch.float32), torch.zeros_like(v, dtype=torch.float32)
    dextra = None if extra is None else torch.einsum("tnh,th->tn", dy.float(), sink_v.float()).contiguous()
    for p, (rows, keys) in zip(parts, blocks_of(T, len(k), ctx.block)):
      dy_rows = dy[rows].view(-1, H)
      ds = product(dy_rows, v[keys].T)
      more = (None, None) if extra is None else (extra[rows], dextra[rows])
      library().softmax_backward(*pointers(p, ds, *more), *sizes(*p.shape))
      product(ds, k[keys], out=dq[rows].view(-1, H))
      dk[keys] += product(ds.T, q[rows].reshape(-1, H))
      dv[keys] += product(p.T, dy_rows)
    if extra is None:
      return dq, dk.to(k.dtype), dv.to(v.dtype), *[None] * 6
    dq += (dextra[..., None] * sink_k[:, None].float()).to(dq.dtype)
    dsink_k = torch.einsum("tn,tnh->th", dextra, q.float()).to(k.dtype)
    dsink_v = torch.einsum("tn,tnh->th", extra, dy.float()).to(v.dtype)
    return dq, dk.to(k.dtype), dv.to(v.dtype), None, None, None, dsink_k, dsink_v, None


def blocks_of(tokens, keys, block):
  """Slices of the queries of each block, and of the keys that it looks at."""
  earlier = keys - tokens
  for start in range(0, tokens, block):
    end = min(tokens, start + block)
    yield slice(start, end), slice(start, earlier + end)


class HeadLoss(Function):
  """hidden [T, D], embedding [V, D], targets and weights [T] → the weighted sum of −log p(target), and each row's own [T].

  The logits never exist all at once: `rows` of them do.
  """

  @staticmethod
  def forward(ctx, hidden, embedding, targets, weights, rows=512):
    losses = torch.empty(len(targets))
    dh, de = torch.empty_like(hidden), torch.zeros_like(embedding) if ctx.needs_input_grad[1] else None
    for i in range(0, len(targets), rows):
      part = slice(i, i + rows)
      logits = product(hidden[part], embedding.T)
      library().cross_entropy(*pointers(logits, targets[part], weights[part], losses[part]), *sizes(*logits.shape))
      product(logits, embedding, out=dh[part])
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
    assert x.shape[-1] <= WIDEST_ROW
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
  """residual + RMS norm of x, both [T, D]; float out."""

  @staticmethod
  def forward(ctx, residual, x, weight, epsilon):
    x, y = x.contiguous(), torch.empty_like(residual)
    assert x.shape[-1] <= WIDEST_ROW
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
  """gelu(gate) · up, both [T, F]; the tanh form."""

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
