"""The anchor's forward pass, with random weights: python -m training.tests.test_smollm2"""

import torch

from training.quality.smollm2 import Config, SmolLm2

CONFIG = Config(vocab=50, width=32, heads=4, kv_heads=2, mlp_width=48, layers=1, rope_base=100.0, epsilon=1e-5)
LENGTH = 9


@torch.inference_mode()
def main():
  torch.manual_seed(0)
  model = SmolLm2(CONFIG)
  for parameter in model.parameters():
    parameter.normal_(std=0.3)
  tokens = torch.randint(CONFIG.vocab, (2, LENGTH))
  logits = model.logits(model.hidden(tokens))
  assert logits.shape == (2, LENGTH, CONFIG.vocab)
  for length in range(1, LENGTH):
    beginning = model.logits(model.hidden(tokens[:, :length]))
    torch.testing.assert_close(beginning, logits[:, :length], msg=f"the first {length} tokens know what follows")
  swapped = model.logits(model.hidden(tokens[:, [1, 0, *range(2, LENGTH)]]))
  assert not torch.allclose(swapped[:, 2:], logits[:, 2:], atol=1e-3), "the order of tokens counts for nothing"
  print("SmolLM2 sees what came before, and in which order")


if __name__ == "__main__":
  main()
