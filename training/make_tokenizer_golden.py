"""Golden ids for the bundled model's tokenizer, from Hugging Face's Python package: test/fixtures/tokenizer.json.

Usage: python training/make_tokenizer_golden.py [OUT_DIR]
"""

import json
import pathlib
import sys

import tokens
from scratch import FIXTURES

TEXTS = [
    "function add(a, b) {\n  return a + b;\n}\n",
    "def f(self, *args, **kwargs):\n\treturn [x ** 2 for x in args if x not in {1, 22, 333}]\n",
    "fn main() -> Result<(), Box<dyn Error>> {\n    println!(\"{:?}\", &v[1..]);\n}\n",
    "line one\r\nline two\r\n\r\n",
    "\t\t\tif err != nil {\n\t\t\t\treturn fmt.Errorf(\"%w\", err)\n",
    " " * 40 + "deep" + "\n" * 70 + "end",
    "h\u00e9llo w\u00f6rld \u2014 na\u00efve caf\u00e9 \u65e5\u672c\u8a9e \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "emoji \U0001F985 \U0001F469\u200d\U0001F469\u200d\U0001F467 \U0001F680",
    "<start_of_turn>user\nhi<end_of_turn>\n<bos><eos><|fim_prefix|><unused7>",
    "<table><tr><td>1</td></tr></table><code>x</code>",
    "1234567890 0xDEADBEEF 3.14159e-10 snake_case camelCase PascalCase SCREAMING_CASE",
    "a\u2028b\u00a0c\ufeffd\u0000e",
]


def main():
  out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else FIXTURES
  tokenizer = tokens.shipped()
  cases = [{"text": text, "ids": tokens.encode(tokenizer, text)} for text in TEXTS]
  (out / "tokenizer.json").write_text(json.dumps(cases, indent=1) + "\n")


if __name__ == "__main__":
  main()
