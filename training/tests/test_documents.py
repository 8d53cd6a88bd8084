"""Streams of tokens and their weights: python -m training.tests.test_documents (a second)."""

import itertools
import random
import re

from training.data import documents, gaps
from training.data.documents import CONTEXT_WEIGHT, MIDDLE_WEIGHT
from training.data.tokens import BOS, EOS, FILE, FIM_PREFIX, FIM_SUFFIX

TEXT = "".join(f"line {i} = {i * i};\n" for i in range(40))


def main():
  corpus = documents.Corpus(lambda text: [100 + ord(c) for c in text])  # A token a character.
  with_gaps(corpus)
  cut_tokens()
  cut_into_segments()
  print("documents are well formed")


def with_gaps(corpus):
  said = lambda ids: "".join(chr(id - 100) for id in ids if id >= 100)
  for seed in range(50):
    rng = random.Random(seed)
    start, end = gap = gaps.gap_in(TEXT, rng)
    ids, weights = corpus.gap({"path": "package/src/a.c", "text": TEXT}, gap, rng, 300)
    assert len(ids) == len(weights) and ids[0] == FILE and ids[-1] == EOS
    suffix, prefix = ids.index(FIM_SUFFIX), ids.index(FIM_PREFIX)
    assert said(ids[:suffix]) == "src/a.c\n"  # As an editor sees the path.
    assert TEXT[end:].startswith(said(ids[suffix:prefix]))
    middle = said(ids[prefix:])[-(end - start):]
    assert middle == TEXT[start:end] and said(ids[prefix:]).removesuffix(middle) == TEXT[:start][-(len(ids) - prefix - 2 - len(middle)):]
    # What is predicted: the middle and its end most, with its whole line where the gap ends with it; what stands behind the
    # gap little, and no control token of the gap.
    before = said(ids[prefix:]).removesuffix(middle)
    line = before[before.rfind("\n") + 1:] if TEXT[end:end + 1] in ("", "\n") else ""
    most = len(line) + len(middle) + 1
    assert weights[-most:] == [MIDDLE_WEIGHT] * most
    assert weights[suffix] == weights[prefix] == 0
    assert set(weights[suffix + 1:prefix]) <= {CONTEXT_WEIGHT}
    assert set(weights[:suffix] + weights[prefix + 1:-most]) <= {1.0}


def cut_tokens():
  """Where the cut falls within a token, that token is the first of the middle."""
  corpus = documents.Corpus(lambda text: [hash(word) for word in re.findall(r"\w+|\W", text)])  # A token a word.
  text = "let total = 1;\nlet number = 2;\n"
  for cut, weighed in (("number", 6), ("ber", 6), (" = 2", 5)):  # number, blank, =, blank, 2, <eos>
    start = text.index(cut)
    _, weights = corpus.gap({"path": "a.c", "text": text}, (start, len(text) - 2), random.Random(1), 300)
    assert weights[-weighed - 1:] == [1.0, *[MIDDLE_WEIGHT] * weighed], cut


def cut_into_segments():
  """Each token is predicted once, with its own weight."""
  stream = (([id], [id / 2]) for id in itertools.count(BOS))
  parts = list(itertools.islice(documents.segments(stream, 7), 3))
  for i, (inputs, targets, weights) in enumerate(parts):
    assert inputs.tolist() == list(range(BOS + 7 * i, BOS + 7 * i + 7))
    assert (targets == inputs + 1).all() and (weights == targets / 2).all()


if __name__ == "__main__":
  main()
