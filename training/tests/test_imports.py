"""Folders take from those below them, and from none above, what is there: python -m training.tests.test_imports"""

import ast

from training.scratch import ROOT

TRAINING = ROOT / "training"
LOWEST = ("scratch", "command")
# From above to below, as README.md has them; the first are the commands that lie in no folder.
LAYERS = ("", "tests", "quality", "run", "fixtures", "tasks", "model", "data", LOWEST)


def main():
  files = sorted(TRAINING.rglob("*.py"))
  found = {layer(file.relative_to(TRAINING).with_suffix("").parts) for file in files}
  assert found == set(range(len(LAYERS))), "LAYERS names another folder than there are"
  for file in files:
    own = layer(file.relative_to(TRAINING).with_suffix("").parts)
    for name in imported(file):
      assert (ROOT / f"{name.replace('.', '/')}.py").exists(), f"{file.relative_to(ROOT)} takes {name}, which is not there"
      assert layer(name.split(".")[1:]) >= own, f"{file.relative_to(ROOT)} takes {name}, which lies above it"
  print(f"{len(files)} files take from below")


def layer(parts):
  """The index in LAYERS of a module of training, by the parts of its name."""
  if parts[0] in LOWEST:
    return LAYERS.index(LOWEST)
  return LAYERS.index(parts[0] if (TRAINING / parts[0]).is_dir() else "")


def imported(file):
  """The modules of training that a file imports."""
  for node in ast.walk(ast.parse(file.read_text())):
    if isinstance(node, ast.ImportFrom) and node.module.startswith("training"):
      is_folder = (ROOT / node.module.replace(".", "/")).is_dir()
      yield from [f"{node.module}.{name.name}" for name in node.names] if is_folder else [node.module]


if __name__ == "__main__":
  main()
