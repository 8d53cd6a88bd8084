"""transformers' RecurrentGemma, run as its `generate` runs it: the prompt whole, then a token at a time."""

import json

import torch
from transformers import AutoModelForCausalLM, DynamicCache, RecurrentGemmaConfig

FLOATS = ("attention_dropout", "logits_soft_cap", "partial_rotary_factor", "rms_norm_eps", "rope_theta")


class Model:

  def __init__(self, checkpoint, dtype):
    config = json.loads((checkpoint / "config.json").read_text())
    # The hub's file says 30.0; what JavaScript has written says 30, which transformers refuses.
    config = {key: float(value) if key in FLOATS else value for key, value in config.items()}
    config = RecurrentGemmaConfig(**config)
    self.model = AutoModelForCausalLM.from_pretrained(checkpoint, config=config, dtype=dtype).eval()

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
