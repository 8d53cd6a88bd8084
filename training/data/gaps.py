"""Which part of a file is taken out of it for the model to write: (start, end), as often as an editor asks for such parts."""

import re

SUFFIX_CHARACTERS = 800  # How much of what stands behind a gap is shown: promptFrame.ts.


def gap_in(text, rng):
  """A gap that is not blank, where one is found; mostly one of which a name stands about it, too."""
  kind = rng.choices((rest_of_line, within_line, whole_line, lines, body, any_span), (50, 8, 18, 12, 10, 2))[0]
  fallback = None
  for _ in range(8):
    found = kind(text, rng)
    if found and found[0] < found[1] and text[slice(*found)].strip():
      if rng.random() < 0.4 or can_be_known(text, *found):
        return found
      fallback = found
  return fallback or any_span(text, rng)


def can_be_known(text, start, end):
  """Whether a name of the gap stands about it: such gaps teach to use what is there."""
  names = set(re.findall(r"[A-Za-z_]\w{3,}", text[start:end]))
  around = text[max(0, start - 1500):start] + "\n" + text[end:end + SUFFIX_CHARACTERS]
  return any(re.search(rf"\b{name}\b", around) for name in names)


# Each of these gives a gap somewhere in the text, some of them None where that place has none.


def rest_of_line(text, rng):
  """From anywhere in a line to its end, or to the closing brackets there."""
  _, indent, end = line_at(text, rng)
  start = rng.randrange(indent, end) if indent < end else indent
  closed = re.search(r"[)\]};,:'\"]+$", text[start:end])  # An editor has often closed the brackets already.
  if closed and closed.start() and rng.random() < 0.4:
    end = start + rng.randrange(closed.start(), closed.end())
  return start, end


def within_line(text, rng):
  """A part of a line that does not reach its end."""
  _, indent, end = line_at(text, rng)
  if end - indent < 4:
    return None
  start = rng.randrange(indent, end - 1)
  return start, rng.randrange(start + 1, end)


def whole_line(text, rng):
  """A line but for its indentation."""
  _, indent, end = line_at(text, rng)
  return indent, end


def lines(text, rng):
  """Two to eight lines, from the first one's indentation or from within it."""
  start, indent, end = line_at(text, rng)
  for _ in range(rng.choice((1, 1, 2, 2, 3, 4, 5, 7))):
    next_end = text.find("\n", end + 1)
    if next_end < 0:
      break
    end = next_end
  return (indent if rng.random() < 0.7 else rng.randint(indent, max(indent, text.find("\n", indent)))), end


def body(text, rng):
  """The deeper lines after one that opens a block."""
  openings = [match.end() for match in re.finditer(r"[{:]\n(?=[ \t])", text)]
  if not openings:
    return None
  start = rng.choice(openings)
  depth = indent_of(text[start:])
  end = at = start
  for line in text[start:].split("\n")[:20]:
    if line.strip() and indent_of(line) < depth:
      return start + depth, end - 1
    at += len(line) + 1
    end = at if line.strip() else end
  return None


def any_span(text, rng):
  """2 to 256 characters, short ones as often as long ones."""
  start = rng.randrange(len(text) - 1)
  return start, min(len(text), start + int(2 ** rng.uniform(1, 8)))


def line_at(text, rng):
  """(start, first character that is no blank, end) of a line that is not empty."""
  for _ in range(8):
    at = rng.randrange(len(text))
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    indent = start + len(text[start:end]) - len(text[start:end].lstrip())
    if indent < end:
      return start, indent, end
  return start, start, end


def indent_of(line):
  return len(line) - len(line.lstrip(" \t"))
