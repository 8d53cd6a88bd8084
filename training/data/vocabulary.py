"""The donor's tokenizer, cut down to the tokens that code uses.

    python -m training.data.vocabulary SIZE

The donor's 262,144 tokens are for 140 languages; two thirds of its weights are their embeddings. What is kept: tokens
by their count over the corpus, each with every token on its own merge path, all byte tokens and all runs of blanks.

Merging is a sequence of the best-ranked merges, and each merge that leads to a kept token is kept, in the same order.
So text whose tokens are all kept is segmented exactly as before; only the rest falls into smaller pieces, in the end
into bytes. This writes SCRATCH/vocabulary/SIZE/tokenizer.json and reports how much text is affected.

Text never becomes a control token: those are in the vocabulary, but neither among the added tokens, which are matched
in text, nor at the end of any merge. Only whoever knows its id can make one.
"""

import collections
import hashlib
import json
import re

import numpy as np
import tokenizers

from training import command
from training.data.donor_vocabulary import BYTE, NORMAL, DonorVocabulary, to_json
from training.data.tokens import CONTROL
from training.scratch import CORPUS, SCRATCH, donor_path

MIN_COUNT_OF_CHARACTER = 20  # A rarer character is better spelled in bytes.


def main():
  arguments = command.parser(__doc__)
  arguments.add_argument("size", type=int, help="of the vocabulary, in tokens")
  size = arguments.parse_args().size
  donor = DonorVocabulary.read(donor_path())
  counts = count_tokens(donor)
  kept = choose(donor, counts, size)
  folder = SCRATCH / "vocabulary" / str(size)
  folder.mkdir(parents=True, exist_ok=True)
  (folder / "tokenizer.json").write_text(json.dumps(pruned_json(donor, kept), ensure_ascii=False, separators=(",", ":")))
  verify(donor, kept, tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json")))


def count_tokens(donor) -> np.ndarray:
  """How often each token occurs in the corpus, by the full tokenizer."""
  corpus = hashlib.sha256((CORPUS / "train.jsonl").read_bytes()).hexdigest()
  cache = SCRATCH / "vocabulary" / f"counts-{corpus[:16]}.npy"
  if not cache.exists():
    tokenizer = donor.tokenizer()
    counts = np.zeros(len(donor.pieces), dtype=np.int64)
    for batch in batches(read_texts("train"), 256):
      for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
        counts += np.bincount(encoding.ids, minlength=len(counts))
    cache.parent.mkdir(parents=True, exist_ok=True)
    np.save(cache, counts)
  return np.load(cache)


def choose(donor, counts, size) -> list[int]:
  """The donor's ids that are kept, at the place of their new id."""
  controls = [donor.ids[name] for name in CONTROL.values()]
  kept = {i for i, type in enumerate(donor.types) if type == BYTE}
  kept |= {donor.ids[piece] for piece in donor.added()}
  kept |= {i for i, piece in enumerate(donor.pieces) if set(piece) == {"▁"}}
  kept |= {donor.ids[chr(c)] for c in range(32, 127) if chr(c) in donor.ids}
  for i in np.argsort(-counts, kind="stable"):
    piece = donor.pieces[i]
    if donor.types[i] != NORMAL or len(piece) == 1 and counts[i] < MIN_COUNT_OF_CHARACTER:
      continue
    closure = {donor.ids[part] for part in donor.derivation(piece) if part in donor.ids} | {int(i)}
    if len(controls) + len(kept | closure) <= size:
      kept |= closure
    if len(controls) + len(kept) == size:
      break
  return controls + sorted(kept)


def pruned_json(donor, kept: list[int]) -> dict:
  """As `to_json`, of the kept tokens, the control tokens under our names, and of the merges among them."""
  names = list(CONTROL) + [donor.pieces[i] for i in kept[len(CONTROL):]]
  ids = {name: i for i, name in enumerate(names)}
  text = set(names[len(CONTROL):])
  merges = [(left, right) for left, right in donor.merges if left in text and right in text and left + right in text]
  return to_json(ids, merges, donor.added())


def verify(donor, kept, pruned):
  """Wherever the full tokenizer's ids are all kept, the pruned one must give the same; and all text must come back."""
  full = donor.tokenizer()
  new_id = np.full(len(donor.pieces), -1)
  new_id[kept] = np.arange(len(kept))
  for group in ("train", "dev"):
    changed_bytes = total_bytes = 0
    tokens = collections.Counter()
    for batch in batches(read_texts(group, every=8 if group == "train" else 1), 256):
      batch = [line for text in batch for line in re.split(r"(?<=\n)(?=[^\n])", text)]  # With the empty lines after it.
      for text, a, b in zip(batch, full.encode_batch_fast(batch, add_special_tokens=False),
                            pruned.encode_batch_fast(batch, add_special_tokens=False)):
        mapped = new_id[a.ids] if a.ids else np.array([], int)
        if (mapped >= 0).all():
          assert mapped.tolist() == b.ids, f"segmented differently: {text!r}"
        else:
          changed_bytes += len(text.encode())
        assert "▁" in text or pruned.decode(b.ids, skip_special_tokens=False) == text, f"does not come back: {text!r}"
        total_bytes += len(text.encode())
        tokens["full"] += len(a.ids)
        tokens["pruned"] += len(b.ids)
        tokens["dropped"] += int((mapped < 0).sum())
    print(f"{group}: {total_bytes / 1e6:.1f} MB, {total_bytes / tokens['full']:.3f} bytes a token before, "
          f"{total_bytes / tokens['pruned']:.3f} after ({tokens['pruned'] / tokens['full'] - 1:+.2%} tokens); "
          f"{tokens['dropped'] / tokens['full']:.3%} of tokens dropped; "
          f"lines with a dropped token hold {changed_bytes / total_bytes:.2%} of the text; all others are equal")


def read_texts(group, every=1):
  with open(CORPUS / f"{group}.jsonl") as lines:
    for i, line in enumerate(lines):
      if i % every == 0:
        yield json.loads(line)["text"]


def batches(items, size):
  batch = []
  for item in items:
    batch.append(item)
    if len(batch) == size:
      yield batch
      batch = []
  if batch:
    yield batch


if __name__ == "__main__":
  main()
