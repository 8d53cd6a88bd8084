"""Weights between what a run began from and what it came to.

    python -m training.pull_back RUN SHARE NEW_RUN [--from MODEL_FOLDER|CHECKPOINT.pt]

theta = start + SHARE · (trained - start), as WiSE-FT does (arXiv 2109.01903). A run with small batches and a high rate
wanders about the better weights; half of the way is closer to them than all of it (LOG.md). NEW_RUN goes on from there.
"""

import json
import pathlib
import shutil
import sys

import torch

from training import command
from training.model.layers import activation_blocks
from training.run.beginning import first_model
from training.run.checkpoint import digest, note, read_checkpoint
from training.scratch import SCRATCH


@torch.no_grad()
def main():
  arguments = command.parser(__doc__)
  arguments.add_argument("run")
  arguments.add_argument("share", type=float)
  arguments.add_argument("new")
  arguments.add_argument("--from", dest="start", type=pathlib.Path, help="as train.py had it, or the checkpoint that was copied")
  options = arguments.parse_args()
  old, path = SCRATCH / "runs" / options.run, SCRATCH / "runs" / options.new
  if path.exists():
    sys.exit(f"{options.new} is there already: give another name.")
  checkpoint = read_checkpoint(old / "checkpoint.pt")
  start, begins, activations = beginning(options.start)
  if (begins, activations) != (checkpoint["start"], checkpoint["activations"]):
    sys.exit(f"{options.run} did not begin there: give --from as train.py had it.")
  for name, weight in checkpoint["model"].items():
    weight.copy_(torch.lerp(start[name], weight, options.share))
  path.mkdir(parents=True)
  torch.save(checkpoint, path / "checkpoint.pt")
  shutil.copy(old / "log.jsonl", path)
  note(path, {"pulled back": options.run, "at": checkpoint["step"], "share": options.share, "from": str(options.start)})
  print(json.dumps({"run": options.new, "step": checkpoint["step"], "share": options.share}))


def beginning(path):
  """(weights, digest of the weights at the very beginning, block sizes of the activations) of what a run began from."""
  if path and path.suffix == ".pt":
    checkpoint = read_checkpoint(path)
    return checkpoint["model"], checkpoint["start"], checkpoint["activations"]
  model = first_model(path)
  return model.state_dict(), digest(model.state_dict()), activation_blocks(model)


if __name__ == "__main__":
  main()
