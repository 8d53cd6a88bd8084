"""Questions about code with their answers, made from the corpus itself, in the chat's own form (models/README.md, "The chat's prompt").

What is asked is what a small model can answer by finding and copying: where a name is defined, what a function does (its own
doc comment), what a file defines, how a name is used, a doc comment for a function. One in six cannot be answered from the
code that is given, and the answer says so. Passages are cut like the chat's (src/engine/snippets/passages.ts): a definition with the
comment before it.
"""

import dataclasses
import re

from training.data.tokens import END, START

REQUEST = "Answer from this code, and name the places that you speak of as path:line.\n\n"
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


# --- questions -----------------------------------------------------------------------------------------------------------


def question(passages_of, rng):
  """(kind, sources most relevant last, question, answer), or None. `passages_of()` gives the passages of some file of the package."""
  kind = rng.choices(("explain", "where", "cannot", "defines", "used", "document"), (34, 24, 16, 8, 8, 10))[0]
  for _ in range(6):
    found = passages_of()
    if found:
      made = globals()[kind](found, passages_of, rng)
      if made:
        return (kind, *made)
  return None


def explain(found, passages_of, rng):
  told = [one for one in found if one.about]
  if not told:
    return None
  one = rng.choice(told)
  asked = rng.choice((f"What does {quoted(one, rng)} do?", f"Explain {quoted(one, rng)}.", f"What is {quoted(one, rng)} for?",
                      f"How does {quoted(one, rng)} work?", f"What does the {one.kind} {one.name} do?", spelled(one)))
  if rng.random() < 0.4:  # Without the comment: what it does must be read from the code.
    one = without_doc(one)
  return mixed(one, passages_of, rng), asked, f"`{one.name}` in {one.place}: {one.about}"


def where(found, passages_of, rng):
  one = rng.choice(found)
  asked = rng.choice((f"Where is {quoted(one, rng)} defined?", f"Where is {quoted(one, rng)}?", f"In which file is {quoted(one, rng)}?",
                      f"Find {quoted(one, rng)}.", f"Where do I find the {one.kind} {one.name}?"))
  return mixed(one, passages_of, rng), asked, f"The {one.kind} `{one.name}` is defined in {one.place}."


def cannot(found, passages_of, rng):
  one = rng.choice(found)
  asked = rng.choice((f"Where is {quoted(one, rng)} defined?", f"What does {quoted(one, rng)} do?", f"Explain {quoted(one, rng)}."))
  if rng.random() < 0.2:
    return [], asked, NO_CODE
  others = [other for other in mixed(None, passages_of, rng) if not any(one.name in line for line in other.lines)]
  if not others:
    return None
  return others, asked, f"The code that I was given does not show `{one.name}`, so I cannot tell."


NO_CODE = "I was given no code that says so. Attach a file with @, or ask with a name that occurs in the code."


def defines(found, passages_of, rng):
  if len(found) < 2:
    return None
  some = found[:rng.randint(2, 4)]
  names = [f"`{one.name}`" for one in some]
  asked = rng.choice((f"What is in {some[0].path}?", f"What does {some[0].path} define?", f"What is defined in {some[0].path}?"))
  told = [f"- `{one.name}` ({one.kind}), {one.place}" + (f": {one.about}" if one.about else "") for one in some]
  if total(some) > 2 * MOST_CHARACTERS or len(set(names)) < len(names):
    return None
  return some[::-1], asked, f"{some[0].path} defines:\n" + "\n".join(told)


def used(found, passages_of, rng):
  one = rng.choice(found)
  calls = [(line, other) for other in found for line in other.lines[1:]
           if other.name != one.name and re.search(rf"\b{one.name}\(", line) and 10 < len(line.strip()) < 100]
  if not calls:
    return None
  line, other = rng.choice(calls)
  asked = rng.choice((f"How is {quoted(one, rng)} used?", f"Show me a call of {quoted(one, rng)}.", f"Where is {quoted(one, rng)} called?"))
  return mixed(other, passages_of, rng), asked, f"`{other.name}` in {other.place} calls it:\n```\n{line.strip()}\n```"


def document(found, passages_of, rng):
  told = [one for one in found if one.about and one.doc[1] - one.doc[0] <= 6]
  if not told:
    return None
  one = rng.choice(told)
  asked = rng.choice((f"Write a doc comment for {quoted(one, rng)}.", f"Document {quoted(one, rng)}.", f"Write a docstring for {quoted(one, rng)}."))
  comment = "\n".join(one.lines[slice(*one.doc)])
  return [without_doc(one)], asked, f"```\n{comment}\n```"


def quoted(one, rng):
  return rng.choice((f"`{one.name}`", one.name, one.name, f"{one.name}()" if one.kind == "function" else one.name))


def spelled(one):
  words = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", one.name).replace("_", " ").lower().strip()
  return f"How do I {words}?" if one.kind == "function" and " " in words else f"What is {one.name}?"


def without_doc(one):
  start, end = one.doc
  if start == end:
    return one
  lines = one.lines[:start] + one.lines[end:]
  first = one.start + (end if start == 0 else 0)
  return dataclasses.replace(one, lines=lines, start=first, end=first + len(lines) - 1, doc=(0, 0))


def mixed(one, passages_of, rng):
  """The passage with up to three others, it being the last of them four times of five."""
  others, room = [], rng.choice((0, 800, 1600, 2400)) if one else 1600
  for _ in range(rng.randint(0, 3) if one else 3):
    found = passages_of()
    other = rng.choice(found) if found else None
    if other and (not one or other.name != one.name and not overlap(one, other)) and total([*others, other]) < room:
      others.append(other)
  others = [o for i, o in enumerate(others) if not any(overlap(o, p) for p in others[:i])]
  if one:
    others.insert(len(others) if rng.random() < 0.8 else rng.randint(0, len(others)), one)
  return others


def overlap(a, b):
  return a.path == b.path and a.start <= b.end and b.start <= a.end


def total(passages):
  return sum(len("\n".join(one.lines)) for one in passages)


# --- tokens --------------------------------------------------------------------------------------------------------------


def example(encode, sources, asked, answer, weight):
  """(ids, weights) of a question and its answer, which alone has a weight."""
  code = "".join(source_text(one) for one in sources)
  user = [START, *encode("user\n" + code + (REQUEST if sources else "") + asked), END, *encode("\n"), START, *encode("model\n")]
  model = [*encode(answer), END]
  return user + model, [0.0] * len(user) + [weight] * len(model)


def source_text(one):
  text = "\n".join(one.lines)
  fence = "`" * max([3, *(1 + len(ticks) for ticks in re.findall("`+", text))])
  return f"Code in {one.path}:{one.start}-{one.end}\n{fence}\n{text}\n{fence}\n\n"
