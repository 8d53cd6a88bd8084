"""Bits a byte of the float32 donor on the same tasks as `griffin eval`, for the comparison with what we ship.

    python training/donor_eval.py TASKS.jsonl... [--compare EVAL.json] [--json FILE]

EVAL.json is what `griffin eval TASKS.jsonl... --json` printed; with it each row also shows our model and the ratio.
Both sides sum −log2 p over the tokens of `expected`, given <bos> and the tokens of `prefix`, and divide by the UTF-8
bytes of `expected`: tokens differ between the two, bytes do not.
"""

import argparse
import collections
import json
import pathlib

import torch

import evaluate


def main():
  arguments = argparse.ArgumentParser()
  arguments.add_argument("tasks", nargs="+")
  arguments.add_argument("--compare")
  arguments.add_argument("--json")
  options = arguments.parse_args()
  torch.set_num_threads(2)
  donor = evaluate.load("donor")
  lines = [line for file in options.tasks for line in pathlib.Path(file).read_text().splitlines() if line]
  tasks = [task for task in map(json.loads, lines) if task["kind"] == "text"]
  bits = {task["id"]: expected_bits(*donor, task) for task in tasks}
  if options.json:
    pathlib.Path(options.json).write_text(json.dumps(bits, indent=2) + "\n")
  ours = None
  if options.compare:
    ours = {result["id"]: result["bits"] for result in json.loads(pathlib.Path(options.compare).read_text())["results"]
            if result["kind"] == "text"}
  print_table(tasks, bits, ours)


def expected_bits(model, tokenizer, bos, task):
  given = [bos, *evaluate.encode(tokenizer, task["prefix"])]
  tokens = [*given, *evaluate.encode(tokenizer, task["expected"])]
  return evaluate.token_bits(model, tokens)[len(given) - 1:].sum().item()


def print_table(tasks, donor, ours):
  groups = collections.defaultdict(list)
  for task in tasks:
    groups[task["id"].split("-")[0]].append(task)
  groups["all"] = tasks
  print("bits a byte     donor" + ("     ours  ours / donor" if ours else ""))
  for name, members in groups.items():
    size = sum(len(task["expected"].encode()) for task in members)
    per_byte = lambda bits: sum(bits[task["id"]] for task in members) / size
    row = f"{name:12} {per_byte(donor):8.4f}"
    print(row + (f" {per_byte(ours):8.4f}  {per_byte(ours) / per_byte(donor):12.3f}" if ours else ""))


if __name__ == "__main__":
  main()
