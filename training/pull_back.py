"""Weights between what a run began from and what it came to: python training/pull_back.py RUN SHARE NEW_RUN

theta = start + SHARE · (trained - start), as WiSE-FT does (arXiv 2109.01903). A run with small batches and a high rate
wanders about the better weights; half of the way is closer to them than all of it (LOG.md). NEW_RUN goes on from there.
"""

import json
import shutil
import sys

import torch

import train
from scratch import SCRATCH


@torch.no_grad()
def main():
  run, share, new = sys.argv[1], float(sys.argv[2]), sys.argv[3]
  old, path = SCRATCH / "runs" / run, SCRATCH / "runs" / new
  path.mkdir(parents=True)
  checkpoint = torch.load(old / "checkpoint.pt", weights_only=False)
  start = train.start(None).state_dict()
  for name, weight in checkpoint["model"].items():
    weight.copy_(torch.lerp(start[name], weight, share))
  torch.save(checkpoint, path / "checkpoint.pt")
  shutil.copy(old / "log.jsonl", path)
  print(json.dumps({"run": new, "step": checkpoint["step"], "share": share}))


if __name__ == "__main__":
  main()
