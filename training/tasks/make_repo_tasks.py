"""Writes the evaluation tasks that need a repository, from the same held-out packages as make_tasks.py.

    python -m training.tasks.make_repo_tasks [OUT_DIR]

OUT_DIR, else SCRATCH/tasks, gets:

repo.jsonl     tasks, each with the name of its repository's file; those of C++ are in repo-cpp.jsonl, so that no file is
               much larger than a megabyte
repos/*.jsonl  one package each: {path, text} a line, at most REPO_BYTES of its files. The files that tasks are taken
               from are not among them, so no answer is.

Four kinds, each in an order that is random and always the same, so that the first few are a fair sample:
  elsewhere  span: the rest of a line from a name on, or from two or three letters into it. The name is defined in
             another file of the repository, not in this one, and has not occurred in this one before, but for imports.
  here       span: the rest of any line from a word on: what a repository should not spoil
  text       two to four kilobytes, given what stands before them in the file
  start      text: a file's first three kilobytes, given nothing but its path
"""

import json
import random
import re

from training.command import out_folder
from training.data import registries
from training.scratch import SCRATCH
from training.tasks import heldout
from training.tasks.make_tasks import write_tasks
from training.tasks.names import IMPORT, NAME, defined, names_used
from training.tasks.spans import first_lines, in_comment, is_code, last_lines, rest_of_line

# language: (ecosystem, package, the part of it)
SOURCES = {
    "python": [("pypi", "starlette", "starlette/")],
    "typescript": [("npm", "@tanstack/router-core", "src/"), ("npm", "ethers", "src.ts/providers/")],
    "javascript": [("npm", "postcss", "lib/"), ("npm", "undici", "lib/")],
    "go": [("go", "github.com/go-chi/chi/v5", ""), ("go", "go.etcd.io/bbolt", "")],
    "rust": [("crates", "ureq", "src/")],
    "java": [("maven", "com.zaxxer:HikariCP", "")],
    "c": [("debian", "jansson", "src/")],
    "cpp": [("debian", "yaml-cpp", "")],
}
LIVE_FILES, LIVE_BYTES = 6, (3_000, 40_000)
REPO_BYTES = 85_000
PREFIX_BYTES, SUFFIX_BYTES = 3_600, 500
TEXT_BYTES = (2_000, 4_000)
START_BYTES = 3_000
ELSEWHERE, HERE, TEXT, START = 15, 8, 3, 2
LONGEST_SPAN = 60
# A name that more files define, or more other packages use, is not the repository's own; nor are these.
MOST_FILES, MOST_PACKAGES = 4, 1
LIBRARIES = {"ServeHTTP", "HandlerFunc", "WithValue", "build", "trace", "Flags", "compareAndSet", "input"}


def main():
  out = out_folder(__doc__, SCRATCH / "tasks")
  held, folders = heldout.held_out()
  (out / "repos").mkdir(exist_ok=True)
  tasks = []
  for language, packages in SOURCES.items():
    used = names_used(language, held, folders)
    made = [package_tasks(out, language, *package, held, folders, used) for package in packages]
    for kind in ("elsewhere", "here", "text", "start"):
      for number, task in enumerate((task for package in made for task in package[kind]), 1):
        tasks.append({"id": f"{language}-{kind}-{number}", **task})
  for file, wanted in (("repo", lambda task: not is_cpp(task)), ("repo-cpp", is_cpp)):
    write_tasks(out, file, [task for task in tasks if wanted(task)])


def is_cpp(task):
  return task["id"].startswith("cpp-")


def package_tasks(out, language, ecosystem, name, part, held, folders, used):
  version = held[ecosystem][name]
  found = heldout.files_of(language, ecosystem, name, version, folders[ecosystem, name])
  files = [(path, text) for (_, path), text in found if path.startswith(part)]
  rng = random.Random(f"griffin {name}")
  common = {word for word, users in used.items() if len(users - {name}) > MOST_PACKAGES}
  live = choose_live(language, files, common)
  repo = choose_repo(language, [file for file in files if file not in live], live)
  file = f"repos/{registries.safe(name.split(':')[-1])}-{version.removeprefix('v')}.jsonl"
  (out / file).write_text("".join(json.dumps({"path": path, "text": text}, ensure_ascii=False) + "\n"
                                  for path, text in sorted(repo)))
  elsewhere = spread([spans_elsewhere(language, one, repo, common, rng) for one in live], ELSEWHERE)
  here = spread([spans_here(one, rng) for one in live], HERE)
  text = spread([texts(one, rng) for one in live], TEXT)
  start = [beginning(one) for one in live][:START]
  imported = sum(task["imported"] for task in elsewhere)
  size = sum(len(text.encode()) for _, text in repo)
  print(f"{name}: {len(repo)} files of {size:,} bytes; tasks from {len(live)} files: {len(elsewhere)} elsewhere "
        f"({imported} with an imported name), {len(here)} here, {len(text)} text")
  made = {"elsewhere": elsewhere, "here": here, "text": text, "start": start}
  return {kind: [{**task, "repo": file} for task in tasks] for kind, tasks in made.items()}


def choose_live(language, files, common):
  """The files that tasks are taken from: those that use most of what other files define."""
  sized = [file for file in files if LIVE_BYTES[0] <= len(file[1].encode()) <= LIVE_BYTES[1]]
  uses = {path: len(set(NAME.findall(text)) & defined(language, [f for f in files if f[0] != path]).keys()
                    - defined(language, [(path, text)]).keys() - common) for path, text in sized}
  most = sorted(sized, key=lambda file: -uses[file[0]])[:2 * LIVE_FILES]
  return [file for file in sized if file in most][:LIVE_FILES]


def choose_repo(language, files, live):
  """As many of the others as fit, those first that define what the live files use."""
  used = set().union(*(NAME.findall(text) for _, text in live))
  worth = {path: len(used & defined(language, [(path, text)]).keys()) / (1_000 + len(text)) for path, text in files}
  repo, size = [], 0
  for path, text in sorted(files, key=lambda file: -worth[file[0]]):
    if size + len(text.encode()) <= REPO_BYTES and text.strip():
      repo.append((path, text))
      size += len(text.encode())
  return repo


def spans_elsewhere(language, file, repo, common, rng):
  path, text = file
  imports = [match.span() for match in re.finditer(IMPORT[language], text, re.M)]
  imported = set().union(*(NAME.findall(text[slice(*span)]) for span in imports))
  wanted = {name for name, count in defined(language, repo).items() if count <= MOST_FILES}
  wanted -= defined(language, [file]).keys() | common | LIBRARIES
  seen, spans = set(), []
  for match in NAME.finditer(text):
    start, end = match.start(), line_end(text, match.start())
    name, line = match[0], text[text.rfind("\n", 0, start) + 1:line_end(text, start)]
    if any(first <= start < last for first, last in imports) or name in seen:
      continue
    seen.add(name)
    if name not in wanted or start < 600 or not is_code(line) or in_comment(text, start):
      continue
    into = rng.choice([0, 0, 2, 3])
    if end - start - into <= LONGEST_SPAN and not re.search(r"(//|#|\*|\"|')[^\"']*$", text[start - len(line):start]):
      spans.append({"kind": "span", "imported": name in imported, **around(path, text, start + into, end)})
  rng.shuffle(spans)
  return spans


def spans_here(file, rng):
  path, text = file
  spans, lines = [], set()
  for _ in range(200):
    span = rest_of_line(text, rng)
    if span is not None and not in_comment(text, span[0]) and span[1] not in lines:
      lines.add(span[1])
      spans.append({"kind": "span", **around(path, text, *span)})
  return spans


def texts(file, rng):
  path, text = file
  if len(text) < 2 * TEXT_BYTES[1]:
    return []
  start = text.rfind("\n", 0, rng.randrange(TEXT_BYTES[0], len(text) - TEXT_BYTES[1])) + 1
  end = text.rfind("\n", 0, start + rng.randrange(*TEXT_BYTES)) + 1
  return [{"kind": "text", **around(path, text, start, end), "suffix": ""}]


def beginning(file):
  path, text = file
  end = text.rfind("\n", 0, START_BYTES) + 1
  return {"kind": "text", **around(path, text, 0, end), "suffix": ""}


def around(path, text, start, end):
  return {"path": path, "prefix": last_lines(text[:start], PREFIX_BYTES),
          "suffix": first_lines(text[end:], SUFFIX_BYTES), "expected": text[start:end]}


def line_end(text, start):
  end = text.find("\n", start)
  return len(text) if end < 0 else end


def spread(lists, count):
  """One of each list after the other."""
  rounds = [one[at] for at in range(max(map(len, lists))) for one in lists if at < len(one)]
  return rounds[:count]


if __name__ == "__main__":
  main()
