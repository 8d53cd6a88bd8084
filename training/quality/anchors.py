"""The anchors on the tasks of `griffin eval`: the donor (Gemma 3 270M, float32, full attention) and SmolLM2-135M.

    python -m training.quality.anchors measure donor|smollm2 TASKS.jsonl... --results FILE [--every N]
    python -m training.quality.anchors compare OURS ANCHOR...

`measure` writes one line for each task, as `griffin eval --results FILE` does, and goes on where it was stopped. A file has the
results of one model, and those of tasks that have changed since are measured again.
Both write text left to right: bits a byte of text tasks, and whether spans are written exactly (exact.py has the rule).
`compare` takes such files, or what `griffin eval --json` printed, and shows the tasks that all of them have. The first
is ours. Results of `griffin eval --no-suffix` are of the same tasks; give them as one more file.

Bits a byte: −log2 p summed over the tokens of `expected`, given the document's first token and the tokens of `prefix`,
over the UTF-8 bytes of `expected`. Tokens differ between models, bytes do not.
"""

import collections
import hashlib
import json
import math
import os
import pathlib
import sys

import torch
import torch.nn.functional as F

from training import command
from training.data.donor_vocabulary import DonorVocabulary
from training.model.donor import load_donor
from training.quality import smollm2
from training.quality.exact import Writer
from training.scratch import donor_path

SINGLE_LINE = ("rest", "word", "line")  # As in src/cli/eval/summary.ts.
SHAPES = {"multi": "several lines", "block": "blocks"}


def main():
  arguments = command.parser(__doc__)
  commands = arguments.add_subparsers(dest="command", required=True)
  one = commands.add_parser("measure")
  one.add_argument("model", choices=ANCHORS)
  one.add_argument("tasks", nargs="+")
  one.add_argument("--results", required=True, type=pathlib.Path)
  one.add_argument("--every", type=int, default=1, help="takes each Nth task of a file")
  two = commands.add_parser("compare")
  two.add_argument("files", nargs="+", type=pathlib.Path)
  options = arguments.parse_args()
  torch.set_num_threads(os.cpu_count())
  if options.command == "measure":
    measure(options)
  else:
    print(table(options.files))


# --- measuring -------------------------------------------------------------------------------------------------------


def donor_anchor():
  """(model, tokenizer, the ids before a document, those that end a text)."""
  donor = DonorVocabulary.read(donor_path())
  ends = [donor.ids[name] for name in ("<eos>", "<end_of_turn>")]
  return load_donor(donor_path()), donor.tokenizer(), [donor.ids["<bos>"]], ends


def smollm2_anchor():
  """The same as of the donor."""
  file = smollm2.path()
  tokenizer = smollm2.tokenizer(file)
  ends = [tokenizer.token_to_id(name) for name in ("<|endoftext|>", "<|im_end|>")]
  return smollm2.load(file), tokenizer, ends[:1], ends  # Documents of its training were divided by <|endoftext|>.


ANCHORS = {"donor": donor_anchor, "smollm2": smollm2_anchor}


def measure(options):
  tasks = [json.loads(line) for file in options.tasks
           for line in lines_of(pathlib.Path(file).read_text())[::options.every]]
  known = begun(options.results, options.model)
  model, tokenizer, begin, stop = ANCHORS[options.model]()
  writer = Writer(lambda ids, first: last_logits(model, ids, first), tokenizer, stop)
  with open(options.results, "a") as out:
    for task in tasks:
      if (task["id"], digest(task)) not in known:
        facts = {"task": digest(task), "setting": options.model}
        out.write(json.dumps(result_of(model, writer, begin, task) | facts) + "\n")
        out.flush()


def lines_of(text):
  """Those with something in them. A line of JSON may hold what `splitlines` takes for a line's end, such as U+2028."""
  return [line for line in text.split("\n") if line]


def begun(file, model):
  """(id, digest) of the tasks that were measured, without a line that was cut short. Ends the program where the file is of another model."""
  if not file.exists():
    return set()
  text = file.read_bytes()
  whole = text[:text.rfind(b"\n") + 1]
  results = [json.loads(line) for line in whole.splitlines()]
  others = {result.get("setting", "another command") for result in results} - {model}
  if others:
    sys.exit(f"{file} has results of {', '.join(sorted(others))}, and this run is of {model}. Name another file.")
  if len(whole) < len(text):
    file.write_bytes(whole)
  return {(result["id"], result["task"]) for result in results}


def digest(task):
  """To know a task again that has changed since it was measured."""
  return hashlib.sha256(json.dumps(task, sort_keys=True).encode()).hexdigest()[:16]


def result_of(model, writer, begin, task):
  facts = {"id": task["id"], "kind": task["kind"]}
  if task["kind"] == "span":
    return facts | {"exact": writer.is_exact(begin, task["prefix"], task["expected"])}
  given = [*begin, *writer.encode(task["prefix"])]
  bits = token_bits(model, [*given, *writer.encode(task["expected"])])[len(given) - 1:].sum().item()
  return facts | {"bits": bits, "bytes": len(task["expected"].encode())}


@torch.inference_mode()
def token_bits(model, tokens: list[int], rows: int = 256) -> torch.Tensor:
  """−log2 of the probability of each token but the first."""
  tokens = torch.tensor(tokens)
  hidden = model.hidden(tokens[None])[0]
  pairs = zip(hidden[:-1].split(rows), tokens[1:].split(rows))
  return torch.cat([F.cross_entropy(model.logits(h), t, reduction="none") for h, t in pairs]) / math.log(2)


@torch.inference_mode()
def last_logits(model, ids, first):
  """As exact.Writer wants them."""
  return model.logits(model.hidden(torch.tensor([ids]))[0, first - 1:])


# --- comparing -------------------------------------------------------------------------------------------------------


def read(file):
  """Results as lines, or as one object that holds them."""
  text = file.read_text()
  lines = [json.loads(line) for line in lines_of(text[:text.rfind("\n") + 1])]
  return lines[0]["results"] if len(lines) == 1 and "results" in lines[0] else lines


def table(files):
  """The first file's results beside those of the others, as text."""
  names = [file.stem for file in files]
  results = [{result["id"].removesuffix("-no-suffix"): result for result in read(file)} for file in files]
  ids = [id for id in results[0] if all(id in other for other in results)]
  groups = collections.defaultdict(list)
  for id in ids:
    language, kind, *size = id.split("-")
    if results[0][id]["kind"] == "text":
      for name in (language, "all"):
        groups[f"bits a byte, {kind} {size[0]}" if len(size) > 1 else f"bits a byte, {kind}", name].append(id)
    else:
      shape = "single lines" if kind in SINGLE_LINE else SHAPES.get(kind, kind)
      for name in ([language, "all"] if kind in SINGLE_LINE else ["all"]):
        groups[f"exact, {shape}", name].append(id)
  lines, last = [], None
  for (title, group), members in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] == "all")):
    if title != last:
      lines.append(f"\n{title:30} tasks" + "".join(f"{name:>16}" for name in names)
                   + "".join(f"{'ours / ' + name:>18}" for name in names[1:]))
      last = title
    values = [value([one[id] for id in members]) for one in results]
    show = (lambda v: f"{v:16.4f}") if title.startswith("bits") else (lambda v: f"{v:16.0f}")
    ratios = "".join(f"{values[0] / other:18.3f}" if other else f"{'':18}" for other in values[1:])
    lines.append(f"{group:30} {len(members):5}" + "".join(map(show, values)) + ratios)
  return "\n".join(lines).lstrip("\n")


def value(results):
  """Bits a byte over all bytes, or how many are exact."""
  if results[0]["kind"] == "span":
    return sum(result["exact"] for result in results)
  return sum(result["bits"] for result in results) / sum(result["bytes"] for result in results)


if __name__ == "__main__":
  main()
