"""Whether a model writes what a span task expects, by `griffin eval`'s rule: the text of its greedy completion is the
expected one but for blanks at the end. Tokens do not matter: `foo(` may be written as one or as two.

The prompt is healed as the engine heals it (src/engine/completion/tokenHealing.ts): what was cut off is written again in the way that
is likeliest as a whole. Greedy decoding is followed only as long as it agrees with what is expected, and a whole guess of it is checked
in one forward, so a task costs about two forwards, or one where nothing was cut off.
"""

import math
import re

from training.data.tokens import encode

MOST_HEALED = 4
UNFINISHED = re.compile(r"(?:(?<=[^ ]) )?[\w$]+\Z| +\Z")


class Writer:
  """A model as a writer of text.

  rows(ids, first): logits [len(ids) - first + 1, V] of what follows ids[:first], ids[:first + 1], …, ids.
  """

  def __init__(self, rows, tokenizer, stop):
    self.rows, self.tokenizer, self.stop = rows, tokenizer, set(stop)
    self.pieces = spellings(tokenizer)

  def encode(self, text):
    return encode(self.tokenizer, text)

  def is_exact(self, given, prefix, expected, line_ends=True):
    """given: the ids before `prefix`. line_ends: a line break after the expected text ends it, not only a stop token."""
    line = prefix.rfind("\n") + 1
    kept, cut = self.heal(self.encode(prefix[line:]))
    before = [*given, *self.encode(prefix[:line]), *kept]
    goal = self.spell(cut) + expected.rstrip().encode()
    chosen = self.regrow(before, cut)
    written = self.spell(chosen)
    while (found := verdict(written, goal, line_ends)) is None:
      if len(chosen) > 4 * len(goal) + 16:
        return False  # Blanks without end.
      guess = self.encode((goal[len(written):] + b"\n").decode(errors="replace"))
      logits = self.rows([*before, *chosen, *guess], len(before) + len(chosen))
      for best, guessed in zip(logits.argmax(-1).tolist(), guess):
        if best in self.stop:
          return written.rstrip() == goal
        written += self.pieces[best]
        chosen.append(best)
        if best != guessed or verdict(written, goal, line_ends) is not None:
          break
    return found

  def heal(self, ids):
    """(ids that stay, ids that are cut off) of the cursor's line."""
    line = self.spell(ids)
    if not line.strip():
      return ids, []
    found = UNFINISHED.search(line.decode(errors="replace"))
    tail, cut, size = len(found[0].encode()) if found else 0, 0, 0
    while cut < min(MOST_HEALED, len(ids)) and (cut == 0 or size < tail):
      cut += 1
      size += len(self.pieces[ids[-cut]])
    return ids[:len(ids) - cut], ids[len(ids) - cut:]

  def regrow(self, before, cut):
    """The likeliest way to write again what was cut off: some of the same ids, and one that has all the rest and may go beyond it."""
    if not cut:
      return []
    rows = self.rows([*before, *cut[:-1]], len(before)).log_softmax(-1)
    best, highest, so_far = cut, -math.inf, 0.0
    for i, (row, id) in enumerate(zip(rows, cut)):
      rest = self.spell(cut[i:])
      lasts = [last for last, piece in enumerate(self.pieces) if piece.startswith(rest)]
      for together, last in zip((so_far + row[lasts]).tolist(), lasts):
        if together > highest:
          best, highest = [*cut[:i], last], together
      so_far += row[id].item()
    return best

  def spell(self, ids):
    return b"".join(self.pieces[id] for id in ids)


def verdict(written, goal, line_ends):
  """Whether what was written is the goal; None while it may still become it."""
  if goal.startswith(written):
    return None
  if not written.startswith(goal):
    return False
  rest, line_break, more = written[len(goal):].partition(b"\n")
  if rest.strip():
    return False
  if line_ends and line_break:
    return True
  return False if more.strip() else None


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
