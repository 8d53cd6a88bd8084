"""Every stage of training in a small form, one after the other.

    python -m training.tests.smoke [FOLDER]

A few packages and steps teach nothing; what is checked is that each stage takes what the one before it made, that a run goes on
where it was stopped, and that the exported folder (FOLDER, else SCRATCH/smoke/models/smoke) is one that the engine loads. It fetches
18 packages and the donor; the corpus of real runs is not touched. The fixtures of the tests are made again, and must be the same.
What makes the committed tasks is not here: it needs all of the held-out packages.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np

from training import command, scratch

SCRATCH = scratch.SCRATCH / "smoke"
ENGINE = scratch.ROOT / "dist" / "cli.js"
SPANS = scratch.TASKS / "span.jsonl"
LOGITS_TOLERANCE = 1e-4  # Logits are up to 30 in size.


def main():
  arguments = command.parser(__doc__)
  arguments.add_argument("folder", nargs="?", type=pathlib.Path, default=SCRATCH / "models" / "smoke")
  folder = arguments.parse_args().folder.resolve()
  if not ENGINE.exists():
    sys.exit("The engine is not built: npm run build, and then again.")
  for name in ("runs", "results"):
    shutil.rmtree(SCRATCH / name, ignore_errors=True)
  (SCRATCH / "results").mkdir(parents=True)
  share_donor()
  python("tests")
  python("corpus", "--limit", "1", "--out", SCRATCH / "corpus")
  python("data.vocabulary", "16384")
  python("train", "smoke", "--steps", "2", "--decay", "0", "--length", "256")
  python("train", "smoke", "--steps", "4", "--decay", "2", "--length", "256", "--measure", "4")  # Goes on from the second step.
  for what, every in (("text", 6), ("gaps", 100), ("span", 120), ("state", 4), ("answers", 24)):
    python("quality.measure", what, "smoke", "--every", str(every))
  python("run.curves", "smoke", SCRATCH / "runs" / "smoke" / "curves.svg")
  python("export", folder, "--run", "smoke")
  python("train", "smoke-on", "--from", folder, "--steps", "1", "--decay", "0", "--length", "256")
  python("pull_back", "smoke-on", "0.5", "smoke-back", "--from", folder)
  python("export", folder, "--run", "smoke-back")
  ours, donor = SCRATCH / "results" / "ours.jsonl", SCRATCH / "results" / "donor.jsonl"
  run("node", ENGINE, "eval", SPANS, "--every", "120", "--model", folder, "--results", ours)
  python("quality.anchors", "measure", "donor", SPANS, "--every", "120", "--results", donor)
  python("quality.anchors", "compare", ours, donor)
  make_fixtures()
  print("every stage has run")


def make_fixtures():
  made = SCRATCH / "fixtures"
  shutil.rmtree(made, ignore_errors=True)
  made.mkdir()
  python("fixtures.golden", made)
  python("fixtures.make_tiny", made / "tiny")
  python("fixtures.make_gap_golden", made)
  python("fixtures.make_tokenizer_golden", made)
  files = {file.relative_to(folder) for folder in (made, scratch.FIXTURES) for file in folder.rglob("*") if file.is_file()}
  other = sorted(str(file) for file in files if not is_same(made / file, scratch.FIXTURES / file))
  assert not other, f"not as in test/fixtures: {', '.join(other)}"


def is_same(made, committed):
  """The same bytes, but for logits, whose last digits are each processor's own, and for their hash in model.json."""
  if not (made.exists() and committed.exists()):
    return False
  if made.name == "logits.f32":
    ours, theirs = np.fromfile(made, "<f4"), np.fromfile(committed, "<f4")
    return ours.shape == theirs.shape and np.abs(ours - theirs).max() < LOGITS_TOLERANCE
  if made.name == "model.json":
    return without_logits(made) == without_logits(committed)
  return made.read_bytes() == committed.read_bytes()


def without_logits(model_json):
  description = json.loads(model_json.read_text())
  del description["files"]["logits.f32"]
  return description


def share_donor():
  """Its download is large, and always the same."""
  ours, shared = SCRATCH / scratch.DONOR.parent.name, scratch.DONOR.parent
  shared.mkdir(parents=True, exist_ok=True)
  if not ours.exists():
    ours.symlink_to(shared.resolve(), target_is_directory=True)


def python(module, *arguments):
  run(sys.executable, "-m", f"training.{module}", *arguments)


def run(*command):
  words = [str(word) for word in command]
  print("$", " ".join(pathlib.Path(word).name for word in words), flush=True)
  subprocess.run(words, check=True, cwd=scratch.ROOT, env={**os.environ, "GRIFFIN_SCRATCH": str(SCRATCH)})


if __name__ == "__main__":
  main()
