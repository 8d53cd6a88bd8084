"""Golden ids for files with a gap, as training writes them: test/fixtures/gaps.json.

The texts are the samples that the repository has anyway. Each case has the text before and after the gap, what was taken
out of it, and the ids of the whole example; the engine must put the same before what it writes.
Usage: python training/make_gap_golden.py [OUT_DIR]
"""

import json
import pathlib
import random
import sys

import tokens
from documents import Corpus, gap_in, shown_path
from scratch import FIXTURES, ROOT
from tokens import EOS, FILE, FIM_PREFIX, FIM_SUFFIX

SAMPLES = ROOT / "samples" / "workspace"
CASES, LONGEST_FILE = 40, 6_000


def main():
  tokenizer = tokens.shipped()
  corpus = Corpus(lambda text: tokens.encode(tokenizer, text))
  files = [{"path": path.relative_to(SAMPLES).as_posix(), "text": path.read_text()}
           for path in sorted(SAMPLES.rglob("*")) if path.is_file() and path.stat().st_size < LONGEST_FILE]
  cases = [case(corpus, tokenizer, random.Random(seed), files) for seed in range(CASES)]
  lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in cases)
  out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else FIXTURES
  (out / "gaps.json").write_text(f"[\n{lines}\n]\n")


def case(corpus, tokenizer, rng, files):
  file = rng.choice(files)
  start, end = gap_in(file["text"], rng)
  ids, _ = corpus.gap(file, (start, end), rng, rng.choice((150, 300, 600, 1500)))
  assert ids[0] == FILE and ids[-1] == EOS
  suffix = tokenizer.decode(ids[ids.index(FIM_SUFFIX) + 1:ids.index(FIM_PREFIX)])
  written = tokenizer.decode(ids[ids.index(FIM_PREFIX) + 1:-1])
  middle = file["text"][start:end]
  assert written.endswith(middle) and file["text"][end:].startswith(suffix)
  prefix = written[:len(written) - len(middle)]
  return {"path": shown_path(file), "prefix": prefix, "suffix": suffix, "middle": middle, "ids": ids}


if __name__ == "__main__":
  main()
