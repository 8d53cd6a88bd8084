"""The rule of exact spans, on models that write a known text: python -m training.tests.test_exact"""

import itertools

import torch

from training.data import tokens
from training.data.tokens import BOS, EOS
from training.quality.exact import Writer

# prefix, expected, what the model is sure of after the prefix (¶ ends it), exact?
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
    ("a = [üc", "k]", "k]\n", True),  # A word is cut off whole in every script.
    ("a = 1\n", "b = 2\nc = 3", "b = 2\nc = 3\nd = 4\n", True),
    ("a = 1\n", "b = 2\nc = 3", "b = 2\nd = 4\n", False),
]
# The same when only the model's own end ends a span.
TO_THE_END = [
    ("a = 1\n", "b = 2\nc = 3", "b = 2\nc = 3\n¶", True),
    ("a = 1\n", "b = 2\nc = 3", "b = 2\nc = 3\nd = 4\n¶", False),
]


# prefix, expected, texts with how likely each is, exact?
UNSURE = [
    # What begins "get" is likelier than "getElementById", but not where "El" must follow.
    ("x.getEl", "ementById()", {"x.get()\n": 0.6, "x.getElementById()\n": 0.4}, True),
    # The same tokens again, because other words that begin so are likely only one by one.
    ("x.getEl", "se()", {"x.getElse()\n": 0.6, "x.getElementById()\n": 0.4}, True),
]


class Scripted:
  """Expects the tokens of one of the texts, and nothing where it was cut otherwise."""

  def __init__(self, tokenizer, texts, pieces):
    self.size, self.pieces = tokenizer.get_vocab_size(), pieces
    self.texts = [(*text.encode().partition("¶".encode())[:2], share) for text, share in texts.items()]
    self.encode = lambda text: tokens.encode(tokenizer, text)
    self.joints = {text: set(itertools.accumulate(len(pieces[i]) for i in self.encode(text.decode()))) for text, _, _ in self.texts}

  def rows(self, ids, first):
    rows = torch.full((len(ids) - first + 1, self.size), 1e-9)
    for row, end in zip(rows, range(first, len(ids) + 1)):
      written = b"".join(self.pieces[i] for i in ids[:end])
      for text, is_ended, share in self.texts:
        if text.startswith(written) and written != text and self.goes_on(written, text):
          row[self.next_token(written, text[len(written):].decode(errors="ignore"))] += share
        elif written == text and is_ended:
          row[EOS] += share
    return rows.log()

  def goes_on(self, written, text):
    return len(written) in self.joints[text]

  def next_token(self, written, rest):
    return self.encode(rest)[0]


class Spelling(Scripted):
  """Writes sign by sign what comes after the prefix: other tokens, the same text."""

  def __init__(self, tokenizer, texts, pieces, prefix):
    super().__init__(tokenizer, texts, pieces)
    self.prefix = prefix.encode()

  def goes_on(self, written, text):
    return True

  def next_token(self, written, rest):
    return self.encode(rest if len(written) < len(self.prefix) else rest[0])[0]


def main():
  tokenizer = tokens.shipped()
  pieces = Writer(None, tokenizer, [EOS]).pieces
  count = 0

  def check(model, prefix, expected, exact, line_ends=True):
    nonlocal count
    found = Writer(model.rows, tokenizer, [EOS]).is_exact([BOS], prefix, expected, line_ends)
    assert found == exact, f"{type(model).__name__}: {prefix!r}, {expected!r}: {found}, of {model.texts}"
    count += 1

  for cases, line_ends in ((CASES, True), (TO_THE_END, False)):
    for prefix, expected, written, exact in cases:
      texts = {prefix + written: 1}
      check(Scripted(tokenizer, texts, pieces), prefix, expected, exact, line_ends)
      check(Spelling(tokenizer, texts, pieces, prefix), prefix, expected, exact, line_ends)
  for prefix, expected, texts, exact in UNSURE:
    check(Scripted(tokenizer, texts, pieces), prefix, expected, exact)
  print(f"{count} cases agree")


if __name__ == "__main__":
  main()
