"""Trains the hybrid on code.

    python -m training.train RUN --steps N --decay N [--from MODEL_FOLDER] [--streams NAME...] [--measure N]

SCRATCH/runs/RUN holds checkpoint.pt (every few minutes, and when told to stop by SIGTERM or SIGINT), log.jsonl (the losses, and
of which commit and corpus they are), and pid. The same command goes on where the checkpoint ends. The rate is constant
after a short warm-up and falls to zero over the last --decay steps of --steps, so a run can be continued from any checkpoint
before that, and ended at any time. Every N steps --measure finds the bits a byte of dev files, and keeps a checkpoint-STEP.pt: the
end has never been the best of a run.
"""

import hashlib
import itertools
import math
import os
import pathlib
import signal
import subprocess
import sys
import time

import torch

from training import command
from training.data import tokens
from training.data.documents import Corpus, segments
from training.data.kinds import ANSWER, MIDDLE, TEXT, WEIGHTS
from training.model.kernels import HeadLoss
from training.quality import measure
from training.run.beginning import first_model
from training.run.checkpoint import digest, model_of, note, read_checkpoint, save_checkpoint
from training.run.team import Team
from training.scratch import CORPUS, ROOT, SCRATCH

FROZEN = 6  # The lowest layers stay the donor's: a fifth less work for each token, and a smaller change of the model folder.
LOSSES = {"text": TEXT, "middle": MIDDLE, "answer": ANSWER}  # As they are logged.
WARM_UP, CHECKPOINT_SECONDS = 10, 300
# Most of what training does to a weight is less than half a step of 8 bits, which the loss would not see. In the end it should.
ROUNDED_BELOW = 1 / 3
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_MMAP_THRESHOLD_": "8589934592",
               "MALLOC_TRIM_THRESHOLD_": "8589934592", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


def main():
  options = read_options()
  torch.set_num_threads(1)
  path = SCRATCH / "runs" / options.run
  path.mkdir(parents=True, exist_ok=True)

  checkpoint = read_checkpoint(path / "checkpoint.pt") if (path / "checkpoint.pt").exists() else None
  if checkpoint and options.start:
    print(f"{options.run} goes on from its own checkpoint.pt; {options.start} is not read", flush=True)
  model = model_of(checkpoint) if checkpoint else first_model(options.start)
  began_from = checkpoint["start"] if checkpoint else digest(model.state_dict())
  # Adam moves every row of a large vocabulary in each of a few hundred steps, and what rare tokens mean is lost.
  model.embed_tokens.requires_grad_(False)
  model.layers[:FROZEN].requires_grad_(False)
  team = Team(model, len(options.streams), len(LOSSES))
  optimizer = torch.optim.AdamW(groups(model), betas=(0.9, 0.99), eps=1e-10, weight_decay=0.0, fused=True)
  step = seen = 0
  if checkpoint:
    # The moments alone: how they are used is what the code says now.
    optimizer.load_state_dict({**optimizer.state_dict(), "state": checkpoint["optimizer"]["state"]})
    step, seen = checkpoint["step"], checkpoint["tokens"]
  del checkpoint
  note(path, {"begins": step, "with": {name: str(value) for name, value in vars(options).items()}, **origin()})

  stopped = []
  for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: stopped.append(True))
  corpus = Corpus.read(tokens.shipped())
  pids = team.start(lambda: follow(team, corpus, options, step))
  (path / "pid").write_text("\n".join(map(str, (os.getpid(), *pids))))
  print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.1f}M parameters, from step {step}", flush=True)
  work, saved = stream(team, corpus, options, step), time.monotonic()
  while step < options.steps and not stopped:
    began = time.monotonic()
    left = (options.steps - step) / options.decay if options.decay else 1
    rate = min(1, (step + 1) / WARM_UP, left)
    for group in optimizer.param_groups:
      group["lr"] = options.rate * group["factor"] * rate
    team.rounds.fill_(left < ROUNDED_BELOW)
    next(work)
    norm = torch.nn.utils.clip_grad_norm_(team.trained, 1.0).item()
    assert norm < float("inf"), f"gradients are not finite at step {step}"  # NaN too.
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    step += 1
    seconds, size = time.monotonic() - began, len(options.streams) * options.accumulate * options.length
    seen += size
    row = {"step": step, "tokens": seen, "rate": rate, "norm": round(norm, 3), "seconds": round(seconds, 2),
           "losses": [[name, *(None if math.isnan(loss) else loss for loss in losses)]
                      for name, losses in zip(options.streams, team.losses.tolist())]}
    note(path, row)
    losses = " ".join(f"{name} {loss:.3f}" for name, loss in zip(LOSSES, team.losses.nanmean(0).tolist()))
    print(f"{step}: {losses} norm {norm:.2f} {size / seconds:.0f} tok/s", flush=True)
    is_measured = options.measure and step % options.measure == 0
    if is_measured or time.monotonic() - saved > CHECKPOINT_SECONDS:
      save_checkpoint(path, model, optimizer, began_from, step, seen)
      saved = time.monotonic()
    if is_measured:
      kept = path / f"checkpoint-{step}.pt"
      kept.unlink(missing_ok=True)
      kept.hardlink_to(path / "checkpoint.pt")
      dev = measure.text(measure.load(str(kept)), tokens.shipped(), every=2)
      note(path, {"measured": step, "tokens": seen, "text": dev})
      print(f"{step}: {dev['all']} bits a byte of dev files", flush=True)
  team.end()
  save_checkpoint(path, model, optimizer, began_from, step, seen)


def read_options():
  arguments = command.parser(__doc__)
  arguments.add_argument("run")
  arguments.add_argument("--from", dest="start", type=pathlib.Path,
                         help="a model folder, else the donor: where a run without a checkpoint.pt begins")
  arguments.add_argument("--steps", type=int, required=True)
  arguments.add_argument("--decay", type=int, required=True, help="the last steps, over which the rate falls; 0 for none")
  arguments.add_argument("--streams", nargs="+", choices=("gaps", "texts"), default=("gaps", "texts"),
                         help="a step takes segments of each; each has a process of its own")
  arguments.add_argument("--length", type=int, default=3072, help="of a segment, in tokens")
  arguments.add_argument("--accumulate", type=int, default=2, help="segments of each stream in a step")
  arguments.add_argument("--measure", type=int, default=0, metavar="N")
  arguments.add_argument("--rate", type=float, default=4e-5)
  return arguments.parse_args()


def follow(team, corpus, options, step):
  """What every process but the first does."""
  for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, signal.SIG_IGN)  # The first tells when to end.
  for _ in stream(team, corpus, options, step):
    pass


def stream(team, corpus, options, step):
  """Each turn computes the gradients of some segments of this process's stream; the first process has their sum after it.

  The run's name is part of the seed: a run of another name draws other texts.
  """
  parts = segments(corpus.stream(options.streams[team.rank], f"{options.run} {team.rank} {step}"), options.length)
  past, head, weight = None, team.model.embed_tokens, torch.from_numpy(WEIGHTS)
  while True:
    drawn = [tuple(map(torch.from_numpy, part)) for part in itertools.islice(parts, options.accumulate)]
    team.weights[team.rank] = sum(weight[kinds].sum() for _, _, kinds in drawn)
    if not team.refresh():
      return
    losses = []
    for inputs, targets, kinds in drawn:
      hidden, past = team.model.hidden(inputs, past)
      share = weight[kinds] / team.weights.sum()  # A token of one kind weighs the same in all segments of a step.
      loss, rows = HeadLoss.apply(head.fast_inputs(hidden), head.shadow, targets, share)
      loss.backward()
      losses.append(torch.stack([rows[kinds == kind].mean() for kind in LOSSES.values()]))  # NaN for none.
    team.losses[team.rank] = torch.stack(losses).nanmean(0)
    team.add_up()
    yield


def groups(model):
  """What is new learns faster."""
  factors = {}
  for name, parameter in model.named_parameters():
    if not parameter.requires_grad:
      continue
    parts = name.split(".")
    new = parts[0] == "layers" and model.layers[int(parts[1])].recurrent
    factor = 10.0 if new else 1.0
    factors.setdefault(factor, []).append(parameter)
  return [{"params": parameters, "factor": factor} for factor, parameters in factors.items()]


def origin():
  """What a run can be repeated from: the code and the corpus."""
  head = subprocess.run(("git", "describe", "--always", "--dirty"), cwd=ROOT, capture_output=True, text=True, check=True)
  return {"commit": head.stdout.strip(), "corpus": hashlib.sha256((CORPUS / "train.jsonl").read_bytes()).hexdigest()}


def with_environment():
  """Begins anew, once, where the process lacks what it must have from its beginning: one thread for each product, and memory in
  huge pages that is kept."""
  if not ENVIRONMENT.keys() <= os.environ.keys():
    os.execve(sys.executable, sys.orig_argv, {**ENVIRONMENT, **os.environ})


if __name__ == "__main__":
  with_environment()
  main()
