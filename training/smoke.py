"""Every stage of training in a small form, one after the other: python training/smoke.py [FOLDER]

A few steps teach nothing; what is checked is that each stage takes what the one before it made, that a run goes on where it
was stopped, and that the exported folder (FOLDER, else SCRATCH/models/smoke) is one that the engine loads.
"""

import pathlib
import shutil
import subprocess
import sys

from scratch import MODELS, SCRATCH, TRAINING

ENGINE = TRAINING.parent / "dist" / "cli.js"


def main():
  folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else MODELS / "smoke"
  for name in ("smoke", "smoke-on", "smoke-back"):
    shutil.rmtree(SCRATCH / "runs" / name, ignore_errors=True)
  python("test_documents.py")
  python("test_exact.py")
  python("test_griffin.py")
  python("test_instructions.py")
  python("test_rows8.py")
  python("train.py", "smoke", "--steps", "2", "--segment", "256")
  python("train.py", "smoke", "--steps", "4", "--decay", "2", "--segment", "256")  # Goes on from the second step.
  python("measure.py", "text", SCRATCH / "runs" / "smoke" / "checkpoint.pt", "--every", "24")
  python("curves.py", "smoke", SCRATCH / "runs" / "smoke" / "curves.svg")
  python("export.py", folder, "--run", "smoke")
  python("train.py", "smoke-on", "--from", folder, "--steps", "1", "--segment", "256")
  python("pull_back.py", "smoke-on", "0.5", "smoke-back", "--from", folder)
  python("export.py", folder, "--run", "smoke-back")
  if not ENGINE.exists():
    sys.exit("The engine is not built: npm run build, and then again.")
  source = pathlib.Path(__file__)
  run("node", ENGINE, "complete", source, "--line", "12", "--column", "1", "--model", folder)
  print("every stage has run")


def python(script, *arguments):
  run(sys.executable, TRAINING / script, *arguments)


def run(*command):
  words = [str(word) for word in command]
  print("$", " ".join(pathlib.Path(word).name for word in words), flush=True)
  subprocess.run(words, check=True)


if __name__ == "__main__":
  main()
