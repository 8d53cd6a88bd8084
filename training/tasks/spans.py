"""Which parts of a file a task masks: each kind gives (start, end) of one somewhere in `text`, or None where that place has none."""

import re


def rest_of_line(text, rng):
  """From a place before a word or after a sign to the line's end."""
  return cut_line(text, rng, lambda line, at: not (line[at - 1].isalnum() and line[at].isalnum()) and line[at] != " ")


def rest_from_word(text, rng):
  """From within an identifier to the line's end."""
  return cut_line(text, rng, lambda line, at: line[at - 1:at + 2].isalpha())


def cut_line(text, rng, fits):
  """From a place of a line where fits(line, at), to its end."""
  start, end = random_line(text, rng)
  line = text[start:end]
  first = len(line) - len(line.lstrip())
  places = [at for at in range(first + 3, len(line) - 3) if fits(line, at) and "_" not in line[at - 1:at + 1]]
  if not is_code(line) or not places:
    return None
  at = rng.choice(places)
  return (start + at, end) if len(line) - at <= 60 else None


def whole_line(text, rng):
  """A line of at most 60 characters but for its indentation."""
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
  """Whether a line has something to say that is neither a comment nor all brackets."""
  stripped = line.strip()
  return (len(stripped) >= 10 and not re.match(r"(//|#|/?\*|\"\"\"|'|--)", stripped) and line == line.rstrip()
          and len(re.findall(r"[A-Za-z]", stripped)) >= 5 and bool(re.search(r"[(){}\[\]=.;:<>]", stripped)))


def in_comment(text, offset):
  """Within a docstring or a block comment, as far as counting their marks can tell."""
  before = text[:offset]
  return before.count('"""') % 2 == 1 or before.rfind("/*") > before.rfind("*/")


def last_lines(text, size):
  """Whole lines at the end of a text, `size` bytes at most."""
  cut = text.encode()[-size:].decode(errors="ignore")
  return cut if len(cut) == len(text) else cut[cut.find("\n") + 1:]


def first_lines(text, size):
  """Whole lines at the beginning of a text, `size` bytes at most."""
  cut = text.encode()[:size].decode(errors="ignore")
  return cut if len(cut) == len(text) else cut[:cut.rfind("\n") + 1]
