"""transformers' RecurrentGemma, run as its `generate` runs it: the prompt whole, then a token at a time."""

import torch
from transformers import AutoModelForCausalLM, DynamicCache


class Model:

  def __init__(self, checkpoint, dtype):
    self.model = AutoModelForCausalLM.from_pretrained(checkpoint, dtype=dtype).eval()

  def start(self, tokens):
    self.cache, self.position = DynamicCache(config=self.model.config), 0
    return self.run(tokens)

  def step(self, token):
    return self.run(token[None])

  def run(self, tokens):
    positions = torch.arange(self.position, self.position + len(tokens))[None]
    self.position += len(tokens)
    output = self.model(tokens[None], position_ids=positions, cache=self.cache, use_cache=True, logits_to_keep=1)
    return output.logits[0, -1]
