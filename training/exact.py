"""Whether a model writes what a span task expects, by `griffin eval`'s rule: the text of its greedy completion is the
expected one but for blanks at the end. Tokens do not matter: `foo(` may be written as one or as two.

The prompt is healed as the engine heals it (src/engine/completion/tokenHealing.ts). Greedy decoding is followed only as long as it
agrees with what is expected, and a whole guess of it is checked in one forward, so a task costs about one forward.
"""

import re

import torch

from tokens import encode

MOST_HEALED = 4
UNFINISHED = re.compile(rb"(?:(?<=[^ ]) )?[\w$]+$| +$")


class Writer:
  """A model as a writer of text.

  rows(ids, first): logits [len(ids) - first + 1, V] of what follows ids[:first], ids[:first + 1], …, ids.
  """

  def __init__(self, rows, tokenizer, stop):
    self.rows, self.tokenizer, self.stop = rows, tokenizer, set(stop)
    self.pieces = spellings(tokenizer)
    self.allowed = {}

  def encode(self, text):
    return encode(self.tokenizer, text)

  def is_exact(self, given, prefix, expected, line_ends=True):
    """given: the ids before `prefix`. line_ends: a line break after the expected text ends it, not only a stop token."""
    line = prefix.rfind("\n") + 1
    before = [*given, *self.encode(prefix[:line])]
    kept, wanted = self.heal(self.encode(prefix[line:]))
    before += kept
    goal = wanted + expected.rstrip().encode()
    written, chosen = b"", []
    while True:
      guess = self.encode((goal[len(written):] + b"\n").decode(errors="replace"))
      logits = self.rows([*before, *chosen, *guess], len(before) + len(chosen))
      for row, guessed in zip(logits, guess):
        best = self.best(row, wanted[len(written):])
        if best in self.stop:
          return written.rstrip() == goal
        written += self.pieces[best]
        chosen.append(best)
        if not goal.startswith(written):
          if not written.startswith(goal):
            return False
          rest, _, more = written[len(goal):].partition(b"\n")
          if rest.strip():
            return False
          if line_ends and len(rest) < len(written) - len(goal):
            return True
          if more.strip():
            return False
        if best != guessed:
          break
      if len(chosen) > 4 * len(goal) + 16:
        return False  # Blanks without end.

  def heal(self, ids):
    """(ids that stay, the bytes of the unfinished word that was cut off)."""
    line = b"".join(self.pieces[i] for i in ids)
    if not line.strip():
      return ids, b""
    found = UNFINISHED.search(line.decode(errors="ignore").encode())
    tail, cut, size = len(found[0]) if found else 0, 0, 0
    while cut < min(MOST_HEALED, len(ids)) and (cut == 0 or size < tail):
      cut += 1
      size += len(self.pieces[ids[-cut]])
    return ids[:len(ids) - cut], b"".join(self.pieces[i] for i in ids[len(ids) - cut:])

  def best(self, row, wanted):
    if not wanted:
      return row.argmax().item()
    if wanted not in self.allowed:
      self.allowed[wanted] = torch.tensor([bool(piece) and (piece.startswith(wanted) or wanted.startswith(piece))
                                           for piece in self.pieces])
    return row.masked_fill(~self.allowed[wanted][:len(row)], float("-inf")).argmax().item()


def spellings(tokenizer):
  """The bytes of each id's text, of byte-level vocabularies and of those that write ▁ for a blank."""
  size = tokenizer.get_vocab_size()
  pieces = [tokenizer.id_to_token(i) or "" for i in range(size)]
  if type(tokenizer.decoder).__name__ == "ByteLevel":
    shown = byte_alphabet()
    return [bytes(shown[c] for c in piece) if all(c in shown for c in piece) else b"" for piece in pieces]
  control = re.compile(r"<(pad|eos|bos|unk|mask|start_of_turn|end_of_turn|unused\d+|\|.*\|)>")
  byte = re.compile(r"<0x([0-9A-F]{2})>")
  return [b"" if control.fullmatch(piece) else
          bytes([int(match[1], 16)]) if (match := byte.fullmatch(piece)) else
          piece.replace("▁", " ").encode() for piece in pieces]


def byte_alphabet():
  """GPT-2's: the character that stands for each byte."""
  printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
  shown = {chr(b): b for b in printable}
  rest = (b for b in range(256) if b not in set(printable))
  return shown | {chr(256 + i): b for i, b in enumerate(rest)}
