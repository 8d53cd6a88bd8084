//! A checkpoint at 4 bit, in the form of candle's own tool (tensor-tools): matrices as Q4K, all else as float32.

use crate::model::shards;
use candle_core::quantized::{gguf_file, GgmlDType, QTensor};
use candle_core::{DType, Device, Result};
use std::fs::File;
use std::path::Path;

pub fn quantize(checkpoint: &Path, out: &Path) -> Result<()> {
    let mut tensors = vec![];
    for shard in shards(checkpoint)? {
        // Safe as long as nobody writes to the checkpoint meanwhile.
        let file = unsafe { candle_core::safetensors::MmapedSafetensors::new(&shard)? };
        for (name, _) in file.tensors() {
            let tensor = file.load(&name, &Device::Cpu)?.to_dtype(DType::F32)?;
            let is_matrix = tensor.rank() == 2 && tensor.dims()[1] % GgmlDType::Q4K.block_size() == 0;
            let form = if is_matrix { GgmlDType::Q4K } else { GgmlDType::F32 };
            tensors.push((name, QTensor::quantize(&tensor, form)?));
        }
    }
    let named: Vec<(&str, &QTensor)> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    gguf_file::write(&mut File::create(out)?, &[], &named)
}
