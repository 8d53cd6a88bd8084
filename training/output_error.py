"""What ways of rounding to 4 bits do to the outputs of a model's linears, on text that calibration has not seen.

    python training/output_error.py [MODEL_FOLDER] [--layers 0,8,17] [--files 10] [--tokens 400]

With E the error of a linear's weights W and H = Σ x xᵀ over its inputs, the outputs' error is tr(E H Eᵀ) / tr(W H Wᵀ).
That is cheap, and steadier than bits a byte of a whole model. Input columns are shuffled first: the donor comes from
4- and 5-bit blocks itself, which must not show. `tools/quantization` has bits a byte, with the engine's kernels.
"""

import argparse
import collections
import json
import pathlib

import tokenizers
import torch

import folder
import gemma3
from scratch import CORPUS, TRAINING

BUNDLED = TRAINING.parent / "models" / "griffin-code-small"
BOS = 2


def main():
  arguments = argparse.ArgumentParser()
  arguments.add_argument("folder", nargs="?", type=pathlib.Path, default=BUNDLED)
  arguments.add_argument("--layers", default="0,8,17")
  arguments.add_argument("--files", type=int, default=10)
  arguments.add_argument("--tokens", type=int, default=400)
  options = arguments.parse_args()
  model = folder.read(options.folder, activations=False)
  encode = tokenizers.Tokenizer.from_file(str(options.folder / "tokenizer.json")).encode
  files = [json.loads(line)["text"] for line in open(CORPUS / "dev.jsonl")]
  stride = len(files) // (2 * options.files)
  texts = [[BOS, *encode(text, add_special_tokens=False).ids[:options.tokens]] for text in files[::stride]]
  seen, unseen = moments(model, texts[::2]), moments(model, texts[1::2])
  names = [name for name in seen if name.startswith("layers.") and name.split(".")[1] in options.layers.split(",")]
  weights = dict(model.named_parameters())
  kinds = list(dict.fromkeys(name.split(".")[-1].removesuffix("_proj") for name in names))
  print("| rounding | weights | outputs |", " | ".join(kinds), "|\n|" + "---|" * (3 + len(kinds)))
  for label, rounding in ROUNDINGS.items():
    errors = [errors_of(weights[f"{name}.weight"], rounding, seen[name], unseen[name]) for name in names]
    of_kind = collections.defaultdict(list)
    for name, (_, output) in zip(names, errors):
      of_kind[name.split(".")[-1].removesuffix("_proj")].append(output)
    columns = [[weight for weight, _ in errors], [output for _, output in errors], *of_kind.values()]
    print(f"| {label} |", " | ".join(f"{100 * (sum(column) / len(column)) ** 0.5:.2f} %" for column in columns), "|", flush=True)


@torch.no_grad()
def moments(model, texts):  # name of each linear → Σ x xᵀ [inputs, inputs]
  sums = {}
  def watch(name):
    def add(_, inputs):
      x = inputs[0].flatten(0, -2)
      sums[name] = sums.get(name, 0) + x.T @ x
    return add
  hooks = [module.register_forward_pre_hook(watch(name)) for name, module in model.named_modules()
           if isinstance(module, gemma3.Linear) and name != "embed_tokens"]
  for tokens in texts:
    model.hidden(torch.tensor([tokens]))
  for hook in hooks:
    hook.remove()
  return sums


def errors_of(weight, rounding, seen, unseen):  # squared, over the squares
  order = torch.randperm(weight.shape[1], generator=torch.Generator().manual_seed(1))
  weight, seen, unseen = weight[:, order], seen[order][:, order], unseen[order][:, order]
  error = rounding(weight, seen) - weight
  share = lambda inputs: (((error @ inputs) * error).sum() / ((weight @ inputs) * weight).sum()).item()
  return (error.square().sum() / weight.square().sum()).item(), share(unseen)


# --- roundings: weight [outputs, inputs] and the calibration's Σ x xᵀ → rounded weight --------------------------------

def nearest(block):
  def rounding(weight, _):
    w = weight.unflatten(1, (-1, block))
    scale, zero = grid(w, 15)
    return (((w / scale + zero).round().clamp(0, 15) - zero) * scale).flatten(1)
  return rounding


def symmetric(block, bits=4):
  half = 2 ** (bits - 1)
  def rounding(weight, _):
    w = weight.unflatten(1, (-1, block))
    furthest = w.gather(2, w.abs().argmax(2, keepdim=True))
    scale = torch.where(furthest == 0, 1, furthest / -half)
    return ((w / scale).round().clamp(-half, half - 1) * scale).flatten(1)
  return rounding


def searched(block, importance=lambda weight, seen: torch.ones_like(weight)):
  """The converter's way (test/support/quantize.ts), which also can weigh errors."""
  def rounding(weight, seen):
    w, weighs = weight.unflatten(1, (-1, block)), importance(weight, seen).unflatten(1, (-1, block))
    best, result = torch.full_like(w[..., :1], -1), torch.zeros_like(w)
    for steps in (30, 32, 34):
      scale, zero = grid(w, steps / 2)
      zero = (zero - (steps - 30) / 4).round().clamp(0, 15)
      t = ((w / scale).round() + zero).clamp(0, 15) - zero
      product, square = ((weighs * part).sum(2, keepdim=True) for part in (w * t, t * t))
      gain = product ** 2 / square.clamp_min(1e-30)
      result = torch.where(gain > best, t * product / square.clamp_min(1e-30), result)
      best = torch.maximum(best, gain)
    return result.flatten(1)
  return rounding


def gptq(block):
  """Frantar et al. 2022: each column's error is made good by the columns that are still to be rounded."""
  def rounding(weight, seen):
    left, result = weight.clone(), torch.zeros_like(weight)
    damped = seen + 0.01 * seen.diagonal().mean() * torch.eye(len(seen))
    inverse = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(damped)), upper=True)
    for first in range(0, weight.shape[1], block):
      end = first + block
      scale, zero = (part[:, 0] for part in grid(left[:, first:end], 15))
      errors = torch.zeros(len(weight), block)
      for column in range(first, end):
        w = left[:, column]
        result[:, column] = ((w / scale).round().add(zero).clamp(0, 15) - zero) * scale
        errors[:, column - first] = (w - result[:, column]) / inverse[column, column]
        left[:, column + 1:end] -= errors[:, column - first, None] * inverse[column, column + 1:end]
      left[:, end:] -= errors @ inverse[first:end, end:]
    return result
  return rounding


def grid(w, steps):  # scale and zero point of each block [..., 1], its range cut into `steps`
  low, high = w.amin(-1, keepdim=True).clamp(max=0), w.amax(-1, keepdim=True).clamp(min=0)
  scale = (high - low).clamp_min(1e-20) / steps
  return scale, (-low / scale).round()


ROUNDINGS = {
    "8 bits, 32": symmetric(32, bits=8),
    "symmetric, 32": symmetric(32),
    **{f"nearest, {block}": nearest(block) for block in (16, 32, 64, 128)},
    **{f"searched, {block}": searched(block) for block in (16, 32, 64, 128)},
    "searched, 32, large weights count more": searched(32, lambda weight, _: weight.abs()),
    "searched, 32, by the inputs' squares": searched(32, lambda weight, seen: seen.diagonal().expand_as(weight)),
    "GPTQ, 32": gptq(32),
    "GPTQ, 128": gptq(128),
}

if __name__ == "__main__":
  with torch.no_grad():
    main()
