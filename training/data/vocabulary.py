"""The donor's tokenizer as a Hugging Face tokenizer.json, and the same cut down to the tokens that code uses.

    python -m training.data.vocabulary SIZE

The donor's 262,144 tokens are for 140 languages; two thirds of its weights are their embeddings. What is kept: tokens
by their count over the corpus, each with every token on its own merge path, all byte tokens and all runs of blanks.

Merging is a sequence of the best-ranked merges, and each merge that leads to a kept token is kept, in the same order.
So text whose tokens are all kept is segmented exactly as before; only the rest falls into smaller pieces, in the end
into bytes. `SIZE` writes SCRATCH/vocabulary/SIZE/tokenizer.json and reports how much text is affected.

Text never becomes a control token: those are in the vocabulary, but neither among the added tokens, which are matched
in text, nor at the end of any merge. Only whoever knows its id can make one.
"""

import collections
import hashlib
import json
import re

import gguf
import numpy as np
import tokenizers

from training import command
from training.data.tokens import CONTROL
from training.scratch import CORPUS, SCRATCH, donor_path

NORMAL, USER_DEFINED, BYTE = 1, 4, 6  # GGUF's token types
NOT_TEXT = {"[multimodal]", "<start_of_image>", "<end_of_image>"}  # User-defined for the donor, never in code.
MIN_COUNT_OF_CHARACTER = 20  # A rarer character is better spelled in bytes.


def main():
  arguments = command.parser(__doc__)
  arguments.add_argument("size", type=int, help="of the vocabulary, in tokens")
  size = arguments.parse_args().size
  donor = Donor.read(donor_path())
  counts = count_tokens(donor)
  kept = choose(donor, counts, size)
  folder = SCRATCH / "vocabulary" / str(size)
  folder.mkdir(parents=True, exist_ok=True)
  (folder / "tokenizer.json").write_text(json.dumps(pruned_json(donor, kept), ensure_ascii=False, separators=(",", ":")))
  verify(donor, kept, tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json")))


class Donor:
  """Gemma 3's vocabulary: pieces, their types, and the merges in the order in which they are tried."""

  def __init__(self, pieces: list[str], types: list[int], merges: list[tuple[str, str]]):
    self.pieces, self.types, self.merges = pieces, types, merges
    self.ids = {piece: i for i, piece in enumerate(pieces)}

  @staticmethod
  def read(path) -> "Donor":
    fields = gguf.GGUFReader(path).fields
    field = lambda name: fields[f"tokenizer.ggml.{name}"].contents()
    # llama.cpp's converter writes runs of blanks as blanks; the vocabulary itself has ▁ for them.
    pieces = [piece.replace(" ", "▁") for piece in field("tokens")]
    types, scores = field("token_type"), field("scores")
    # Runs of newlines, blanks and tabs have no score of their own in the file (-1000): they come before all others.
    scores = [0.0 if type == USER_DEFINED or set(piece) == {"▁"} and len(piece) > 1 else score
              for piece, type, score in zip(pieces, types, scores)]
    return Donor(pieces, types, merges_of(pieces, scores))

  def derivation(self, piece: str) -> set[str]:
    """All pieces on the way from the characters to `piece`."""
    if not hasattr(self, "rank"):
      self.rank = {pair: i for i, pair in enumerate(self.merges)}
    parts, used = list(piece), set(piece)
    while len(parts) > 1:
      best = min(range(len(parts) - 1), key=lambda i: self.rank.get((parts[i], parts[i + 1]), len(self.merges)))
      if (parts[best], parts[best + 1]) not in self.rank:
        return set()  # No merge leads here: the piece never comes out of text.
      parts[best:best + 2] = [parts[best] + parts[best + 1]]
      used.add(parts[best])
    return used

  def tokenizer(self) -> tokenizers.Tokenizer:
    """The full tokenizer, without control tokens in text: the reference for every pruned one."""
    return tokenizers.Tokenizer.from_str(json.dumps(to_json(self.ids, self.merges, self.added())))

  def added(self) -> list[str]:
    """What is matched in text before merging: runs of newlines and tabs, and HTML tags."""
    return [piece for piece, type in zip(self.pieces, self.types)
            if (type == USER_DEFINED or piece == "\t") and piece not in NOT_TEXT and set(piece) != {"▁"}]


def merges_of(pieces, scores):
  """The merges of a SentencePiece BPE model, as Hugging Face's converter derives them from scores.

  For Gemma 3 this gives all 514,906 merges of the published tokenizer.json, in its order (LOG.md, 2026-11-24).
  """
  ids = {piece: i for i, piece in enumerate(pieces)}
  found = []
  for piece, score in zip(pieces, scores):
    cuts = [(piece[:i], piece[i:]) for i in range(1, len(piece)) if piece[:i] in ids and piece[i:] in ids]
    found += [(score, *cut) for cut in sorted(cuts, key=lambda cut: (ids[cut[0]], ids[cut[1]]))]
  found.sort(key=lambda merge: (merge[0], len(merge[1]), len(merge[2])), reverse=True)
  return [(left, right) for _, left, right in found]


def to_json(ids: dict[str, int], merges, added: list[str]) -> dict:
  """The contents of a Hugging Face tokenizer.json. added: what is matched in text before merging."""
  return {
      "version": "1.0", "truncation": None, "padding": None,
      "added_tokens": [{"id": ids[piece], "content": piece, "single_word": False, "lstrip": False, "rstrip": False,
                        "normalized": False, "special": False} for piece in sorted(added, key=ids.get)],
      "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
      "pre_tokenizer": None,
      "post_processor": None,  # The engine puts <bos> in front of a sequence, not of every piece of text.
      "decoder": {"type": "Sequence", "decoders": [
          {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}]},
      "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
                "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": True, "ignore_merges": False,
                "vocab": ids, "merges": [list(pair) for pair in merges]},
  }


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


def kept_of(donor, tokenizer_json) -> np.ndarray:
  """The donor's ids of a pruned tokenizer's tokens, at the place of their new id: what `choose` chose when it was made."""
  ids = json.loads(tokenizer_json.read_text())["model"]["vocab"]
  return np.array([donor.ids[CONTROL.get(name, name)] for name in sorted(ids, key=ids.get)], dtype=np.int32)


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
