"""Passages of a file, cut like the chat's (src/engine/snippets/passages.ts): a definition with the comment before it."""

import dataclasses
import re

MOST_LINES, MOST_CHARACTERS = 40, 1600  # Of a passage, passages.ts.
LANGUAGES = ("python", "javascript", "typescript", "go", "rust", "java", "c", "cpp")

DEFINITION = {
    "python": r"^[ \t]*(?:async )?(def|class) (\w+)",
    "go": r"^(func|type) (?:\([^)]*\) )?(\w+)",
    "rust": r"^[ \t]*(?:pub(?:\([^)]*\))? )?(?:async |unsafe |const )*(fn|struct|enum|trait) (\w+)",
    "java": r"^[ \t]*(?:(?:public|protected|private|static|final|abstract|synchronized) )+(?:(class|interface|enum)|[\w<>\[\], ]+) (\w+)(?= ?[({<]| extends| implements)",
    "c": r"^(?:(struct|enum)|[a-zA-Z_][\w \t]*[ *]+)(\w+)(?=\([^;]*$| \{$)",
}
DEFINITION["cpp"] = r"^[ \t]*(?:(struct|class|enum)|[a-zA-Z_][\w:<> \t]*[ *&]+)(\w+)(?=\([^;]*$| \{$| : )"
DEFINITION["javascript"] = DEFINITION["typescript"] = (
    r"^[ \t]*(?:export )?(?:default )?(?:async |abstract )?(function\*?|class|interface|type|enum|const) (\w+)")
NO_NAMES = {"if", "for", "while", "switch", "return", "else", "main", "self", "this", "new", "delete", "catch", "test"}
KINDS = {"def": "function", "func": "function", "fn": "function", "function*": "function", "const": "constant",
         None: "function"}


@dataclasses.dataclass(frozen=True)
class Passage:
  """A definition as the chat would show it."""

  path: str
  start: int  # 1-based lines of the file, inclusive.
  end: int
  lines: list[str]
  name: str
  kind: str
  about: str  # The first paragraph of its doc comment; may be empty.
  doc: tuple[int, int]  # Its doc comment's lines among `lines`.

  @property
  def place(self):
    return f"{self.path}:{self.start}-{self.end}"


def passages(path: str, text: str, language: str) -> list[Passage]:
  """The definitions of a file that fit a passage, with their doc comments."""
  lines, found = text.split("\n"), []
  if language not in DEFINITION:
    return []
  for at, line in enumerate(lines):
    match = re.match(DEFINITION[language], line)
    if not match or match[2] in NO_NAMES or len(match[2]) < 3:
      continue
    first, last = comment_start(lines, at, language), body_end(lines, at, language)
    if last - first >= MOST_LINES or sum(len(l) + 1 for l in lines[first:last + 1]) > MOST_CHARACTERS:
      last = first + MOST_LINES - 1
      while sum(len(l) + 1 for l in lines[first:last + 1]) > MOST_CHARACTERS and last > at:
        last -= 1
    if last - at < 1 or len(lines[at]) > 200:
      continue
    doc = (0, at - first)
    if language == "python":
      doc = docstring(lines, at, last, first)
    about = summary(lines[first + doc[0]:first + doc[1]])
    kind = KINDS.get(match[1], match[1])
    found.append(Passage(path, first + 1, last + 1, lines[first:last + 1], match[2], kind, about, doc))
  return found


def comment_start(lines, at, language):
  """The first line of the comment, or of the decorators, right before line `at`."""
  marks = ("#", "@") if language == "python" else ("//", "*", "/*", "*/", "@", "#[")
  first = at
  while first > 0 and at - first < 12 and lines[first - 1].strip().startswith(marks):
    first -= 1
  return first


def body_end(lines, at, language):
  """The last line of what begins at line `at`: by its indentation."""
  depth = len(lines[at]) - len(lines[at].lstrip())
  for end in range(at + 1, len(lines)):
    line = lines[end]
    if not line.strip():
      continue
    indent = len(line) - len(line.lstrip())
    if indent <= depth and not line.strip().startswith((")", "{", "->", "where")):
      closes = language != "python" and line.strip().startswith(("}", "]"))
      last = end if closes else end - 1
      while last > at and not lines[last].strip():
        last -= 1
      return last
  return len(lines) - 1


def docstring(lines, at, last, first):
  """Lines of a Python docstring, counted from `first`; an empty range if there is none."""
  for i in range(at, min(last, at + 8)):
    if lines[i].rstrip().endswith(":"):
      if not re.match(r'[ \t]*[rR]?("""|\'\'\')', lines[i + 1]):
        break
      mark = '"""' if '"""' in lines[i + 1] else "'''"
      for end in range(i + 1, last + 1):
        if lines[end].count(mark) >= (2 if end == i + 1 else 1):
          return i + 1 - first, end + 1 - first
      break
  return 0, 0


def summary(lines) -> str:
  """The first paragraph of a doc comment as plain text."""
  words = []
  for line in lines:
    line = re.sub(r'^\s*(///?!?|/\*\*?|\*/|\*|#+|[rR]?"""|[rR]?\'\'\')\s?', "", line.rstrip()).strip()
    line = re.sub(r'\s*(\*/|"""|\'\'\')$', "", line)
    if re.match(r"@\w|#\[|:\w+|Args:|Returns:|Parameters|Example|-{3}|={3}|\\param|\\brief", line):
      break
    if not line:
      if words:
        break
      continue
    words.append(line)
  text = " ".join(words)
  text = re.sub(r"\{@\w+ ([^}]*)\}", r"\1", text)
  if not 20 <= len(text) <= 320 or not re.match(r"[A-Z`]", text) or re.search(r"copyright|licen[sc]e|todo|eslint|<\w+>", text, re.I):
    return ""
  ends = re.search(r"[.!?](?= |$)", text)
  return text[:ends.end()] if ends and ends.end() >= 20 else text.rstrip(".:") + "."
