"""From the corpus to endless streams of tokens, with a kind for each, from which its weight in the loss follows (kinds.py).

Two streams:
`gaps`: a piece of a file around a gap, each with its own <bos>; seldom a question about code with its answer (instructions.py).
`texts`: <bos>, then the files of one package in order, up to REPOSITORY_TOKENS, half of them with a gap; then twice as many tokens
of single files, whole or around a gap, each with its own <bos>.

A file:             <|file_separator|> path \\n text
A file with a gap:  <|file_separator|> path \\n <|fim_suffix|> suffix <|fim_prefix|> prefix middle <eos>
Before the latter there may be snippets, pieces of the package's other files, each written as a file.
Suffix and snippets are as long as in an editor's prompt (src/engine/completion/promptFrame.ts). A prefix is mostly shorter, so that a gap
costs few tokens: 75 to 3,000 characters, in the files of a package up to 4,000, where the editor sends 2,000 to 4,000 (promptWindow.ts).
The suffix comes first (SPM of Bavarian et al. 2022, arXiv 2207.14255), so prefix and middle are one text: the cut may fall within a
token, and typing over the cut changes nothing of the state.
"""

import collections
import json
import random
import re

import numpy as np

from training.data import instructions, passages
from training.data.files import learned, shown_path
from training.data.gaps import SUFFIX_CHARACTERS, gap_in
from training.data.kinds import CONTEXT, MIDDLE, TEXT, UNLEARNED
from training.data.tokens import BOS, EOS, FILE, FIM_PREFIX, FIM_SUFFIX, encode
from training.scratch import CORPUS

REPOSITORY_TOKENS = 8_192  # Many packages teach more than much of one.
SNIPPET_CHARACTERS = 2000  # promptFrame.ts
QUESTIONS = 0.01  # Of the documents of `gaps`: the chat does not ask in their form yet.
# Most to those that had gained least over the donor when this was last set (LOG.md).
SHARES = collections.defaultdict(lambda: 0.3, python=22, java=16, cpp=6, c=3, javascript=3, typescript=2, go=2.5, rust=2,
                                 english=1, config=0.5, lua=0.2)


class Corpus:
  """The files of a group by language and package, and what is made of them: (ids, kinds), as long as each other.

  A file is a line of the corpus: {"path", "text", "language", "package", …}.
  """

  @staticmethod
  def read(tokenizer, group="train") -> "Corpus":
    """group: `train` or `dev`, as corpus.py writes them."""
    with open(CORPUS / f"{group}.jsonl") as lines:
      return Corpus(lambda text: encode(tokenizer, text), map(json.loads, lines))

  def __init__(self, encode, documents=()):
    self.encode = encode
    self.by_package = collections.defaultdict(list)
    for document in documents:
      document["text"] = learned(document["text"], document["language"])
      if len(document["text"]) >= 100:
        self.by_package[document["language"], document["package"]].append(document)
    self.packages = collections.defaultdict(list)
    for (language, _), files in self.by_package.items():
      self.packages[language].append(sorted(files, key=lambda file: file["path"]))
    self.languages = sorted(self.packages)
    self.shares = [SHARES[language] for language in self.languages]

  def stream(self, name, seed):
    """Endless (token ids, their kinds), one document's part after the other."""
    rng = random.Random(seed)
    singles = 0  # Tokens of single files that are still to come for those of a repository.
    while True:
      language = rng.choices(self.languages, self.shares)[0]
      if name == "gaps" and language in passages.LANGUAGES and rng.random() < QUESTIONS:
        found = self.question(language, rng)
        if found:
          yield with_bos(instructions.example(self.encode, *found[1:]))
      elif name == "gaps":
        yield with_bos(self.with_gap(rng.choice(self.package(language, rng)), rng))
      elif singles > 0:
        file = rng.choice(self.package(language, rng))
        part = self.piece(file, rng) if rng.random() < 0.25 else self.with_gap(file, rng)
        singles -= len(part[0])
        yield with_bos(part)
      else:
        for part in self.repository(self.package(language, rng), rng):
          singles += 2 * len(part[0])
          yield part

  def package(self, language, rng):
    """Its files. A large one comes seldomer than its files would: what is learned should hold for packages that are not here."""
    packages = self.packages[language]
    return rng.choices(packages, [min(len(files), 15) for files in packages])[0]

  def piece(self, file, rng):
    """Up to 4,000 or 8,000 characters of a file, without a gap."""
    size = rng.choice((4000, 8000))
    text = file["text"][:size] if rng.random() < 0.5 else piece(file["text"], rng, size)
    return self.whole(file, text) if rng.random() < 0.5 else self.bare(text)

  def with_gap(self, file, rng):
    """Once in five with snippets before it."""
    gap = gap_in(file["text"], rng)
    ids, kinds = self.gap(file, gap, rng, rng.choice((300, 600, 1000, 1500, 3000)))
    snippets = self.snippets(file, file["text"][slice(*gap)], rng) if rng.random() < 0.2 else []
    return snippets + ids, [CONTEXT] * len(snippets) + kinds

  def question(self, language, rng):
    """Of one package's files: instructions.question."""
    files = rng.choice(self.packages[language])

    def passages_of():
      file = rng.choice(files)
      return passages.passages(shown_path(file), file["text"], language)

    return instructions.question(passages_of, rng)

  def repository(self, files, rng):
    """Yields the parts of one document: a package's files in order, from any one on, up to REPOSITORY_TOKENS."""
    start, total = rng.randrange(len(files)), 0
    for i in range(len(files)):
      file = files[(start + i) % len(files)]
      has_gap = rng.random() < 0.5
      part = (self.gap(file, gap_in(file["text"], rng), rng, rng.choice((1500, 4000))) if has_gap
              else self.whole(file, file["text"][:20_000]))
      yield with_bos(part) if i == 0 else part
      total += len(part[0])
      if total > REPOSITORY_TOKENS:
        return

  def whole(self, file, text):
    """`text` of a file, without a gap, below its path."""
    ids = [FILE, *self.encode(shown_path(file) + "\n"), *self.encode(text if text.endswith("\n") else text + "\n")]
    return ids, [TEXT] * len(ids)

  def bare(self, text):
    """Neither a path nor a gap: what a model is measured on beside models that know neither."""
    ids = self.encode(text)
    return ids, [TEXT] * len(ids)

  def snippets(self, file, middle, rng):
    """Pieces of the package's other files: of a few at random, those that hold most of the middle's names, the best last."""
    others = [other for other in self.by_package[file["language"], file["package"]] if other is not file]
    names = set(re.findall(r"[A-Za-z_]\w{3,}", middle))
    pieces = [(other, piece(other["text"], rng, rng.randrange(300, 700))) for other in rng.sample(others, min(len(others), 8))]
    pieces.sort(key=lambda found: sum(name in found[1] for name in names))
    chosen, total = [], 0
    for other, text in pieces[-rng.randint(1, 4):]:
      total += len(text)
      if total <= SNIPPET_CHARACTERS:
        chosen += self.whole(other, text)[0]
    return chosen

  def gap(self, file, gap, rng, prefix_size, whole_line=True):
    """A file with a gap, which is (start, end). prefix_size: the most characters before it that are shown; at least a quarter are.

    whole_line: counts as middle all of the cursor's line, not only what stood in the gap, where the gap goes on to the line's end. Prefix and
    middle are one text, so that line is as well a gap with the same suffix.
    """
    text, (start, end) = file["text"], gap
    before = text[max(0, start - rng.randrange(prefix_size // 4, prefix_size)):start]
    if len(before) < start:  # The editor's prompt begins with a line too.
      before = before[before.find("\n") + 1:] if "\n" in before else before
    suffix_size = rng.choice((0, rng.randrange(100), rng.randrange(300), rng.randrange(800), *[SUFFIX_CHARACTERS] * 5))
    suffix = text[end:end + suffix_size]
    if (suffix_size == SUFFIX_CHARACTERS or rng.random() < 0.7) and "\n" in suffix.strip("\n"):
      suffix = suffix[:suffix.rfind("\n") + 1]
    header, suffix = [FILE, *self.encode(shown_path(file) + "\n")], self.encode(suffix)
    context = [*header, FIM_SUFFIX, *suffix, FIM_PREFIX]
    known = before[:before.rfind("\n") + 1] if whole_line and text[end:end + 1] in ("", "\n") else before
    ids = self.encode(before + text[start:end])
    middle = len(ids) - in_common(ids, self.encode(known))
    kinds = [*[TEXT] * len(header), UNLEARNED, *[CONTEXT] * len(suffix), UNLEARNED]
    kinds += [TEXT] * (len(ids) - middle) + [MIDDLE] * (middle + 1)
    return context + ids + [EOS], kinds


def in_common(ids, others):
  """How many tokens both begin with: the text's last token can be another when more text follows."""
  return next((i for i, (one, other) in enumerate(zip(ids, others)) if one != other), min(len(ids), len(others)))


def with_bos(part):
  return [BOS, *part[0]], [UNLEARNED, *part[1]]


def piece(text, rng, size):
  """Whole lines from somewhere in the text, `size` characters at most."""
  if len(text) <= size:
    return text
  start = text.find("\n", rng.randrange(len(text) - size)) + 1
  end = text.rfind("\n", start, start + size) + 1
  return text[start:end or start + size]


def segments(stream, size):
  """Endless (inputs, targets, kinds of the targets) of `size` tokens, without gaps between them."""
  ids, kinds = [], []
  while True:
    while len(ids) <= size:
      more_ids, more_kinds = next(stream)
      ids += more_ids
      kinds += more_kinds
    yield tuple(map(np.array, (ids[:size], ids[1:size + 1], kinds[1:size + 1])))
    ids, kinds = ids[size:], kinds[size:]
