"""A file as the model reads it: its path and its text."""

import re

HASH_COMMENTS = {"python", "ruby", "shell", "perl", "config"}  # Elsewhere a line that begins with # is code, or a title.


def shown_path(file):
  """As an editor sees it: without the folder that the archive's name gives."""
  path = file["path"]
  return path.split("/", 1)[1] if re.match(r"(package|source|module|[\w.-]+-\d[\w.+-]*)/", path) else path


def learned(text, language):
  """A file's text as the model reads it: line ends of one kind, without a byte order mark and without its licence."""
  return without_licence(text.replace("\r\n", "\n").removeprefix("\ufeff"), language)


def without_licence(text, language):
  """Leaves out the comments at the top, which are the same words in thousands of files."""
  hash_comment = r"|#(?!!)[^\n]*\n" if language in HASH_COMMENTS else ""
  comment = rf"\s*(//[^\n]*\n|/\*.*?\*/[^\S\n]*{hash_comment})"
  match = re.match(rf"({comment})*([^\S\n]*\n)*", text, re.S)
  return text[match.end():]
