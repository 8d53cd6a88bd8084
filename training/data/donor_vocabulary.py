"""The donor's vocabulary, from its GGUF file, and a tokenizer.json of it, or of a part of it."""

import functools
import json

import gguf
import numpy as np
import tokenizers

from training.data.tokens import CONTROL

NORMAL, USER_DEFINED, BYTE = 1, 4, 6  # GGUF's token types
NOT_TEXT = {"[multimodal]", "<start_of_image>", "<end_of_image>"}  # User-defined for the donor, never in code.


class DonorVocabulary:
  """Gemma 3's vocabulary: pieces, their types, and the merges in the order in which they are tried."""

  def __init__(self, pieces: list[str], types: list[int], merges: list[tuple[str, str]]):
    self.pieces, self.types, self.merges = pieces, types, merges
    self.ids = {piece: i for i, piece in enumerate(pieces)}

  @staticmethod
  def read(path) -> "DonorVocabulary":
    fields = gguf.GGUFReader(path).fields
    field = lambda name: fields[f"tokenizer.ggml.{name}"].contents()
    # llama.cpp's converter writes runs of blanks as blanks; the vocabulary itself has ▁ for them.
    pieces = [piece.replace(" ", "▁") for piece in field("tokens")]
    types, scores = field("token_type"), field("scores")
    # Runs of newlines, blanks and tabs have no score of their own in the file (-1000): they come before all others.
    scores = [0.0 if type == USER_DEFINED or set(piece) == {"▁"} and len(piece) > 1 else score
              for piece, type, score in zip(pieces, types, scores)]
    return DonorVocabulary(pieces, types, merges_of(pieces, scores))

  @functools.cached_property
  def rank(self) -> dict[tuple[str, str], int]:
    """The place of each merge in their order."""
    return {pair: i for i, pair in enumerate(self.merges)}

  def derivation(self, piece: str) -> set[str]:
    """All pieces on the way from the characters to `piece`."""
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

  def kept_in(self, tokenizer_json) -> np.ndarray:
    """The ids here of a pruned tokenizer's tokens, at the place of their new id: what vocabulary.py chose when it was made."""
    ids = json.loads(tokenizer_json.read_text())["model"]["vocab"]
    return np.array([self.ids[CONTROL.get(name, name)] for name in sorted(ids, key=ids.get)], dtype=np.int32)

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
