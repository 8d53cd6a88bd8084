"""Fetches the sources of well-known, permissively licensed packages and makes documents of them.

    python -m training.corpus [--pin] [--out FOLDER [--limit N]]

packages.json names the packages in two groups: `train` is what the model learns from and what the vocabulary is counted
on; `dev` is what quality is measured on while the model is made. What heldout.json names is for the final evaluation
alone: refused in both by name, and files like its files are left out of both. Packages without a permissive licence are
left out, and named. Writes SCRATCH/corpus/{train,dev}.jsonl, one document a line: group, package, path, language, text; and
manifest.jsonl, without the texts but with version, licence, bytes and sha256. Nothing of it is ever committed. A second
run downloads nothing; comparing the files takes minutes.

--pin writes the versions that came into packages.json, for entries whose version is empty. --limit takes the first N
packages of each registry alone, to try it; FOLDER gets what is made of them.
"""

import collections
import hashlib
import json
import pathlib

from training import command
from training.data import registries
from training.data.duplicates import without_duplicates
from training.data.licences import PERMISSIVE, licence_of
from training.data.sources import MAX_FILE_BYTES, read_documents
from training.scratch import CORPUS

# A language's share of the counts should not depend on which package happened to be huge.
MAX_BYTES = {"train": collections.defaultdict(lambda: 2_500_000, python=14_000_000, javascript=5_000_000,
                                              typescript=6_000_000, go=5_000_000, rust=5_000_000, java=5_000_000,
                                              c=5_000_000, cpp=5_000_000, english=6_000_000),
             "dev": collections.defaultdict(lambda: 1_500_000)}
PACKAGE_SHARE = 0.1  # No package gives more than this share of a language.
ROOM = 1.5  # So much more than is kept is looked at for duplicates, which takes a minute for 40 MB.


def main():
  arguments = command.parser(__doc__)
  choice = arguments.add_mutually_exclusive_group()
  choice.add_argument("--pin", action="store_true")
  choice.add_argument("--limit", type=int, help="takes the first N packages of each registry and group; only with --out")
  arguments.add_argument("--out", type=pathlib.Path, help="a folder for another corpus than the one that is trained on")
  options = arguments.parse_args()
  if options.limit and not options.out:
    arguments.error("--limit makes a small corpus, which is not to replace the one that is trained on: give --out, too")
  out = options.out or CORPUS
  out.mkdir(parents=True, exist_ok=True)
  pin = options.pin
  listed, held_out = (json.loads(file.read_text()) for file in (registries.PACKAGES_JSON, registries.HELDOUT_JSON))
  refuse_heldout(listed, held_out)
  registries.look_for_clients()
  if options.limit:
    listed, held_out = {group: first(options.limit, listed[group]) for group in listed}, first(options.limit, held_out)
  known = [document for document, _ in fetched("heldout", held_out)]
  rows = []
  for group in ("dev", "train"):  # In this order: what is like a dev file is not trained on.
    found = list(fetched(group, listed[group], pin))
    origin = {(document["package"], document["path"]): facts for document, facts in found}
    candidates = balance([document for document, _ in found], MAX_BYTES[group], ROOM)
    kept = balance(unlike(group, candidates, known), MAX_BYTES[group])
    known += kept
    write(out / f"{group}.jsonl", kept)
    for document in kept:
      data = document["text"].encode()
      rows.append({**{key: document[key] for key in ("group", "package", "path", "language")},
                   **origin[document["package"], document["path"]],
                   "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
    report(group, kept)
  if pin:
    registries.PACKAGES_JSON.write_text(json.dumps(listed, indent=2) + "\n")
  write(out / "manifest.jsonl", rows)
  size = collections.Counter()
  for row in rows:
    size[row["licence"]] += row["bytes"]
  print("licences: " + ", ".join(f"{licence} {bytes / 1e6:.1f} MB" for licence, bytes in size.most_common()))


def write(file, rows):
  """Whole or not at all."""
  new = file.with_suffix(".new")
  with open(new, "w") as lines:
    lines.writelines(json.dumps(row) + "\n" for row in rows)
  new.rename(file)


def first(count, ecosystems):
  return {ecosystem: dict(list(packages.items())[:count]) for ecosystem, packages in ecosystems.items()}


def refuse_heldout(listed, held_out):
  for ecosystems in listed.values():
    for ecosystem, packages in ecosystems.items():
      clash = set(packages) & set(held_out[ecosystem])
      assert not clash, f"{ecosystem} packages {clash} are held out (heldout.json): take them out of packages.json"


def fetched(group, ecosystems, pin=False):
  """Yields (document, {version, licence}) of each permissively licensed package. `pin` puts versions into `ecosystems`."""
  for ecosystem, packages in ecosystems.items():
    folder = CORPUS / "packages" / group / ecosystem
    # A file that is like a held-out one must not be trained on, so those have to be there to be compared with.
    versions = (registries.fetch if group == "train" else registries.fetch_all)(ecosystem, packages, folder)
    if pin:
      ecosystems[ecosystem] = {name: version or versions.get(name, "") for name, version in packages.items()}
    for name in versions:
      target = folder / registries.safe(name)
      licence = licence_of(target, ecosystem)
      if licence not in PERMISSIVE and group != "heldout":  # Those are compared with, not learned from.
        print(f"{ecosystem}:{name} is left out: its licence is {licence or 'not stated'}", flush=True)
        continue
      for document in read_documents(group, f"{ecosystem}:{name}", target):
        yield document, {"version": versions[name], "licence": licence}


def unlike(group, documents, known):
  left_out = yield from without_duplicates(documents, known)
  print(f"{group}: of {len(documents)} files left out as duplicates: {dict(left_out)}", flush=True)


def balance(documents, max_bytes, room=1.0):
  """Documents in the order of a hash of their names, so that a cut at `room` times `max_bytes` takes a fair sample."""
  order = sorted(documents, key=lambda d: hashlib.sha256(f"{d['package']}/{d['path']}".encode()).digest())
  by_language, by_package = collections.Counter(), collections.Counter()
  kept = []
  for document in order:
    language, size = document["language"], len(document["text"].encode())
    share = (document["package"], language)
    most = room * max_bytes[language]
    if by_language[language] + size > most or by_package[share] + size > max(PACKAGE_SHARE * most, MAX_FILE_BYTES):
      continue
    by_language[language] += size
    by_package[share] += size
    kept.append(document)
  return kept


def report(group, documents):
  size, count = collections.Counter(), collections.Counter()
  for document in documents:
    size[document["language"]] += len(document["text"].encode())
    count[document["language"]] += 1
  print(f"{group}: {sum(size.values()) / 1e6:.1f} MB in {len(documents)} files; "
        + ", ".join(f"{language} {bytes / 1e6:.1f}" for language, bytes in size.most_common()), flush=True)


if __name__ == "__main__":
  main()
