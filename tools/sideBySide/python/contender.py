"""A Python implementation as a contender (protocol.ts: a question a line in, an answer a line out).

    python contender.py deepmind|transformers CHECKPOINT_DIR float32|bfloat16

Threads: OMP_NUM_THREADS.
"""

import importlib
import json
import os
import pathlib
import sys
import time

import torch


def main():
  name, checkpoint, dtype = sys.argv[1:]
  torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
  # Offers start(tokens) and step(token); each returns the logits [vocabulary] of the token to come.
  model = importlib.import_module(f"{name}_model").Model(pathlib.Path(checkpoint), getattr(torch, dtype))
  say()
  logits = None
  for line in sys.stdin:
    (question, value), = json.loads(line).items()
    if question == "writeLogits":
      pathlib.Path(value).write_bytes(logits.float().numpy().tobytes())
      say()
      continue
    seconds, choices = [], []
    tokens = torch.tensor(value)
    for part in tokens[None] if question == "prefill" else tokens:
      began = time.perf_counter()
      with torch.inference_mode():
        logits = model.start(part) if question == "prefill" else model.step(part)
        choices.append(logits.argmax().item())
      seconds.append(time.perf_counter() - began)
    say(seconds, choices)


def say(seconds=(), choices=()):
  print(json.dumps({"seconds": seconds, "choices": choices}), flush=True)


if __name__ == "__main__":
  main()
