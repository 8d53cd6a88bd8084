"""Runs the tests of the parts, one after the other: python training/test.py"""

import subprocess
import sys

from scratch import TRAINING


def main():
  for file in sorted(TRAINING.glob("test_*.py")):
    print(f"{file.name}:", flush=True)
    subprocess.run((sys.executable, file), check=True)


if __name__ == "__main__":
  main()
