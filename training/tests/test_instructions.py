"""Questions about code: python -m training.tests.test_instructions (a second; needs the shipped tokenizer alone)."""

import random

from training.data import instructions, passages, tokens
from training.data.kinds import ANSWER
from training.data.tokens import END, START
from training.scratch import ROOT

FILES = {
    "python": ("a.py", '@once\ndef area(shape):\n  """Gives the area of a shape. Slow."""\n  return 1\n\n\nx = 2\n'),
    "typescript": ("src/a.ts", "/** Gives the area of a shape. */\nexport function area(shape: Shape) {\n  return 1;\n}\n\nlet x;\n"),
    "go": ("a.go", "// Area gives the area\n// of a shape.\nfunc (s *Shape) Area() int {\n\treturn 1\n}\n\nvar x int\n"),
    "rust": ("a.rs", "/// Gives the area of a shape.\n#[inline]\npub fn area(&self) -> i32 {\n    1\n}\n\nstatic X: i32 = 1;\n"),
    "java": ("A.java", "  /**\n   * Gives the area of a shape.\n   * @param s the shape\n   */\n  public static int area(Shape s) {\n    return 1;\n  }\n\n}\n"),
    "c": ("a.c", "/* Gives the area of a shape. */\nstatic int area(struct shape *s)\n{\n  return 1;\n}\n\nint x;\n"),
    "cpp": ("a.cc", "// Gives the area of a shape.\nint area(const Shape& s) {\n  return 1;\n}\n\nint x;\n"),
}


def main():
  for language, (path, text) in FILES.items():
    found = passages.passages(path, text, language)
    assert len(found) == 1, (language, found)
    one = found[0]
    assert one.name.lower() == "area" and one.kind == "function" and one.start == 1, (language, one)
    assert one.about.endswith("the area of a shape."), (language, one.about)
    assert text.split("\n")[one.start - 1:one.end] == one.lines and one.lines[-1].strip() in ("}", "return 1"), (language, one)
    bare = instructions.without_doc(one)
    assert "the area" not in "\n".join(bare.lines) and bare.end - bare.start + 1 == len(bare.lines), (language, bare)
    for asked in instructions.explain(found, lambda: found, random.Random(1)), instructions.where(found, lambda: found, random.Random(1)):
      assert any(source.place in asked[2] for source in asked[0])  # The answer names the place that the prompt shows.
  assert instructions.cannot(passages.passages(*FILES["c"], "c"), lambda: [], random.Random(3)) is None
  prompts()
  print("questions are well formed")


def prompts():
  """The engine's golden prompts for a tuned model, word by word."""
  tokenizer = tokens.shipped()
  written, checked = [], 0
  encode = lambda text: written.append(text) or tokens.encode(tokenizer, text)
  golden = (ROOT / "test" / "golden" / "chat" / "prompts.txt").read_text()
  for case in golden.split("\n=== "):
    _, *parts = case.split("\n--- ")
    names = [part.split("\n", 1) for part in parts]
    if "model: tuned" not in case or sum(name == "user" for name, _ in names) > 1:
      continue
    sources = []
    for name, text in names:
      if name.startswith("source "):
        path, lines = name.removeprefix("source ").rsplit(":", 1)
        start, end = map(int, lines.split("-"))
        sources.insert(0, passages.Passage(path, start, end, text.split("\n"), "", "", "", (0, 0)))
    asked, wanted = (next(text for name, text in names if name == part) for part in ("user", "prompt"))
    written.clear()
    ids, kinds = instructions.example(encode, sources, asked, "It is.")
    begin, middle, model, answer = written
    assert "{start}" + begin + "{end}" + middle + "{start}" + model == wanted.rstrip("\n") + "\n", (begin, wanted)
    assert ids[0] == START and ids[-1] == END
    assert [i for i, kind in zip(ids, kinds) if kind == ANSWER] == [*encode(answer), END]
    checked += 1
  assert checked >= 3


if __name__ == "__main__":
  main()
