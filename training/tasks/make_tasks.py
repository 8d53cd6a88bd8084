"""Writes evaluation tasks as in test/tasks from packages that are kept for that alone (heldout.json).

    python -m training.tasks.make_tasks [OUT_DIR]

OUT_DIR, else SCRATCH/tasks, gets:

text-2k.jsonl  pieces of about 2,000 tokens: the model's bits a byte on code
text-8k.jsonl  one piece of about 8,000 tokens a language: the same, far beyond the attention window
span.jsonl     masked spans: the rest of a line (also from within a word), a whole line, a small block, the rest of a
               statement that takes several lines
NOTICE         where each piece comes from, and its licence

Format: design of `griffin eval`, one JSON object a line. The choice is seeded; a second run writes the same bytes.
"""

import hashlib
import json
import pathlib
import random
import re
import sys

from training import corpus
from training.data import registries
from training.data.documents import learned
from training.scratch import CORPUS, SCRATCH

# language: [(ecosystem, package)], and for packages that ship several forms of their code, the files that people wrote
SOURCES = {
    "python": [("pypi", "attrs"), ("pypi", "werkzeug"), ("pypi", "starlette"), ("pypi", "trio"), ("pypi", "textual")],
    "typescript": [("npm", "@tanstack/router-core"), ("npm", "puppeteer-core"), ("npm", "viem"), ("npm", "ethers")],
    "javascript": [("npm", "undici"), ("npm", "postcss"), ("npm", "mongoose"), ("npm", "ava")],
    "go": [("go", "github.com/go-chi/chi/v5"), ("go", "github.com/nats-io/nats.go"),
           ("go", "github.com/redis/go-redis/v9"), ("go", "go.etcd.io/bbolt")],
    "rust": [("crates", "ureq"), ("crates", "petgraph"), ("crates", "indicatif"), ("crates", "tower")],
    "java": [("maven", "com.zaxxer:HikariCP"), ("maven", "org.jsoup:jsoup"), ("maven", "org.assertj:assertj-core"),
             ("maven", "io.dropwizard.metrics:metrics-core")],
    "c": [("debian", "jansson"), ("debian", "hiredis"), ("debian", "jq"), ("debian", "civetweb")],
    "cpp": [("debian", "yaml-cpp"), ("debian", "benchmark"), ("debian", "pugixml"), ("debian", "capnproto")],
}
WRITTEN_BY_PEOPLE = {"ethers": r"/src\.ts/", "router-core": r"/src/", "puppeteer-core": r"/src/",
                     "postcss": r"/lib/", "mongoose": r"/lib/", "undici": r"/lib/", "ava": r"/lib/",
                     "civetweb": r"/src/"}
NOT_THE_PROGRAM = re.compile(
    r"(^|/)(\w*tests?|testing|examples?|docs?|fuzz|bench(es|marks?)|\.pc)/|[_.-](test|spec)\.|_test|\.d\.ts$", re.I)

LICENSES = {  # What the packages without a licence file in their archive state elsewhere in it or in their manifest.
    "com.zaxxer:HikariCP": "Apache-2.0, Copyright (C) 2013-2016 Brett Wooldridge",
    "org.assertj:assertj-core": "Apache-2.0, Copyright 2012-2025 the original author or authors",
    "io.dropwizard.metrics:metrics-core": "Apache-2.0",
    "puppeteer-core": "Apache-2.0, Copyright Google Inc.",
}

TEXT_2K_BYTES, TEXT_2K_COUNT = 6_000, 6
TEXT_8K_BYTES, TEXT_8K_COUNT = 25_000, 1
PREFIX_BYTES, SUFFIX_BYTES = 2_400, 600
SPANS = [("rest", 9), ("word", 8), ("line", 5), ("block", 3), ("multi", 5)]


def main():
  out = out_folder()
  held, folders = held_out()
  text_2k, text_8k, spans = [], [], []
  for language, packages in SOURCES.items():
    files = [files_of(language, ecosystem, name, held[ecosystem][name], folders[ecosystem, name])
             for ecosystem, name in packages]
    used = set()
    text_8k += text_tasks(language, files, TEXT_8K_COUNT, TEXT_8K_BYTES, "8k", used)
    text_2k += text_tasks(language, files, TEXT_2K_COUNT, TEXT_2K_BYTES, "2k", used)
    spans += span_tasks(language, files)
  for name, tasks in (("text-2k", text_2k), ("text-8k", text_8k), ("span", spans)):
    lines = "".join(json.dumps(task, ensure_ascii=False) + "\n" for task in tasks)
    (out / f"{name}.jsonl").write_text(lines)
    print(f"{name}: {len(tasks)} tasks, {len(lines.encode()):,} bytes")
  (out / "NOTICE").write_text(notice(held, folders))


def out_folder():
  out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else SCRATCH / "tasks"
  out.mkdir(parents=True, exist_ok=True)
  return out


def held_out():
  """Fetches what heldout.json names: ({registry: {package: version}}, {(registry, package): its folder})."""
  registries.look_for_clients()
  held, folders = json.loads(registries.HELDOUT_JSON.read_text()), {}
  for ecosystem, packages in held.items():
    root = CORPUS / "packages" / "heldout" / ecosystem
    registries.fetch_all(ecosystem, packages, root)
    folders |= {(ecosystem, name): root / registries.safe(name) for name in packages}
  return held, folders


def files_of(language, ecosystem, name, version, folder):
  """The package's sources in that language, in an order that is random and always the same: [((program, path), text)]."""
  wanted = WRITTEN_BY_PEOPLE.get(name.split("/")[-1], "")
  files = []
  for document in corpus.read_documents("heldout", name, folder):
    inner = document["path"]
    if document["language"] == language and re.search(wanted, f"/{inner}") and not NOT_THE_PROGRAM.search(inner):
      inner = inner.split("/", 1)[1] if ecosystem in ("npm", "crates", "go", "debian") else inner
      files.append(((f"{name}-{version}", inner), learned(document["text"], language)))
  return sorted(files, key=lambda file: hashlib.sha256("/".join(file[0]).encode()).digest())


def in_turns(files):
  """One file of each package after the other."""
  for round in range(max(map(len, files))):
    for package in files:
      if round < len(package):
        yield package[round]


def text_tasks(language, files, count, size, label, used):
  tasks = []
  for path, text in in_turns(files):
    if len(tasks) == count:
      break
    if path in used or len(text.encode()) < size or not is_typical(text[:size]):
      continue
    used.add(path)
    end = text.rfind("\n", 0, len(text.encode()[:size].decode(errors="ignore"))) + 1
    tasks.append({"id": f"{language}-text-{label}-{len(tasks) + 1}", "kind": "text", "program": path[0],
                  "path": path[1], "prefix": "", "suffix": "", "expected": text[:end]})
  assert len(tasks) == count, f"{language} has {len(tasks)} files of {size} bytes"
  return tasks


def is_typical(text):
  """Program text, and not mainly comments, tables or a parser generator's output."""
  lines = [line.strip() for line in text.split("\n") if line.strip()]
  comments = sum(bool(re.match(r"//|#[^idep]|/?\*", line)) for line in lines)
  return comments < 0.35 * len(lines) and len(set(lines)) > 0.6 * len(lines) and "YYBISON" not in text


def span_tasks(language, files):
  rng = random.Random(f"griffin {language}")
  pool = [(path, text) for path, text in in_turns(files) if len(text) > 1_500]
  tasks, seen = [], set()
  for kind, count in SPANS:
    made = 0
    while made < count:
      path, text = pool[(len(tasks) + rng.randrange(4)) % len(pool)]
      span = SPAN[kind](text, rng)
      if span is None or in_comment(text, span[0]) or text[slice(*span)] in seen:
        continue
      start, end = span
      seen.add(text[start:end])
      made += 1
      tasks.append({"id": f"{language}-{kind}-{made}", "kind": "span", "program": path[0], "path": path[1],
                    "prefix": last_lines(text[:start], PREFIX_BYTES),
                    "suffix": first_lines(text[end:], SUFFIX_BYTES), "expected": text[start:end]})
  return tasks


def rest_of_line(text, rng):
  """From a place before a word or after a sign to the line's end."""
  return cut_line(text, rng, lambda line, at: not (line[at - 1].isalnum() and line[at].isalnum()) and line[at] != " ")


def rest_from_word(text, rng):
  """From within an identifier to the line's end."""
  return cut_line(text, rng, lambda line, at: line[at - 1:at + 2].isalpha())


def cut_line(text, rng, fits):
  start, end = random_line(text, rng)
  line = text[start:end]
  first = len(line) - len(line.lstrip())
  places = [at for at in range(first + 3, len(line) - 3) if fits(line, at) and "_" not in line[at - 1:at + 1]]
  if not is_code(line) or not places:
    return None
  at = rng.choice(places)
  return (start + at, end) if len(line) - at <= 60 else None


def whole_line(text, rng):
  start, end = random_line(text, rng)
  line = text[start:end]
  return (start + len(line) - len(line.lstrip()), end) if is_code(line) and len(line.strip()) <= 60 else None


def small_block(text, rng):
  """Two or three lines of code at the same depth."""
  start, end = random_line(text, rng)
  lines = text[start:].split("\n")[:rng.choice([2, 3])]
  depths = {len(line) - len(line.lstrip()) for line in lines}
  if not all(is_code(line) and len(line.strip()) <= 60 for line in lines) or len(depths) > 1 or depths == {0}:
    return None
  return start + depths.pop(), start + len("\n".join(lines))


def rest_of_statement(text, rng):
  """From a place in a line that leaves brackets open to the end of the line that closes them, two to four lines in all."""
  start, end = random_line(text, rng)
  depth = lambda part: sum((c in "([{") - (c in ")]}") for c in part)
  first = text[start:end]
  places = [at for at in range(len(first) - len(first.lstrip()) + 3, len(first) - 1)
            if not (first[at - 1].isalnum() and first[at].isalnum()) and first[at] != " "]
  lines = text[start:].split("\n")[:4]
  closed = next((n for n in range(2, len(lines) + 1) if depth("\n".join(lines[:n])) == 0), None)
  if not is_code(first) or not places or depth(first) <= 0 or closed is None:
    return None
  if not all(line.strip() and len(line.strip()) <= 80 for line in lines[:closed]) or re.search(r"//|#|/\*|\"\"\"", text[start:end]):
    return None
  at = start + rng.choice(places)
  end = start + len("\n".join(lines[:closed]))
  return (at, end) if end - at <= 200 else None


SPAN = {"multi": rest_of_statement, "rest": rest_of_line, "word": rest_from_word, "line": whole_line, "block": small_block}


def random_line(text, rng):
  """(start, end) of a line that has something to go by before it."""
  start = text.rfind("\n", 0, rng.randrange(800, len(text))) + 1
  end = text.find("\n", start)
  return start, len(text) if end < 0 else end


def is_code(line):
  stripped = line.strip()
  return (len(stripped) >= 10 and not re.match(r"(//|#|/?\*|\"\"\"|'|--)", stripped) and line == line.rstrip()
          and len(re.findall(r"[A-Za-z]", stripped)) >= 5 and bool(re.search(r"[(){}\[\]=.;:<>]", stripped)))


def in_comment(text, offset):
  """Within a docstring or a block comment, as far as counting their marks can tell."""
  before = text[:offset]
  return before.count('"""') % 2 == 1 or before.rfind("/*") > before.rfind("*/")


def last_lines(text, size):
  cut = text.encode()[-size:].decode(errors="ignore")
  return cut if len(cut) == len(text) else cut[cut.find("\n") + 1:]


def first_lines(text, size):
  cut = text.encode()[:size].decode(errors="ignore")
  return cut if len(cut) == len(text) else cut[:cut.rfind("\n") + 1]


def notice(held, folders):
  parts = ["The tasks in this folder are pieces of the programs below, unchanged but for the cuts, for measuring how\n"
           "well a model continues code. A task has the program's name and version; in repo.jsonl the name of its repository's\n"
           "file begins with it, and repos/ has files of them whole, but for comments at their top. Programs under\n"
           "Apache-2.0 are under the same text as LICENSE at this project's root.\n"]
  for packages in SOURCES.values():
    for ecosystem, name in packages:
      terms = licence(name, folders[ecosystem, name])
      parts.append(f"{'=' * 100}\n{name} {held[ecosystem][name]} ({ecosystem})\n\n{terms}\n")
  return "\n".join(parts)


def licence(name, folder):
  """The licence file's text, or one sentence where it is Apache's, which this project has already."""
  if name in LICENSES:
    return LICENSES[name]
  found = [file for file in sorted(folder.rglob("*"), key=lambda f: (not f.name.endswith("MIT"), len(f.parts), f.name))
           if re.fullmatch(r"(licen[sc]e|copying)([.-](md|txt|mit))?", file.name, re.I) and file.is_file()]
  text = found[0].read_text()
  assert re.search(r"Permission is hereby granted|Redistribution and use|Apache License|Permission to use", text), name
  if "Apache License" in text and "Permission is hereby granted" not in text:
    return "Apache-2.0"
  return "\n".join(line.rstrip() for line in text.strip().split("\n"))


if __name__ == "__main__":
  main()
