"""Chooses what the exact memory is measured on: whole packages, and a few files of each whose tokens are predicted.

    python tools/exactMemory/packages.py dev|heldout OUT.jsonl

Needs what training/corpus.py has fetched (GRIFFIN_SCRATCH); fetches the held-out packages itself. Writes one package a
line: {"package", "language", "files": [{"path", "text"}], "targets": [index of a file]}. `dev` is for fitting: packages
that the model has not learned from. `heldout` is for the report alone: the targets are the files of
test/tasks/text-2k.jsonl.
"""

import collections
import hashlib
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))
from training.data import registries, sources  # noqa: E402
from training.data.duplicates import without_duplicates  # noqa: E402
from training.scratch import CORPUS  # noqa: E402

TARGETS = 8
MAX_BYTES = 6_000_000
NOT_CODE = {"config", "english", "html", "css"}


def main():
  group, out = sys.argv[1], sys.argv[2]
  if group == "heldout":
    packages = json.loads(registries.HELDOUT_JSON.read_text())
    tasks = [json.loads(line) for line in open(ROOT / "test" / "tasks" / "text-2k.jsonl")]
  else:
    listed = json.loads(registries.PACKAGES_JSON.read_text())
    packages = listed["dev"]
  with open(out, "w") as file:
    for ecosystem, names in packages.items():
      for name in names:
        root = CORPUS / "packages" / group / ecosystem
        registries.fetch_all(ecosystem, {name: names[name]}, root)
        documents = without_duplicates(sources.read_documents(group, name, root / registries.safe(name)))
        documents = written_by_people(list(documents))
        if group == "heldout":
          row = heldout(name, names[name], documents, tasks)
        else:
          row = chosen(name, documents)
        if row["targets"]:
          file.write(json.dumps(row) + "\n")
        print(row["package"], row["language"], len(row["files"]), [row["files"][i]["path"] for i in row["targets"]])


def written_by_people(documents):
  """npm packages ship what was built from their sources, too: the same code again, which no repository holds."""
  sources = [d for d in documents if d["path"].startswith("package/src/")]
  return sources or [d for d in documents if not re.search(r"(^|/)(_?esm|_?cjs|_types|amd)/|\.d\.[mc]?ts$", d["path"])]


def by_hash(name):
  return hashlib.sha256(name.encode()).digest()


def chosen(name, documents):
  documents = sorted(documents, key=lambda d: by_hash(d["path"]))
  sizes = collections.Counter()
  for document in documents:
    if document["language"] not in NOT_CODE:
      sizes[document["language"]] += len(document["text"])
  language = max(sizes, key=sizes.get, default="")  # None when the package ships built code only: no targets then.
  targets, files, size = [], [], 0
  for document in documents:
    text = document["text"].replace("\r\n", "\n")
    size += len(text)
    if size > MAX_BYTES:
      break
    if document["language"] == language and 2_000 <= len(text) and len(targets) < TARGETS:
      targets.append(len(files))
    files.append({"path": document["path"], "text": text})
  return {"package": name, "language": language, "files": files, "targets": targets}


def heldout(name, version, documents, tasks):
  """The target files begin where their tasks do: after the licence."""
  wanted = {t["path"]: t for t in tasks if t["program"] == f"{name}-{version}"}
  files, targets, language = [], [], ""
  for document in documents:
    text = document["text"].replace("\r\n", "\n").removeprefix("\ufeff")
    task = next((t for end, t in wanted.items() if document["path"].endswith(end) and t["expected"] in text), None)
    if task:
      targets.append(len(files))
      language = task["id"].split("-")[0]
      text = text[text.index(task["expected"]):]
    files.append({"path": document["path"], "text": text})
  if len(targets) < len(wanted):
    sys.exit(f"{name} {version}: of {len(wanted)} tasks' files {len(targets)} were found")
  return {"package": name, "language": language, "files": files, "targets": targets}


if __name__ == "__main__":
  main()
