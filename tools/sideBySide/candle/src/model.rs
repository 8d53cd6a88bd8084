//! The two models of candle-transformers, as its own example uses them: a prompt whole, then a token at a time.

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::{quantized_recurrent_gemma as quantized, recurrent_gemma as plain};
use std::path::{Path, PathBuf};

#[derive(Clone)]
enum Model {
    Plain(plain::Model),
    Quantized(quantized::Model),
}

pub struct Contender {
    /// Before the first token. The models cannot be reset, but their copies share the weights.
    fresh: Model,
    model: Model,
    position: usize,
    /// After the newest token.
    pub logits: Vec<f32>,
}

impl Contender {
    pub fn load(checkpoint: &Path, form: &str) -> Result<Self> {
        let config: plain::Config = serde_json::from_slice(&std::fs::read(checkpoint.join("config.json"))?)
            .map_err(candle_core::Error::wrap)?;
        let fresh = match form {
            "float32" => Model::Plain(load_plain(checkpoint, &config, DType::F32)?),
            "bfloat16" => Model::Plain(load_plain(checkpoint, &config, DType::BF16)?),
            file => {
                let weights = quantized::VarBuilder::from_gguf(file, &Device::Cpu)?;
                Model::Quantized(quantized::Model::new(&config, weights.pp("model"))?)
            }
        };
        Ok(Self { model: fresh.clone(), fresh, position: 0, logits: vec![] })
    }

    pub fn restart(&mut self) {
        self.model = self.fresh.clone();
        self.position = 0;
    }

    /// Returns the likeliest token after these.
    pub fn forward(&mut self, tokens: &[u32]) -> Result<u32> {
        let input = Tensor::new(tokens, &Device::Cpu)?.unsqueeze(0)?;
        let logits = match &mut self.model {
            Model::Plain(model) => model.forward(&input, self.position)?,
            Model::Quantized(model) => model.forward(&input, self.position)?,
        };
        self.position += tokens.len();
        self.logits = logits.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?;
        let likeliest = self.logits.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        Ok(likeliest.map_or(0, |(token, _)| token as u32))
    }
}

fn load_plain(checkpoint: &Path, config: &plain::Config, dtype: DType) -> Result<plain::Model> {
    // Safe as long as nobody writes to the checkpoint meanwhile.
    let weights = unsafe { VarBuilder::from_mmaped_safetensors(&shards(checkpoint)?, dtype, &Device::Cpu)? };
    plain::Model::new(config, weights.pp("model"))
}

/// The checkpoint's safetensors files.
pub fn shards(checkpoint: &Path) -> Result<Vec<PathBuf>> {
    let mut files = vec![];
    for entry in std::fs::read_dir(checkpoint)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "safetensors") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
