// griffin doctor: what this machine is, whether the model is whole, and what to do when something is wrong.

import type { Command } from "commander";
import { type LoadedLanguageModel, loadLanguageModel } from "../engine/loadLanguageModel";
import type { Architecture } from "../engine/model/architecture";
import { type ModelFolder, readModelFolder, verifyModelFolder } from "../engine/model/modelFolder";
import { otherProviders } from "../engine/model/onnxRuntime";
import { tryInChild, tryProviders } from "../engine/tuning/tryProviders";
import type { ModelTuning } from "../engine/tuning/tune";
import { availableMemoryBytes, totalMemoryBytes } from "../machine/availableMemory";
import { size } from "../text/size";
import { mostMemoryBytes, processors } from "./machine";
import { jsonOption, modelOption, threadsOption } from "./options";
import { print } from "./print";
import { sentenceOf } from "./sentence";
import { tell } from "./tell";
import { tunedLoad } from "./tunedLoad";

interface Options {
  readonly model: string;
  readonly threads: number;
  readonly json?: boolean;
}

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("check this machine and the model, and say how to fix what is wrong")
    .addOption(modelOption())
    .addOption(threadsOption())
    .addOption(jsonOption("one JSON list"))
    .action(doctor);
}

async function doctor(options: Options): Promise<void> {
  const findings: Finding[] = [];
  for await (const finding of examine(options)) {
    tell("");
    findings.push(finding);
    const { what, ok, detail } = finding;
    if (!options.json) print(`${ok ? "ok  " : "BAD "} ${what}: ${detail}\n`);
  }
  if (options.json) process.stdout.write(`${JSON.stringify(findings)}\n`);
  if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
}

/** Each finding as soon as there is one: a card may be tried for minutes. */
async function* examine(options: Options): AsyncGenerator<Finding> {
  yield await machine();
  yield* model(options);
}

async function machine(): Promise<Finding> {
  const detail = `${process.platform}-${process.arch}, ${processors()}, ${size(totalMemoryBytes())} of memory, ${size(await availableMemoryBytes())} free, Node ${process.versions.node}`;
  return { what: "machine", ok: true, detail };
}

/** What is used, and why something is not. A machine without a graphics card for this is as it should be. */
function speed(tuning: ModelTuning): Finding[] {
  const { threads, chunkTokens, longChunkTokens, isMeasured, provider } = tuning;
  const processor = isMeasured
    ? `${threads} threads are fastest; it reads ${chunkTokens} tokens at once, in the chat ${longChunkTokens}`
    : "not measured, because other programs are busy; run this again when they are done";
  const providers = Object.entries(tuning.findings).map(([name, { verdict, detail }]) => ({
    what: name,
    ok: true,
    detail:
      name === provider
        ? `used: ${detail}`
        : `not used (${verdict === "faster" ? "another is faster" : verdict}): ${detail}`,
  }));
  return [{ what: "processor", ok: true, detail: processor }, ...providers];
}

/** What a model of constant size means here: how large its state is, and how far back it sees what it has read as it stands. */
function limits({ architecture, trained }: ModelFolder): Finding {
  const { layers } = architecture;
  const windows = layers.flatMap((layer) => (layer.temporal === "attention" ? [layer.window] : []));
  const seen = [...new Set([Math.min(...windows), Math.max(...windows)])].join(" or ");
  const detail = [
    `at most ${size(stateBytes(architecture))}, however much was read`,
    ...(windows.length === 0 ? [] : [`attention sees the last ${seen} tokens`]),
    `trained with ${trained.contextTokens} tokens at once`,
  ];
  return { what: "state", ok: true, detail: detail.join("; ") };
}

/** Once all windows are full. */
function stateBytes({ layers }: Architecture): number {
  const numbers = layers.map((layer) =>
    layer.temporal === "attention" ? 2 * layer.window * layer.headDim : layer.convWidth * layer.lruWidth,
  );
  return Float32Array.BYTES_PER_ELEMENT * numbers.reduce((sum, one) => sum + one, 0);
}

/** Each check rests on the one before it, so the first failure is the last finding. */
async function* model(options: Options): AsyncGenerator<Finding> {
  tell("reading all files of the model");
  const files = await check("model files", async () => {
    const about = await readModelFolder(options.model);
    await verifyModelFolder(about);
    return `${about.displayName} in ${about.folder} is whole (${about.license})`;
  });
  yield files;
  if (!files.ok) return;
  let loaded: LoadedLanguageModel | undefined;
  tell("loading the model, and measuring what suits this machine");
  yield await check("model", async () => {
    const began = performance.now();
    const lm = await loadLanguageModel(options.model, tunedLoad(options.threads));
    const { bos } = lm.about.tokens;
    await lm.model.forward([bos], lm.model.emptyState, [0]);
    const ms = Math.round(performance.now() - began);
    const text = `loads and runs in ${ms} ms, with ${size(mostMemoryBytes())} of memory at most (griffin ingest says how much with a repository)`;
    await lm.model.dispose();
    loaded = lm;
    return text;
  });
  if (loaded === undefined) return;
  yield limits(loaded.about);
  const { about, tuning } = loaded;
  if (tuning === undefined) return;
  for (const provider of otherProviders()) {
    tell(`trying ${provider}, for ten minutes at most`);
    // Anew, whatever was found before: a driver may have been installed since.
    await tryProviders([provider], tuning, tryInChild(__dirname, about.folder));
  }
  yield* speed(tuning);
}

async function check(what: string, work: () => Promise<string>): Promise<Finding> {
  try {
    return { what, ok: true, detail: await work() };
  } catch (error) {
    return { what, ok: false, detail: sentenceOf(error) };
  }
}
