"""The rule of exact spans, on models that write a known text: python training/test_exact.py"""

import torch

import tokens
from exact import Writer
from tokens import BOS, EOS

# prefix, expected, what the model writes after the prefix (¶ ends it), exact?
CASES = [
    ("x = ", "foo(bar)", "foo(bar)\n", True),
    ("x = ", "foo(bar)", "foo(bar)  \nmore", True),  # Blanks at the end do not count.
    ("x = ", "foo(bar)", "foo(bar)¶", True),
    ("x = ", "foo(bar)", "foo(bar).baz\n", False),
    ("x = ", "foo(bar)", "foo(bar", False),
    ("x = ", "foo(bar)", "foo(¶", False),
    ("x = ", "foo(bar)", " foo(bar)\n", False),
    ("    return self._conn", "ection.close()", "ection.close()\n", True),  # From within a word.
    ("    return self._conn", "ection.close()", "ections\n", False),
    ("a = 1\n", "b = 2\nc = 3", "b = 2\nc = 3\nd = 4\n", True),
    ("a = 1\n", "b = 2\nc = 3", "b = 2\nd = 4\n", False),
]
# The same when only the model's own end ends a span.
TO_THE_END = [
    ("a = 1\n", "b = 2\nc = 3", "b = 2\nc = 3\n¶", True),
    ("a = 1\n", "b = 2\nc = 3", "b = 2\nc = 3\nd = 4\n¶", False),
]


class Scripted:
  """Expects the tokens of one text, cut at `joints` as no tokenizer would."""

  def __init__(self, tokenizer, text, pieces):
    self.size, self.pieces = tokenizer.get_vocab_size(), pieces
    body, end, _ = text.partition("¶")
    self.text, self.end = body.encode(), bool(end)
    self.encode = lambda text: tokens.encode(tokenizer, text)

  def rows(self, ids, first):
    rows = torch.zeros(len(ids) - first + 1, self.size)
    for row, end in zip(rows, range(first, len(ids) + 1)):
      written = b"".join(self.pieces[i] for i in ids[:end])
      if self.text.startswith(written) and written != self.text:
        rest = self.text[len(written):].decode(errors="ignore")
        row[self.next_token(rest)] = 1
      elif written == self.text and self.end:
        row[EOS] = 1
    return rows

  def next_token(self, rest):
    return self.encode(rest)[0]


class Spelling(Scripted):
  """Writes sign by sign: other tokens, the same text."""

  def next_token(self, rest):
    return self.encode(rest[0])[0]


def main():
  tokenizer = tokens.shipped()
  pieces = Writer(None, tokenizer, [EOS]).pieces
  for kind in (Scripted, Spelling):
    for cases, line_ends in ((CASES, True), (TO_THE_END, False)):
      for prefix, expected, written, exact in cases:
        model = kind(tokenizer, prefix + written, pieces)
        found = Writer(model.rows, tokenizer, [EOS]).is_exact([BOS], prefix, expected, line_ends)
        assert found == exact, f"{kind.__name__}: {prefix!r} + {written!r} for {expected!r}: {found}"
  print(f"{2 * (len(CASES) + len(TO_THE_END))} cases agree")


if __name__ == "__main__":
  main()
