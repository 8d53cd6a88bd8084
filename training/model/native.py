"""kernels.c, compiled for this processor when it is first needed, and what its functions take.

ELEMENT is what the products compute with: bfloat16 where the processor multiplies it faster than float32 (AMX; on two cores
of a Xeon 2.8 TFLOPS. AVX512-BF16; on one core of an EPYC of Zen 4 200 GFLOPS, float32 100), else float32 (on an AVX2 core 65 to
90 GFLOPS, where bfloat16 gives 8).
"""

import ctypes
import functools
import hashlib
import os
import pathlib
import subprocess

import torch

from training.scratch import SCRATCH

ELEMENT = torch.bfloat16 if torch.cpu._init_amx() or torch.cpu._is_avx512_bf16_supported() else torch.float32


@functools.cache
def library():
  """kernels.c; it is compiled once for each of its forms and for each kind of processor."""
  source = pathlib.Path(__file__).with_name("kernels.c")
  form = ["-DFLOAT_ELEMENTS"] if ELEMENT == torch.float32 else []
  command = ["gcc", "-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-fopenmp", "-shared", "-fPIC", *form]
  made_from = source.read_bytes() + " ".join(command).encode() + processor().encode()
  built = SCRATCH / "kernels" / f"{hashlib.sha256(made_from).hexdigest()[:16]}.so"
  if not built.exists():
    built.parent.mkdir(parents=True, exist_ok=True)
    new = built.with_suffix(f".{os.getpid()}")  # Another process may be compiling, too.
    subprocess.run([*command, source, "-o", new, "-lm"], check=True, env={**os.environ, "LD_PRELOAD": ""})
    new.rename(built)
  return ctypes.CDLL(str(built))


def processor():
  """What -march=native compiles for: another machine may share the scratch folder."""
  with open("/proc/cpuinfo") as lines:
    return next(line for line in lines if line.startswith("flags"))


def pointers(*tensors):
  """Of contiguous tensors; null for None."""
  return [ctypes.c_void_p(None if t is None else t.data_ptr()) for t in tensors]


def sizes(*numbers):
  return [ctypes.c_int64(n) for n in numbers]


def floats(*numbers):
  return [ctypes.c_float(n) for n in numbers]
