"""Runs the tests of the parts, one after the other: python -m training.tests"""

import pathlib
import subprocess
import sys

from training.scratch import ROOT


def main():
  for file in sorted(pathlib.Path(__file__).parent.glob("test_*.py")):
    print(f"{file.name}:", flush=True)
    subprocess.run((sys.executable, "-m", f"training.tests.{file.stem}"), check=True, cwd=ROOT)


if __name__ == "__main__":
  main()
