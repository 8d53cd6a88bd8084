"""A model folder's safetensors files, with the data aligned for mapping."""

import json

import numpy as np
import torch

SHARD_BYTES, LARGEST_SHARD_BYTES = 48_000_000, 50_000_000  # A small rest joins the last shard.
DTYPES = {"F32": torch.float32, "I8": torch.int8, "U8": torch.uint8}


def write_shards(folder, tensors):
  """In files of SHARD_BYTES or little more, in the order of the tensors."""
  tensors = list(tensors)
  shards, size, rest = [{}], 0, sum(tensor.nbytes for _, tensor in tensors)
  for key, tensor in tensors:
    if size + tensor.nbytes > SHARD_BYTES and size + rest > LARGEST_SHARD_BYTES:
      shards.append({})
      size = 0
    shards[-1][key] = tensor
    size += tensor.nbytes
    rest -= tensor.nbytes
  for i, shard in enumerate(shards):
    write_shard(folder / f"weights-{i + 1:05}-of-{len(shards):05}.safetensors", shard)


def write_shard(file, tensors):
  names = {dtype: name for name, dtype in DTYPES.items()}
  order = sorted(tensors, key=lambda key: -tensors[key].itemsize)  # Larger elements first: each is aligned to itself.
  header, offset = {}, 0
  for key in order:
    tensor = tensors[key]
    header[key] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, offset + tensor.nbytes]}
    offset += tensor.nbytes
  text = json.dumps(header, separators=(",", ":")).encode()
  text += b" " * (-(8 + len(text)) % 64)
  with open(file, "wb") as out:
    out.write(len(text).to_bytes(8, "little") + text)
    for key in order:
      out.write(tensors[key].detach().contiguous().numpy().tobytes())


def read_shard(file):
  """Yields (name, tensor), which lie in the mapped file."""
  data = np.memmap(file, mode="c")
  length = int.from_bytes(data[:8].tobytes(), "little")
  for key, entry in json.loads(data[8:8 + length].tobytes()).items():
    start, end = (8 + length + offset for offset in entry["data_offsets"])
    yield key, torch.from_numpy(data[start:end]).view(DTYPES[entry["dtype"]]).view(entry["shape"])
