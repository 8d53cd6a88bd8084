"""What training must improve, on the bfloat16 forward of training with the rounded weights: quick, for comparisons.

    python training/measure.py text  FORM... [--every N]   bits a byte of test/tasks/text-2k.jsonl
    python training/measure.py span  FORM... [--every N]   exact matches of test/tasks/span.jsonl: with a gap, without the
                                                           suffix, and left to right
    python training/measure.py state FORM... [--every N]   a dev file's bits a byte with its package's other files far
                                                           behind it, and without them

FORM is a model folder or a run's checkpoint.pt. What is shipped is measured with `griffin eval`.

A span is exact when every token of it is the best one given those before, and then the end: <eos>, or a line's end when
there is no gap token. That is what greedy decoding gives, at the price of one forward. A token that spans the cursor
competes only with tokens that begin with the text before the cursor, as the engine's token healing has it.
"""

import argparse
import collections
import json
import math
import pathlib

import tokenizers
import torch

import folder
import gemma3
import griffin
import train
from documents import BOS, EOS, FILE, FIM_PREFIX, FIM_SUFFIX, Corpus, shown_path
from kernels import HeadLoss

TASKS = train.TRAINING.parent / "test" / "tasks"
LANGUAGES = ("python", "javascript", "typescript", "go", "rust", "java", "c", "cpp")


def main():
  arguments = argparse.ArgumentParser()
  arguments.add_argument("what", choices=("text", "span", "state"))
  arguments.add_argument("forms", nargs="+")
  arguments.add_argument("--every", type=int, default=1, help="takes each Nth task")
  options = arguments.parse_args()
  torch.set_num_threads(1)
  torch.cpu._init_amx()
  tokenizer = tokenizers.Tokenizer.from_file(str(train.SHIPPED / "tokenizer.json"))
  for form in options.forms:
    print(form, {"text": text, "span": span, "state": state}[options.what](load(form), tokenizer, options.every), flush=True)


def load(form) -> griffin.Griffin:
  if form.endswith(".pt"):
    checkpoint = torch.load(form, weights_only=False)
    model = griffin.Griffin(checkpoint["config"])
    model.load_state_dict(checkpoint["model"])
  else:
    model = folder.read(pathlib.Path(form), activations=False)
    if isinstance(model, gemma3.Gemma3):
      weights, model = model.state_dict(), griffin.Griffin(model.config)
      model.load_state_dict(weights)
  train.Shadows(model).refresh()
  return model.requires_grad_(False)


# --- bits a byte -----------------------------------------------------------------------------------------------------


def text(model, tokenizer, every):
  bits, size = collections.Counter(), collections.Counter()
  for task in tasks("text-2k", every):
    for name in (task["id"].split("-")[0], "all"):
      bits[name] += total_bits(model, [BOS, *encode(tokenizer, task["expected"])])
      size[name] += len(task["expected"].encode())
  return {name: round(bits[name] / size[name], 4) for name in bits}


@torch.no_grad()
def total_bits(model, ids, start=1, segment=2048):
  """−log2 p of ids[start:]."""
  ids = torch.tensor(ids)
  past, total = None, 0.0
  for inputs, targets, at in zip(ids[:-1].split(segment), ids[1:].split(segment), range(1, len(ids), segment)):
    hidden, past = model.hidden(inputs, past)
    wanted = torch.arange(at, at + len(inputs)) >= start
    if wanted.any():
      _, losses = HeadLoss.apply(hidden[wanted], model.embed_tokens.shadow, targets[wanted], torch.ones(int(wanted.sum())))
      total += losses.sum().item()
  return total / math.log(2)


# --- spans -----------------------------------------------------------------------------------------------------------


def span(model, tokenizer, every):
  pieces = [tokenizer.decode([i]) for i in range(tokenizer.get_vocab_size())]
  exact, count = collections.defaultdict(collections.Counter), collections.Counter()
  for task in tasks("span", every):
    kind = task["id"].split("-")[1]
    header = [BOS, FILE, *encode(tokenizer, "/".join(task["path"].split("/")[1:]) + "\n")]
    suffix = task["suffix"]
    for name, given in (("gap", [*header, FIM_SUFFIX, *encode(tokenizer, suffix), FIM_PREFIX]),
                        ("no suffix", [*header, FIM_SUFFIX, FIM_PREFIX]), ("left to right", [BOS])):
      found = is_exact(model, tokenizer, pieces, given, task["prefix"], task["expected"], name == "left to right")
      exact[name].update({kind: found, "all": found})
    count.update((kind, "all"))
  return {name: {kind: f"{hits[kind]}/{count[kind]}" for kind in count} for name, hits in exact.items()}


@torch.no_grad()
def is_exact(model, tokenizer, pieces, given, prefix, expected, ends_with_line):
  encoding = tokenizer.encode(prefix + expected + ("\n" if ends_with_line else ""), add_special_tokens=False)
  ids, offsets = encoding.ids, encoding.offsets
  if not ends_with_line:
    ids, offsets = [*ids, EOS], [*offsets, (len(prefix + expected), len(prefix + expected) + 1)]
  first = next(i for i, (_, end) in enumerate(offsets) if end > len(prefix))
  hidden, _ = model.hidden(torch.tensor([*given, *ids])[:-1])
  logits = model.logits(hidden[len(given) + first - 1:]).float()
  best = logits.argmax(-1)
  start = offsets[first][0]
  if start < len(prefix):
    healed = prefix[start:]
    allowed = torch.tensor([piece.startswith(healed) for piece in pieces])
    best[0] = logits[0].masked_fill(~allowed, -math.inf).argmax()
  wanted = torch.tensor(ids[first:])
  if ends_with_line:  # Any token that begins with the line's end will do.
    return bool((best[:-1] == wanted[:-1]).all()) and pieces[best[-1]].startswith("\n")
  return bool((best == wanted).all())


# --- the state -------------------------------------------------------------------------------------------------------


def state(model, tokenizer, every, samples=4, behind=6000, between=2300, size=700):
  """Between the package and the file lies text of another package, longer than every window; it is the same for both."""
  corpus, result = Corpus(tokenizer, "dev"), {}
  for language in LANGUAGES[::every]:
    packages = [files for files in corpus.packages[language] if len(files) > 3]
    if len(packages) < 2:
      continue
    bits = collections.Counter()
    for i in range(samples):
      files, others = packages[i % len(packages)], packages[(i + 1) % len(packages)]
      target = files[(i * 7 + 3) % len(files)]
      whole = lambda file: corpus.whole(file, file["text"])[0]
      repository = [token for file in files if file is not target for token in whole(file)][:behind]
      filler = [token for file in others for token in whole(file)][:between]
      part = whole(target)[:size]
      for name, before in (("with", [BOS, *repository, *filler]), ("without", [BOS, *filler])):
        bits[name] += total_bits(model, [*before, *part], start=len(before) + 1)
    result[language] = round(bits["with"] / bits["without"], 4)
  result["mean"] = round(sum(result.values()) / len(result), 4)
  return result


def tasks(name, every):
  return [json.loads(line) for line in (TASKS / f"{name}.jsonl").read_text().splitlines()][::every]


def encode(tokenizer, text):
  return tokenizer.encode(text, add_special_tokens=False).ids


if __name__ == "__main__":
  main()
