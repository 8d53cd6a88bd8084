"""Questions about code with their answers, made from the corpus itself, in the chat's own form (models/README.md, "The chat's prompt").

What is asked is what a small model can answer by finding and copying: where a name is defined, what a function does (its own
doc comment), what a file defines, how a name is used, a doc comment for a function. One in six cannot be answered from the
code that is given, and the answer says so.
"""

import dataclasses
import re

from training.data.kinds import ANSWER, UNLEARNED
from training.data.passages import MOST_CHARACTERS
from training.data.tokens import END, START

REQUEST = "Answer from this code, and name the places that you speak of as path:line.\n\n"


def question(passages_of, rng):
  """(kind, sources most relevant last, question, answer), or None. `passages_of()` gives the passages of some file of the package."""
  kind, = rng.choices(list(KINDS), KINDS.values())
  for _ in range(6):
    found = passages_of()
    if found:
      made = kind(found, passages_of, rng)
      if made:
        return (kind.__name__, *made)
  return None


# Each of these makes (sources, question, answer) of some file's passages, or None where they do not serve.


def explain(found, passages_of, rng):
  told = [one for one in found if one.about]
  if not told:
    return None
  one = rng.choice(told)
  asked = rng.choice((f"What does {quoted(one, rng)} do?", f"Explain {quoted(one, rng)}.", f"What is {quoted(one, rng)} for?",
                      f"How does {quoted(one, rng)} work?", f"What does the {one.kind} {one.name} do?", spelled(one)))
  if rng.random() < 0.4:  # Without the comment: what it does must be read from the code.
    one = without_doc(one)
  return mixed(one, passages_of, rng), asked, f"`{one.name}` in {one.place}: {one.about}"


def where(found, passages_of, rng):
  one = rng.choice(found)
  asked = rng.choice((f"Where is {quoted(one, rng)} defined?", f"Where is {quoted(one, rng)}?", f"In which file is {quoted(one, rng)}?",
                      f"Find {quoted(one, rng)}.", f"Where do I find the {one.kind} {one.name}?"))
  return mixed(one, passages_of, rng), asked, f"The {one.kind} `{one.name}` is defined in {one.place}."


def cannot(found, passages_of, rng):
  one = rng.choice(found)
  asked = rng.choice((f"Where is {quoted(one, rng)} defined?", f"What does {quoted(one, rng)} do?", f"Explain {quoted(one, rng)}."))
  if rng.random() < 0.2:
    return [], asked, NO_CODE
  others = [other for other in mixed(None, passages_of, rng) if not any(one.name in line for line in other.lines)]
  if not others:
    return None
  return others, asked, f"The code that I was given does not show `{one.name}`, so I cannot tell."


NO_CODE = "I was given no code that says so. Attach a file with @, or ask with a name that occurs in the code."


def defines(found, passages_of, rng):
  if len(found) < 2:
    return None
  some = found[:rng.randint(2, 4)]
  names = [f"`{one.name}`" for one in some]
  asked = rng.choice((f"What is in {some[0].path}?", f"What does {some[0].path} define?", f"What is defined in {some[0].path}?"))
  told = [f"- `{one.name}` ({one.kind}), {one.place}" + (f": {one.about}" if one.about else "") for one in some]
  if total(some) > 2 * MOST_CHARACTERS or len(set(names)) < len(names):
    return None
  return some[::-1], asked, f"{some[0].path} defines:\n" + "\n".join(told)


def used(found, passages_of, rng):
  one = rng.choice(found)
  calls = [(line, other) for other in found for line in other.lines[1:]
           if other.name != one.name and re.search(rf"\b{one.name}\(", line) and 10 < len(line.strip()) < 100]
  if not calls:
    return None
  line, other = rng.choice(calls)
  asked = rng.choice((f"How is {quoted(one, rng)} used?", f"Show me a call of {quoted(one, rng)}.", f"Where is {quoted(one, rng)} called?"))
  return mixed(other, passages_of, rng), asked, f"`{other.name}` in {other.place} calls it:\n```\n{line.strip()}\n```"


def document(found, passages_of, rng):
  told = [one for one in found if one.about and one.doc[1] - one.doc[0] <= 6]
  if not told:
    return None
  one = rng.choice(told)
  asked = rng.choice((f"Write a doc comment for {quoted(one, rng)}.", f"Document {quoted(one, rng)}.", f"Write a docstring for {quoted(one, rng)}."))
  comment = "\n".join(one.lines[slice(*one.doc)])
  return [without_doc(one)], asked, f"```\n{comment}\n```"


KINDS = {explain: 34, where: 24, cannot: 16, defines: 8, used: 8, document: 10}  # How often, of a hundred.


def quoted(one, rng):
  """The name as people write it."""
  return rng.choice((f"`{one.name}`", one.name, one.name, f"{one.name}()" if one.kind == "function" else one.name))


def spelled(one):
  """A question that has the name's words instead of the name."""
  words = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", one.name).replace("_", " ").lower().strip()
  return f"How do I {words}?" if one.kind == "function" and " " in words else f"What is {one.name}?"


def without_doc(one):
  """The passage without its doc comment, and with the lines that are left."""
  start, end = one.doc
  if start == end:
    return one
  lines = one.lines[:start] + one.lines[end:]
  first = one.start + (end if start == 0 else 0)
  return dataclasses.replace(one, lines=lines, start=first, end=first + len(lines) - 1, doc=(0, 0))


def mixed(one, passages_of, rng):
  """The passage with up to three others, it being the last of them four times of five."""
  others, room = [], rng.choice((0, 800, 1600, 2400)) if one else 1600
  for _ in range(rng.randint(0, 3) if one else 3):
    found = passages_of()
    other = rng.choice(found) if found else None
    if other and (not one or other.name != one.name and not overlap(one, other)) and total([*others, other]) < room:
      others.append(other)
  others = [o for i, o in enumerate(others) if not any(overlap(o, p) for p in others[:i])]
  if one:
    others.insert(len(others) if rng.random() < 0.8 else rng.randint(0, len(others)), one)
  return others


def overlap(a, b):
  return a.path == b.path and a.start <= b.end and b.start <= a.end


def total(passages):
  return sum(len("\n".join(one.lines)) for one in passages)


# --- tokens --------------------------------------------------------------------------------------------------------------


def example(encode, sources, asked, answer):
  """(ids, kinds) of a question and its answer, which alone is learned."""
  code = "".join(source_text(one) for one in sources)
  user = [START, *encode("user\n" + code + (REQUEST if sources else "") + asked), END, *encode("\n"), START, *encode("model\n")]
  model = [*encode(answer), END]
  return user + model, [UNLEARNED] * len(user) + [ANSWER] * len(model)


def source_text(one):
  """A passage as the prompt shows it, in a fence that is longer than any in it."""
  text = "\n".join(one.lines)
  fence = "`" * max([3, *(1 + len(ticks) for ticks in re.findall("`+", text))])
  return f"Code in {one.path}:{one.start}-{one.end}\n{fence}\n{text}\n{fence}\n\n"
