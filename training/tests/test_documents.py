"""Streams of tokens and their kinds: python -m training.tests.test_documents (a second)."""

import itertools
import random
import re

from training.data import gaps
from training.data.documents import Corpus, segments
from training.data.kinds import CONTEXT, MIDDLE, TEXT, UNLEARNED
from training.data.tokens import BOS, EOS, FILE, FIM_PREFIX, FIM_SUFFIX

TEXT_OF_A = "".join(f"line {i} = {i * i};\n" for i in range(40))
# Four packages, whose files say which they are: {(package, path): text}.
FILES = {(p, f"package/{f}.c"): "".join(f"{p}{f} line_{i} = {i * i};\n" for i in range(60)) for p in "pqrs" for f in "abcd"}


def main():
  with_gaps(corpus_of())
  cut_tokens()
  streams(corpus_of({"language": "c", "package": package, "path": path, "text": text} for (package, path), text in FILES.items()))
  cut_into_segments()
  print("documents are well formed")


def corpus_of(files=()):
  """A token a character."""
  return Corpus(lambda text: [100 + ord(c) for c in text], files)


def said(ids):
  return "".join(chr(id - 100) for id in ids if id >= 100)


def with_gaps(corpus):
  for seed in range(50):
    rng = random.Random(seed)
    start, end = gap = gaps.gap_in(TEXT_OF_A, rng)
    ids, kinds = corpus.gap({"path": "package/src/a.c", "text": TEXT_OF_A}, gap, rng, 300)
    assert len(ids) == len(kinds) and ids[0] == FILE and ids[-1] == EOS
    suffix, prefix = ids.index(FIM_SUFFIX), ids.index(FIM_PREFIX)
    assert said(ids[:suffix]) == "src/a.c\n"  # As an editor sees the path.
    assert TEXT_OF_A[end:].startswith(said(ids[suffix:prefix]))
    middle = said(ids[prefix:])[-(end - start):]
    assert middle == TEXT_OF_A[start:end] and said(ids[prefix:]).removesuffix(middle) == TEXT_OF_A[:start][-(len(ids) - prefix - 2 - len(middle)):]
    # The middle and its end, with its whole line where the gap ends with it; what stands behind the gap is context, and no control
    # token of the gap is learned.
    before = said(ids[prefix:]).removesuffix(middle)
    line = before[before.rfind("\n") + 1:] if TEXT_OF_A[end:end + 1] in ("", "\n") else ""
    most = len(line) + len(middle) + 1
    assert kinds[-most:] == [MIDDLE] * most
    assert kinds[suffix] == kinds[prefix] == UNLEARNED
    assert set(kinds[suffix + 1:prefix]) <= {CONTEXT}
    assert set(kinds[:suffix] + kinds[prefix + 1:-most]) <= {TEXT}


def cut_tokens():
  """Where the cut falls within a token, that token is the first of the middle."""
  corpus = Corpus(lambda text: [hash(word) for word in re.findall(r"\w+|\W", text)])  # A token a word.
  text = "let total = 1;\nlet number = 2;\n"
  for cut, count in (("number", 6), ("ber", 6), (" = 2", 5)):  # number, blank, =, blank, 2, <eos>
    start = text.index(cut)
    _, kinds = corpus.gap({"path": "a.c", "text": text}, (start, len(text) - 2), random.Random(1), 300)
    assert kinds[-count - 1:] == [TEXT, *[MIDDLE] * count], cut


def streams(corpus):
  """Each document begins with <bos>, is of one package, and has none of a file among the snippets before its gap."""
  for name in ("gaps", "texts"):
    documents = list(documents_of(corpus.stream(name, 1), 60))
    for document in documents:
      files = [said(part).partition("\n") for part in split(document, FILE)]
      packages = {package for _, _, text in files for package in re.findall(r"\b([pqrs])[abcd] line_", text)}
      assert len(packages) == 1, packages
      paths = [path for path, _, text in files[1:]]  # Before the first there is nothing, or text without a path.
      assert len(set(paths)) == len(paths), paths
      assert paths or name == "texts"
    assert max(document.count(FILE) for document in documents) > 2, "no snippets"
    assert any(EOS in document[:-1] for document in documents) == (name == "texts"), "after a file with a gap a package goes on"


def documents_of(stream, count):
  """The ids of the first documents of a stream, without <bos>."""
  ids = []
  for part, kinds in stream:
    assert len(part) == len(kinds) and BOS not in part[1:]
    if part[0] == BOS and ids:
      yield ids[1:]
      ids, count = [], count - 1
      if not count:
        return
    assert ids or part[0] == BOS
    ids += part


def split(ids, mark):
  parts = [[]]
  for id in ids:
    if id == mark:
      parts.append([])
    else:
      parts[-1].append(id)
  return parts


def cut_into_segments():
  """Each token is predicted once, with its own kind."""
  stream = (([id], [2 * id]) for id in itertools.count(BOS))
  parts = list(itertools.islice(segments(stream, 7), 3))
  for i, (inputs, targets, kinds) in enumerate(parts):
    assert inputs.tolist() == list(range(BOS + 7 * i, BOS + 7 * i + 7))
    assert (targets == inputs + 1).all() and (kinds == 2 * targets).all()


if __name__ == "__main__":
  main()
