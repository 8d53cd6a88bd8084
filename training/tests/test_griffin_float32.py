"""test_griffin.py in float32, also where the processor is faster in bfloat16: python -m training.tests.test_griffin_float32"""

import torch

torch.cpu._init_amx = torch.cpu._is_avx512_bf16_supported = lambda: False  # Before native.py asks.

from training.tests import test_griffin

if __name__ == "__main__":
  test_griffin.main()
