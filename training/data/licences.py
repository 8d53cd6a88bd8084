"""Which licence a package states: in its metadata, else in its licence file, else at the head of its files."""

import collections
import json
import re

PERMISSIVE = {"0BSD", "Apache-2.0", "Artistic-2.0", "BSD", "BSL-1.0", "ISC", "MIT", "PSF-2.0", "Unlicense", "Zlib", "curl"}
COPYLEFT = re.compile(r"gnu (?:affero |lesser |library )?general public|mozilla public license|\b(?:[AL]?GPL|MPL)[- ]?v?[123]", re.I)

# Phrase of a licence, or its name in metadata → its name here. The first that is found counts.
PHRASES = [(re.compile(pattern, re.I), name) for pattern, name in (
    (r"business source license|\bBUSL|\bBSL[- ]?1\.1", "BUSL-1.1"),  # It names the licence that it will once become.
    (r"affero general public|AGPL", "AGPL"),
    (r"lesser general public|LGPL", "LGPL"),
    (r"gnu general public|\bGPL", "GPL"),
    (r"mozilla public license|\bMPL", "MPL"),
    (r"apache license|apache software license|apache[ -]?2|ASL-?2|^apache$", "Apache-2.0"),
    (r"boost software license|\bBSL-1(\.0)?(?!\.?\d)", "BSL-1.0"),
    (r"python software foundation|^PSF|^Python-2", "PSF-2.0"),
    (r"artistic license 2|Artistic-2", "Artistic-2.0"),
    (r"\bcurl\b", "curl"),
    (r"permission to use, copy, modify,? and(?:/or)? distribute this software for any\s+purpose|\bISC\b", "ISC"),
    (r"permission is hereby granted, free of charge|\bMIT\b|expat", "MIT"),
    (r"redistribution and use in source and binary forms|\bBSD", "BSD"),
    (r"\bzlib\b", "Zlib"), (r"\bunlicense\b", "Unlicense"), (r"0BSD", "0BSD"))]


def licence_of(folder, ecosystem):
  """A name of PERMISSIVE, another licence's name, or None when nothing is stated. Of a choice, a permissive one."""
  stated = stated_in_metadata(folder, ecosystem)
  if stated:
    return best(re.split(r"\s+OR\s+|/|\bor\b", stated)) or stated.splitlines()[0][:60]
  files = [file for file in sorted(folder.rglob("*")) if re.match(r"(licen[sc]e|copying)", file.name, re.I) and file.is_file()]
  # What lies deeper is the licence of a part.
  highest = min((len(file.parts) for file in files), default=0)
  return best([file.read_text(errors="replace")[:3000] for file in files if len(file.parts) == highest]) or most_headers(folder)


def is_copyleft(text):
  """Whether a file says at its head to be under a licence that is not permissive, and none that is."""
  head = text[:1500]
  return bool(COPYLEFT.search(head)) and not any(pattern.search(head) for pattern, name in PHRASES if name in PERMISSIVE)


def stated_in_metadata(folder, ecosystem):
  """As the package says it, or None."""
  if ecosystem == "pypi":
    text = next(folder.glob("*.dist-info/METADATA")).read_text(errors="replace").split("\n\n")[0]
    return (found(r"^License-Expression: (.+)", text) or found(r"^Classifier: License :: OSI Approved :: (.+)", text)
            or found(r"^License: (.+)", text))
  if ecosystem == "npm":
    licence = json.loads(next(folder.glob("*/package.json")).read_text()).get("license")
    return licence if isinstance(licence, str) else None
  if ecosystem == "crates":
    return found(r'^license = "(.+)"', next(folder.glob("*/Cargo.toml")).read_text())
  copyright = folder / "source" / "debian" / "copyright"
  if ecosystem == "debian" and copyright.exists():  # Its paragraph of all files that have none of their own.
    return found(r"^Files: \*\n(?:(?!\n).+\n)*?License: (.+)", copyright.read_text(errors="replace"))
  return None


def most_headers(folder):
  """What most files say at their beginning."""
  heads = [file.read_text(errors="replace")[:1500] for file in sorted(folder.rglob("*"))[:200] if file.is_file()]
  names = collections.Counter(name for head in heads if (name := best([head])))
  return names.most_common(1)[0][0] if names else None


def best(texts):
  """The first permissive licence that one of the texts names, else the first of any kind."""
  names = [next((name for pattern, name in PHRASES if pattern.search(text.strip())), None) for text in texts]
  return next((name for name in names if name in PERMISSIVE), next((name for name in names if name), None))


def found(pattern, text):
  match = re.search(pattern, text, re.M)
  return match and match[1]
