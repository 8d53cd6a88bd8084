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

import json
import random
import re

from training.command import out_folder
from training.scratch import SCRATCH
from training.tasks.heldout import SOURCES, files_of, held_out
from training.tasks.spans import SPAN, first_lines, in_comment, last_lines

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
  out = out_folder(__doc__, SCRATCH / "tasks")
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
    write_tasks(out, name, tasks)
  (out / "NOTICE").write_text(notice(held, folders))


def write_tasks(out, name, tasks):
  lines = "".join(json.dumps(task, ensure_ascii=False) + "\n" for task in tasks)
  (out / f"{name}.jsonl").write_text(lines)
  print(f"{name}: {len(tasks)} tasks, {len(lines.encode()):,} bytes")


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
