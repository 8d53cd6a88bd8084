// Griffin Code as a contender: the engine's own model, read in the chat's chunks and written a token at a time.

import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { readStretch } from "../../src/cli/bench/stretch";
import { tunedLoad } from "../../src/cli/tunedLoad";
import { greedy } from "../../src/engine/decoding/logits";
import { CHUNK_TOKENS } from "../../src/engine/decoding/sequence";
import { loadLanguageModel } from "../../src/engine/loadLanguageModel";
import type { Model, TokenId } from "../../src/engine/model/model";
import type { State } from "../../src/engine/model/state";
import type { Answer, Question } from "./protocol";

export async function runGriffin(folder: string, threads: number): Promise<void> {
  const { model } = await loadLanguageModel(folder, tunedLoad(threads));
  const contender = new Griffin(model);
  say({ seconds: [], choices: [] });
  for await (const line of createInterface({ input: process.stdin })) say(await contender.answer(JSON.parse(line)));
}

class Griffin {
  private state: State;
  private logits: Float32Array = new Float32Array(0);

  constructor(private readonly model: Model) {
    this.state = model.emptyState;
  }

  async answer(question: Question): Promise<Answer> {
    if ("writeLogits" in question) {
      await writeFile(
        question.writeLogits,
        new Uint8Array(this.logits.buffer, this.logits.byteOffset, this.logits.byteLength),
      );
      return { seconds: [], choices: [] };
    }
    if ("decode" in question) return this.timed(question.decode.map((token) => [token]));
    this.state = this.model.emptyState;
    return this.timed([question.prefill]);
  }

  private async timed(runs: readonly (readonly TokenId[])[]): Promise<Answer> {
    const seconds: number[] = [];
    const choices: TokenId[] = [];
    for (const run of runs) {
      const began = performance.now();
      // As sequence.ts reads for the chat.
      const chunkTokens = this.model.runLengths?.longChunkTokens ?? CHUNK_TOKENS;
      const { state, logits } = await readStretch(this.model, run, this.state, chunkTokens);
      this.state = state;
      this.logits = logits;
      choices.push(greedy(this.logits));
      seconds.push((performance.now() - began) / 1000);
    }
    return { seconds, choices };
  }
}

function say(answer: Answer): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
