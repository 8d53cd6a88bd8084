"""What the command line says: the arguments of each command, whose help is its module's own text."""

import argparse
import pathlib
import sys


def parser(text: str) -> argparse.ArgumentParser:
  """Of the module that was started; `text` is its docstring."""
  name = sys.modules["__main__"].__spec__.name.removesuffix(".__main__")
  return argparse.ArgumentParser(f"python -m {name}", description=text, formatter_class=argparse.RawDescriptionHelpFormatter)


def out_folder(text: str, default: pathlib.Path) -> pathlib.Path:
  """The folder that the one argument names, else `default`; it is there then."""
  arguments = parser(text)
  arguments.add_argument("out", nargs="?", type=pathlib.Path, default=default, help=f"a folder; {default} if not given")
  out = arguments.parse_args().out
  out.mkdir(parents=True, exist_ok=True)
  return out
