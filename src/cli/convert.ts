// griffin convert: a RecurrentGemma checkpoint from Hugging Face → a model folder.

import { type Command, Option } from "commander";
import { type ConvertProgress, convertCheckpoint } from "../engine/convert/convertCheckpoint";
import type { WeightForm } from "../engine/convert/encode";
import { jsonOption } from "./options";

interface Options {
  readonly weights: WeightForm;
  readonly tokenizer: boolean;
  readonly json?: boolean;
}

export function addConvertCommand(program: Command): void {
  program
    .command("convert")
    .description("convert a RecurrentGemma checkpoint (safetensors) to a model folder")
    .argument("<checkpoint>", "folder with config.json, tokenizer.json and the safetensors files")
    .argument("<out>", "the model folder to make; it must not exist yet")
    .addOption(
      new Option("--weights <form>", "how the large matrices are stored")
        .choices(["int8", "int4", "float32"])
        .default("int8"),
    )
    .option("--no-tokenizer", "convert although there is no tokenizer.json: the model only computes logits")
    .addOption(jsonOption())
    .action(convert);
}

async function convert(checkpointDir: string, outDir: string, options: Options): Promise<void> {
  const { weights, json } = options;
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort(new Error("Stopped. The same command goes on from here."));
  process.once("SIGINT", onInterrupt);
  const began = performance.now();
  try {
    const model = await convertCheckpoint({
      ...{ checkpointDir, outDir, weights, signal: interrupt.signal },
      withoutTokenizer: !options.tokenizer,
      onProgress: process.stderr.isTTY ? showProgress : () => {},
    });
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    if (json) {
      const peakMemoryBytes = 1024 * process.resourceUsage().maxRSS;
      process.stdout.write(`${JSON.stringify({ ...model, weights, seconds, peakMemoryBytes })}\n`);
    } else {
      const size = `${(model.bytes / 1e6).toFixed(1)} MB`;
      process.stdout.write(`${model.displayName}: ${model.tensors} tensors, ${size}, ${seconds} s, in ${outDir}\n`);
    }
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}

function showProgress({ doneBytes, totalBytes, name }: ConvertProgress): void {
  const percent = Math.floor((100 * doneBytes) / totalBytes);
  // Back to the line's beginning, and away with what the last line left there.
  process.stderr.write(`\r\u001b[K${percent === 100 ? "" : `${percent} %  ${name}`}`);
}
