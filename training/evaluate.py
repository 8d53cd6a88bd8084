"""Bits a byte on the dev packages: the one number by which every form of the model is compared.

    python training/evaluate.py [donor | MODEL_FOLDER]... [--documents N] [--bytes N]

Bits for each BYTE of text, not for each token: forms with different vocabularies can be compared. Every form sees the
same documents, so differences are far more certain than the numbers themselves.
"""

import argparse
import json
import math
import pathlib

import tokenizers
import torch
import torch.nn.functional as F

import folder
import gemma3
import griffin
from scratch import CORPUS, donor_path
from vocabulary import Donor

LANGUAGES = ("python", "javascript", "typescript", "go", "rust", "java", "c", "cpp", "english")


def main():
  arguments = argparse.ArgumentParser()
  arguments.add_argument("forms", nargs="*", default=["donor"])
  arguments.add_argument("--documents", type=int, default=6, help="for each language")
  arguments.add_argument("--bytes", type=int, default=5000, help="of each document")
  options = arguments.parse_args()
  torch.set_num_threads(2)
  documents = dev_documents(options.documents, options.bytes)
  baseline = None
  for form in options.forms:
    measured = measure(*load(form), documents)
    print_row(form, measured, baseline)
    baseline = baseline or measured


def load(form):
  if form == "donor":
    return gemma3.load_donor(donor_path()), Donor.read(donor_path()).tokenizer(), 2
  path = pathlib.Path(form)
  bos = json.loads((path / "model.json").read_text())["tokens"]["bos"]
  return folder.read(path), tokenizers.Tokenizer.from_file(str(path / "tokenizer.json")), bos


def dev_documents(count, size, minimum=3000):
  """{language: texts}, each the beginning of a file, cut at a line's end."""
  documents = {language: [] for language in LANGUAGES}
  for line in open(CORPUS / "dev.jsonl"):
    document = json.loads(line)
    texts, data = documents.get(document["language"]), document["text"].encode()
    if texts is not None and len(texts) < count and len(data) >= max(minimum, size * 0.8):
      text = data[:size].decode(errors="ignore")
      texts.append(text[:text.rfind("\n") + 1] or text)
  return documents


def measure(model, tokenizer, bos, documents) -> dict[str, float]:
  measured = {}
  for language, texts in documents.items():
    bits = sum(token_bits(model, [bos, *encode(tokenizer, text)]).sum().item() for text in texts)
    measured[language] = bits / sum(len(text.encode()) for text in texts)
  measured["code"] = sum(measured[name] for name in LANGUAGES if name != "english") / (len(LANGUAGES) - 1)
  return measured


def encode(tokenizer, text):
  return tokenizer.encode(text, add_special_tokens=False).ids


@torch.inference_mode()
def token_bits(model: gemma3.Gemma3, tokens: list[int], rows: int = 256) -> torch.Tensor:
  """−log2 of the probability of each token but the first."""
  tokens = torch.tensor(tokens)
  hidden = model.hidden(tokens)[0] if isinstance(model, griffin.Griffin) else model.hidden(tokens[None])[0]
  pairs = zip(hidden[:-1].split(rows), tokens[1:].split(rows))
  return torch.cat([F.cross_entropy(model.logits(h), t, reduction="none") for h, t in pairs]) / math.log(2)


def print_row(name, measured, baseline=None):
  if baseline is None:
    print(f"{'bits a byte':24}" + "".join(f"{language:>11}" for language in measured))
  change = f"  {measured['code'] / baseline['code'] - 1:+.2%}" if baseline else ""
  print(f"{pathlib.Path(name).name:24}" + "".join(f"{value:11.4f}" for value in measured.values()) + change, flush=True)


if __name__ == "__main__":
  main()
