"""A file as the model reads it: its path and its text."""

import re

HASH_COMMENTS = {"python", "ruby", "shell", "perl", "config"}  # Elsewhere a line that begins with # is code, or a title.
RIGHTS = re.compile(r"copyright|licen[cs]e|spdx|all rights|redistribution", re.I)


def shown_path(file):
  """As an editor sees it: without the folder that the archive's name gives."""
  path = file["path"]
  return path.split("/", 1)[1] if re.match(r"(package|source|module|[\w.-]+-\d[\w.+-]*)/", path) else path


def learned(text, language):
  """A file's text as the model reads it: line ends of one kind, without a byte order mark and without its licence."""
  return without_licence(text.replace("\r\n", "\n").removeprefix("\ufeff"), language)


def without_licence(text, language):
  """Leaves out those of the comments at the top that are about rights: the same words in thousands of files. What a file is for stays."""
  mark = "//!|//|#(?!!)" if language in HASH_COMMENTS else "//!|//"  # Rust's //! begins another comment than the // above it.
  lines = rf"(?P<mark>{mark})[^\n]*\n([^\S\n]*(?P=mark)(?!!)[^\n]*\n)*"
  comment = re.compile(rf"\s*({lines}|/\*.*?\*/[^\S\n]*)([^\S\n]*\n)*", re.S)
  kept, at = [], re.match(r"([^\S\n]*\n)*", text).end()
  while match := comment.match(text, at):
    at = match.end()
    if not RIGHTS.search(match[0]):
      kept.append(match[0])
  return "".join(kept) + text[at:]
