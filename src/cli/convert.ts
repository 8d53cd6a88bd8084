// griffin convert: a RecurrentGemma checkpoint from Hugging Face → a model folder.

import { dirname } from "node:path";
import { type Command, Option } from "commander";
import type { CalibrationText } from "../engine/convert/calibration/texts";
import { convertCheckpoint } from "../engine/convert/convertCheckpoint";
import type { WeightForm } from "../engine/convert/encoding";
import type { ConvertProgress } from "../engine/convert/writeTensors";
import { minutesLeft } from "../text/minutesLeft";
import { size } from "../text/size";
import { mostMemoryBytes } from "./machine";
import { jsonOption } from "./options";
import { print } from "./print";
import { sentenceOf } from "./sentence";
import { complain, tell } from "./tell";
import { UsageError } from "./usageError";
import { checkFolder } from "./writable";

interface Options {
  readonly weights: WeightForm;
  readonly calibrate?: boolean;
  readonly calibrateOn?: string;
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
    .option("--calibrate", "with int4: run sample code through the model to round with more care; much slower")
    .option("--calibrate-on <path>", "the same, with a file or folder of yours as the sample code")
    .option("--no-tokenizer", "convert without a tokenizer.json; the model can then only compute logits")
    .addOption(jsonOption())
    .action(convert);
}

async function convert(checkpointDir: string, outDir: string, options: Options): Promise<void> {
  const { weights, json } = options;
  const calibration = calibrationOf(options);
  await checkFolder(dirname(outDir));
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort(new Error("Stopped. Run the same command again to continue."));
  process.once("SIGINT", onInterrupt);
  const began = performance.now();
  try {
    const model = await convertCheckpoint({
      checkpointDir,
      outDir,
      weights,
      signal: interrupt.signal,
      calibration,
      withoutTokenizer: !options.tokenizer,
      onProgress: progressLine(began),
    });
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    if (json) {
      const peakMemoryBytes = mostMemoryBytes();
      process.stdout.write(`${JSON.stringify({ ...model, weights, seconds, peakMemoryBytes })}\n`);
    } else {
      print(`${model.displayName}: ${model.tensors} tensors, ${size(model.bytes)}, ${seconds} s, in ${outDir}\n`);
    }
  } catch (error) {
    if (error !== interrupt.signal.reason) throw error;
    complain(`griffin: ${sentenceOf(error)}\n`);
    // So that a script that runs the command stops, too.
    process.off("SIGINT", onInterrupt);
    process.kill(process.pid, "SIGINT");
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}

function calibrationOf({ weights, calibrate, calibrateOn }: Options): CalibrationText | undefined {
  if (calibrate === undefined && calibrateOn === undefined) return undefined;
  if (weights !== "int4") throw new UsageError("--calibrate is for weights of 4 bits: give --weights int4, too.");
  return calibrateOn === undefined ? "shipped" : { path: calibrateOn };
}

function progressLine(began: number) {
  return (progress: ConvertProgress): void => {
    const share = progress.doneBytes / progress.totalBytes;
    const minutes = minutesLeft(progress, performance.now() - began);
    const left = minutes === undefined ? "" : `  about ${minutes} min left`;
    tell(share === 1 ? "" : `${Math.floor(100 * share)} %  ${progress.name}${left}`);
  };
}
