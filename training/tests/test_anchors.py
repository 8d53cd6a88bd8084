"""What of a file of results is measured already: python -m training.tests.test_anchors"""

import json
import pathlib
import tempfile

from training.quality import anchors

TASK = {"id": "c-rest-1", "kind": "span", "prefix": "a", "expected": "b"}
WHOLE = json.dumps({"id": "c-rest-1", "exact": True, "task": anchors.digest(TASK), "setting": "donor"}) + "\n"
OTHER = WHOLE.replace("donor", "smollm2")
CHANGED = WHOLE.replace(anchors.digest(TASK), anchors.digest({**TASK, "prefix": "c"}))
TWO_BY_GRIFFIN_EVAL = WHOLE + json.dumps({"id": "c-rest-2", "completion": "a\u2028b\x85c"}, ensure_ascii=False) + "\n"
OF_GRIFFIN_EVAL = json.dumps({"id": "c-rest-1", "exact": True}) + "\n"

# text of the file, is the task known?, text of the file after that; None: another file must be named
CASES = [
    (WHOLE, True, WHOLE),
    (WHOLE + WHOLE[:20], True, WHOLE),
    (WHOLE[:-1], False, ""),
    (CHANGED, False, CHANGED),
    (OTHER, None, OTHER),
    (WHOLE + OTHER, None, WHOLE + OTHER),
    (OF_GRIFFIN_EVAL, None, OF_GRIFFIN_EVAL),
]


def main():
  with tempfile.TemporaryDirectory() as folder:
    file = pathlib.Path(folder, "results.jsonl")
    assert anchors.begun(file, "donor") == set()
    for text, is_known, left in CASES:
      file.write_text(text)
      assert known(file) == is_known, text
      assert file.read_text() == left, text
    file.write_text(TWO_BY_GRIFFIN_EVAL)
    assert [result["id"] for result in anchors.read(file)] == ["c-rest-1", "c-rest-2"]
  print(f"{len(CASES)} files are known for what they are")


def known(file):
  try:
    return (TASK["id"], anchors.digest(TASK)) in anchors.begun(file, "donor")
  except SystemExit:
    return None


if __name__ == "__main__":
  main()
