//! candle's RecurrentGemma as a contender (protocol.ts: a question a line in, an answer a line out).
//!
//!   candle-contender run CHECKPOINT_DIR float32|bfloat16
//!   candle-contender run CHECKPOINT_DIR FILE.gguf
//!   candle-contender quantize CHECKPOINT_DIR FILE.gguf
//!
//! Threads: RAYON_NUM_THREADS.

mod model;
mod quantize;

use model::Contender;
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Instant;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Question {
    Prefill(Vec<u32>),
    Decode(Vec<u32>),
    WriteLogits(String),
}

#[derive(Default, Serialize)]
struct Answer {
    seconds: Vec<f64>,
    choices: Vec<u32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["run", checkpoint, form] => answer_questions(Contender::load(Path::new(checkpoint), form)?),
        ["quantize", checkpoint, out] => Ok(quantize::quantize(Path::new(checkpoint), Path::new(out))?),
        _ => Err("Say run or quantize, a checkpoint, and a form or a file.".into()),
    }
}

fn answer_questions(mut contender: Contender) -> Result<(), Box<dyn Error>> {
    say(&Answer::default())?;
    for line in std::io::stdin().lock().lines() {
        match serde_json::from_str(&line?)? {
            Question::Prefill(tokens) => {
                contender.restart();
                say(&timed(&mut contender, &[&tokens])?)?;
            }
            Question::Decode(tokens) => {
                let steps: Vec<&[u32]> = tokens.chunks(1).collect();
                say(&timed(&mut contender, &steps)?)?;
            }
            Question::WriteLogits(file) => {
                let bytes: Vec<u8> = contender.logits.iter().flat_map(|logit| logit.to_le_bytes()).collect();
                std::fs::write(file, bytes)?;
                say(&Answer::default())?;
            }
        }
    }
    Ok(())
}

/// Runs each step and chooses the likeliest token after it.
fn timed(contender: &mut Contender, steps: &[&[u32]]) -> candle_core::Result<Answer> {
    let mut answer = Answer::default();
    for step in steps {
        let began = Instant::now();
        answer.choices.push(contender.forward(step)?);
        answer.seconds.push(began.elapsed().as_secs_f64());
    }
    Ok(answer)
}

fn say(answer: &Answer) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(answer)?)?;
    Ok(out.flush()?)
}
