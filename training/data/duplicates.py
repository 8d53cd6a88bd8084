"""Leaves out documents that are the same as an earlier one, or nearly."""

import collections
import hashlib
import re
import zlib

from datasketch import MinHash, MinHashLSH

SHINGLE_WORDS = 6
SIMILAR = 0.7  # Of the shingles of two documents, the share that both have (Jaccard), from which one is left out.
PERMUTATIONS = 64
SAMPLE = 4  # One shingle of so many, the same ones in every document: enough for files of some length, and quicker.


def without_duplicates(documents, known=()):
  """Yields what is like none of `known` and like none that it has yielded. Returns how many were left out, by reason."""
  exact, near, left_out = set(), MinHashLSH(threshold=SIMILAR, num_perm=PERMUTATIONS), collections.Counter()
  for held_out, document in [*((True, document) for document in known), *((False, document) for document in documents)]:
    key = hashlib.sha256(re.sub(r"[\s\d]+", "", document["text"]).encode()).digest()  # Years and versions differ.
    if key in exact:
      left_out["exact"] += not held_out
      continue
    exact.add(key)
    sketch = MinHash(PERMUTATIONS)
    sketch.update_batch(shingles(document["text"]))
    alike = near.query(sketch)
    if alike and not held_out:
      left_out["near a held-out one" if any(name[0] for name in alike) else "near"] += 1
      continue
    near.insert((held_out, len(exact)), sketch)
    if not held_out:
      yield document
  return left_out


def shingles(text):
  """A sample of the runs of SHINGLE_WORDS words in a text, as bytes."""
  words = re.findall(r"\w+|[^\w\s]", text)
  all_of_them = [" ".join(words[i:i + SHINGLE_WORDS]).encode() for i in range(max(1, len(words) - SHINGLE_WORDS + 1))]
  return [shingle for shingle in all_of_them if zlib.crc32(shingle) % SAMPLE == 0] or all_of_them[:1]
