// The contest: each contender by turns, one length after the other, into one table. Options: ../sideBySide.mjs.

import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { TokenId } from "../../src/engine/model/model";
import { randomFrom } from "../recordings/random.mjs";
import { step } from "../setUp/progress.mjs";
import { agreementOf } from "./agreement";
import { CONTENDERS, type Contender, REFERENCE } from "./contenders";
import { runGriffin } from "./griffin";
import { measure, WARM_UP_TOKENS } from "./measurement";
import { Results } from "./results";
import { cache } from "./setUp";
import { formatTables } from "./table";

const OPTIONS = {
  tokens: { type: "string", default: "1000,4000,16000" },
  only: { type: "string" },
  results: { type: "string" },
  decode: { type: "string", default: "16" },
  threads: { type: "string", default: "2" },
  rounds: { type: "string", default: "1" },
  limit: { type: "string", default: "240" },
  memory: { type: "string" },
  prepare: { type: "boolean", default: false },
  again: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

async function main(): Promise<void> {
  const [first, folder, threadCount] = process.argv.slice(2);
  if (first === "griffin") return runGriffin(folder!, Number(threadCount));

  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  if (positionals.length !== 1) throw new Error("Say one checkpoint's folder.");
  const checkpoint = resolve(positionals[0]!);
  const threads = count(values.threads);
  if (values.prepare) {
    for (const contender of chosen(values.only)) await contender.prepare(checkpoint, threads);
    return;
  }
  const results = await Results.open(values.results, {
    machine: cpus()[0]?.model.trim() ?? "an unknown processor",
    threads,
    checkpointBytes: checkpointBytes(checkpoint),
  });
  const logitsFolder = join(cache, "logits", basename(checkpoint));
  mkdirSync(logitsFolder, { recursive: true });
  const logitsFile = (contender: string, tokens: number) => join(logitsFolder, `${contender}-${tokens}.f32`);

  const lengths = values.tokens.split(",").map(count);
  const tokens = randomTokens(Math.max(...lengths) + count(values.decode), vocabSize(checkpoint));
  for (const length of lengths) {
    for (let round = 1; round <= count(values.rounds); round++) {
      for (const contender of chosen(values.only)) {
        if (results.has(contender.name, length, round) && !values.again) continue;
        const command = await contender.prepare(checkpoint, threads);
        const measured = await step(`${contender.name}, ${length} tokens, round ${round}`, () =>
          measure(command, {
            prompt: tokens.slice(0, length),
            written: tokens.slice(length, length + count(values.decode)),
            limitSeconds: count(values.limit),
            memoryLimitMb: values.memory === undefined ? freeMb() - SPARED_MB : count(values.memory) * 1000,
            logitsFile: (read) => logitsFile(contender.name, read),
          }),
        );
        await results.add({
          contender: contender.name,
          tokens: length,
          round,
          measuredAt: new Date().toISOString(),
          ...measured,
        });
      }
    }
  }
  // At last, because the reference may be measured after the others.
  for (const row of [...results.rows]) {
    const { contender, readTokens, agreement } = row;
    if (agreement !== undefined || readTokens === undefined || contender === REFERENCE) continue;
    // A slow reference has not read all of the prompt.
    for (const tokens of [readTokens, WARM_UP_TOKENS]) {
      const found = await agreementOf(logitsFile(contender, tokens), logitsFile(REFERENCE, tokens));
      if (found === undefined) continue;
      await results.add({ ...row, agreement: { ...found, tokens } });
      break;
    }
  }
  console.log(values.json ? results.json() : formatTables(results.conditions, results.rows));
}

const SPARED_MB = 3000;
const BOS: TokenId = 2;
/** Below are control tokens and single bytes. */
const FIRST_WORD: TokenId = 500;

/** The same for the same vocabulary; speed does not depend on what is read. */
function randomTokens(length: number, vocabSize: number): TokenId[] {
  const random = randomFrom(1);
  const word = () => FIRST_WORD + Math.floor(random.next() * (vocabSize - FIRST_WORD));
  return Array.from({ length }, (_, i) => (i === 0 ? BOS : word()));
}

function chosen(only: string | undefined): readonly Contender[] {
  if (only === undefined) return CONTENDERS;
  const names = only.split(",").filter((name) => name !== "none");
  const unknown = names.filter((name) => !CONTENDERS.some((contender) => contender.name === name));
  const known = CONTENDERS.map(({ name }) => name).join(", ");
  if (unknown.length > 0) throw new Error(`No contender is called ${unknown.join(", ")}. There are ${known}.`);
  return CONTENDERS.filter(({ name }) => names.includes(name));
}

function vocabSize(checkpoint: string): number {
  return JSON.parse(readFileSync(join(checkpoint, "config.json"), "utf8")).vocab_size;
}

function checkpointBytes(checkpoint: string): number {
  const shards = readdirSync(checkpoint).filter((name) => name.endsWith(".safetensors"));
  return shards.reduce((sum, name) => sum + statSync(join(checkpoint, name)).size, 0);
}

function freeMb(): number {
  const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${text} is no count; say a whole number above zero.`);
  return value;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
