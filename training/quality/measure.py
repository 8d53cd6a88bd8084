"""What training must improve, on the fast forward of training with the rounded weights: quick, for comparisons.

    python -m training.quality.measure text|gaps|span|state|answers FORM... [--every N]

text     bits a byte of the beginnings of dev files
gaps     of the rests of lines in dev files: bits each, and exactly right
span     exact matches of test/tasks/span.jsonl: with a gap, without the suffix, and left to right
state    a dev file's bits a byte with its package's other files far behind it, and without them
answers  questions about dev packages (instructions.py), answered word by word

FORM is a run's name, a checkpoint.pt, or a model folder, whose windows are cut to those of training. What is shipped is measured with
`griffin eval`. The inputs of linears are rounded as the folder has them; those of a run that began from the donor are not, which
makes it look about 1 % better than it will be.

exact.py says when a span is exact.
"""

import collections
import json
import math
import pathlib
import random

import torch

from training import command
from training.data import instructions, tokens
from training.data.documents import Corpus
from training.data.gaps import rest_of_line
from training.data.kinds import ANSWER, MIDDLE
from training.data.passages import LANGUAGES
from training.data.tokens import BOS, EOS, FILE, FIM_PREFIX, FIM_SUFFIX, encode
from training.model import folder, griffin
from training.model.kernels import HeadLoss
from training.model.shadows import BLOCK, Shadows
from training.quality import exact
from training.run.beginning import WINDOW
from training.run.checkpoint import model_of, read_checkpoint
from training.scratch import SCRATCH, TASKS


def main():
  arguments = command.parser(__doc__)
  arguments.add_argument("what", choices=MEASURES)
  arguments.add_argument("forms", nargs="+")
  arguments.add_argument("--every", type=int, default=1, help="takes each Nth task")
  options = arguments.parse_args()
  torch.set_num_threads(1)
  tokenizer = tokens.shipped()
  for form in options.forms:
    print(form, MEASURES[options.what](load(form), tokenizer, options.every), flush=True)


def load(form) -> griffin.Griffin:
  """A run, a checkpoint or a model folder, with its weights rounded as they would be shipped."""
  run = SCRATCH / "runs" / form / "checkpoint.pt"
  if run.exists() or form.endswith(".pt"):
    model = model_of(read_checkpoint(run if run.exists() else form))
  else:
    model = folder.read(pathlib.Path(form), widest=WINDOW)
  Shadows(model, BLOCK)
  return model.requires_grad_(False)


# --- bits a byte -----------------------------------------------------------------------------------------------------


def text(model, tokenizer, every, samples=6, characters=6000):
  """Of the beginnings of dev files, from as many packages as there are."""
  corpus = Corpus.read(tokenizer, "dev")
  bits, size = collections.Counter(), collections.Counter()
  for language in LANGUAGES:
    long = [[file["text"][:characters] for file in files if len(file["text"]) >= characters] for files in corpus.packages[language]]
    in_turns = [texts[i] for i in range(samples) for texts in long if i < len(texts)]
    for text in in_turns[:samples:every]:
      found = total_bits(model, [BOS, *encode(tokenizer, text)])
      for name in (language, "all"):
        bits[name] += found
        size[name] += len(text.encode())
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
      head = model.embed_tokens
      _, losses = HeadLoss.apply(head.fast_inputs(hidden[wanted]), head.shadow, targets[wanted], torch.ones(int(wanted.sum())))
      total += losses.sum().item()
  return total / math.log(2)


# --- gaps ------------------------------------------------------------------------------------------------------------


@torch.no_grad()
def gaps(model, tokenizer, every, count=800):
  """Of each language as many: the middles' bits, and those of which every token is the likeliest. A line break ends one, too."""
  corpus, ends = Corpus.read(tokenizer, "dev"), [EOS, *(i for i, text in enumerate(exact.spellings(tokenizer)) if text.startswith(b"\n"))]
  bits, right, size = collections.Counter(), collections.Counter(), collections.Counter()
  languages = [language for language in LANGUAGES if corpus.packages[language]]  # One after the other: every Nth task is of all.
  for i in range(0, count, every):
    rng, language = random.Random(i), languages[i * len(languages) // count]
    file = rng.choice(rng.choice(corpus.packages[language]))
    gap = rest_of_line(file["text"], rng)
    if gap[0] == gap[1]:
      continue
    ids, kinds = corpus.gap(file, gap, rng, 3000, whole_line=False)
    first = kinds.index(MIDDLE)
    ids = torch.tensor([BOS, *ids])
    hidden, _ = model.hidden(ids[:-1])
    logits, wanted = model.logits(hidden[first:]).float(), ids[first + 1:]
    losses = torch.nn.functional.cross_entropy(logits, wanted, reduction="sum").item() / math.log(2)
    chosen = logits.argmax(1)
    is_right = torch.equal(chosen[:-1], wanted[:-1]) and chosen[-1].item() in ends
    for name in (language, "all"):
      bits[name] += losses
      right[name] += is_right
      size[name] += 1
  return {name: f"{bits[name] / size[name]:.2f} bits, {right[name]}/{size[name]}" for name in bits}


# --- spans -----------------------------------------------------------------------------------------------------------


def span(model, tokenizer, every):
  """How many tasks of each kind are written exactly, in each of three forms of the prompt."""
  writer = exact.Writer(lambda ids, first: last_logits(model, ids, first), tokenizer, [EOS])
  hits, count = collections.defaultdict(collections.Counter), collections.Counter()
  for task in tasks("span", every):
    kind = task["id"].split("-")[1]
    is_line = "\n" not in task["expected"]
    header = [BOS, FILE, *encode(tokenizer, task["path"] + "\n")]
    gap = [*header, FIM_SUFFIX, *encode(tokenizer, task["suffix"]), FIM_PREFIX]
    for name, given, line_ends in (("gap", gap, is_line), ("no suffix", [*header, FIM_SUFFIX, FIM_PREFIX], is_line),
                                   ("left to right", [BOS], True)):
      found = int(writer.is_exact(given, task["prefix"], task["expected"], line_ends))
      hits[name].update({kind: found, "all": found})
    count.update((kind, "all"))
  return {name: {kind: f"{found[kind]}/{count[kind]}" for kind in count} for name, found in hits.items()}


@torch.no_grad()
def last_logits(model, ids, first):
  """As exact.Writer wants them."""
  hidden, _ = model.hidden(torch.tensor(ids))
  return model.logits(hidden[first - 1:]).float()


# --- the state -------------------------------------------------------------------------------------------------------


def state(model, tokenizer, every, samples=4, behind=6000, between=2300, size=700):
  """Between the package and the file lies text of another package, longer than every window; it is the same for both."""
  corpus, result = Corpus.read(tokenizer, "dev"), {}
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
  if result:  # A small corpus has no language with two packages.
    result["mean"] = round(sum(result.values()) / len(result), 4)
  return result


# --- questions about code ----------------------------------------------------------------------------------------------


@torch.no_grad()
def answers(model, tokenizer, every, count=240):
  """Greedy answers that are the expected ones word by word, and those that name its place; a kind a row."""
  corpus, hits = Corpus.read(tokenizer, "dev"), collections.defaultdict(list)
  languages = [language for language in LANGUAGES if corpus.packages[language]]  # One after the other: every Nth task is of all.
  for i in range(0, count, every):
    found = corpus.question(languages[i * len(languages) // count], random.Random(i))
    if not found:
      continue
    kind, sources, asked, answer = found
    ids, kinds = instructions.example(corpus.encode, sources, asked, answer)
    first = kinds.index(ANSWER)
    ids = torch.tensor([BOS, *ids])
    hidden, _ = model.hidden(ids[:-1])
    right = model.logits(hidden[first:]).argmax(1) == ids[first + 1:]
    hits[kind].append(right.all().item())
    ends = [answer.index(one.place) + len(one.place) for one in sources if one.place in answer]
    if kind == "explain" and ends:  # The rest may be said in other words.
      hits["explain, place"].append(right[:len(corpus.encode(answer[:max(ends)]))].all().item())
  return {kind: f"{sum(found)}/{len(found)}" for kind, found in sorted(hits.items())}


def tasks(name, every):
  with open(TASKS / f"{name}.jsonl") as lines:
    return [json.loads(line) for line in lines][::every]


MEASURES = {"text": text, "gaps": gaps, "span": span, "state": state, "answers": answers}


if __name__ == "__main__":
  main()
