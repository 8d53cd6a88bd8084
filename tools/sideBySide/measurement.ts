// One contender, one length: a process that loads, warms up, reads a prompt and writes some tokens.

import type { TokenId } from "../../src/engine/model/model";
import { median } from "../../src/engine/model/timing";
import { type Command, ContenderFailure, ContenderProcess } from "./contenderProcess";

export interface Plan {
  /** The prompt, and the tokens that are written after it. The same for all contenders. */
  readonly prompt: readonly TokenId[];
  readonly written: readonly TokenId[];
  /** What reading may take: a slower contender reads the prompt's beginning only. */
  readonly limitSeconds: number;
  readonly memoryLimitMb: number;
  /** Where the logits after so many tokens of the prompt go. */
  readonly logitsFile: (readTokens: number) => string;
}

export interface Measurement {
  readonly loadSeconds?: number;
  /** Tokens of the prompt that were read: fewer than wanted when the limit would not have sufficed. */
  readonly readTokens?: number;
  readonly prefillTokensPerSecond?: number;
  /** From the median of the tokens' times. */
  readonly decodeTokensPerSecond?: number;
  /** After the last token; and the most that it ever was, loading included. */
  readonly residentMb?: number;
  readonly peakMb: number;
  /** Of what it could not do. */
  readonly failure?: string;
}

const LOAD_SECONDS = 600;
/** Every contender gets this far, so that all can be compared after these. */
export const WARM_UP_TOKENS = 64;
const WARM_UP_SECONDS = 300;
/** The prediction is from a short run; reading may slow down with the length. */
const PATIENCE = 2;
/** Fewer written tokens than these have no median worth the name. */
const FEWEST_WRITTEN = 4;

/** Never throws for what the contender does: what it failed at is part of the result. */
export async function measure(command: Command, plan: Plan): Promise<Measurement> {
  const began = performance.now();
  const contender = new ContenderProcess(command, plan.memoryLimitMb);
  const measured: { -readonly [key in keyof Measurement]?: Measurement[key] } = {};
  try {
    await contender.loaded(LOAD_SECONDS);
    measured.loadSeconds = (performance.now() - began) / 1000;

    const warmUp = plan.prompt.slice(0, WARM_UP_TOKENS);
    await contender.ask({ prefill: warmUp }, WARM_UP_SECONDS);
    const { seconds: warm } = await contender.ask({ prefill: warmUp }, WARM_UP_SECONDS);
    await contender.ask({ writeLogits: plan.logitsFile(warmUp.length) }, WARM_UP_SECONDS);
    const { seconds: warmSteps } = await contender.ask({ decode: plan.written.slice(0, 2) }, WARM_UP_SECONDS);

    const prompt = plan.prompt.slice(0, affordable(plan.prompt.length, warmUp.length / warm[0]!, plan.limitSeconds));
    const { seconds: reading } = await contender.ask({ prefill: prompt }, PATIENCE * plan.limitSeconds);
    measured.readTokens = prompt.length;
    measured.prefillTokensPerSecond = prompt.length / reading[0]!;
    await contender.ask({ writeLogits: plan.logitsFile(prompt.length) }, WARM_UP_SECONDS);

    const count = Math.max(FEWEST_WRITTEN, Math.floor(plan.limitSeconds / 4 / warmSteps.at(-1)!));
    const { seconds: steps } = await contender.ask(
      { decode: plan.written.slice(0, count) },
      PATIENCE * plan.limitSeconds,
    );
    measured.decodeTokensPerSecond = 1 / median(steps);
    measured.residentMb = contender.memory.residentMb;
  } catch (error) {
    if (!(error instanceof ContenderFailure)) throw error;
    measured.failure = error.message;
  } finally {
    const { peakMb } = contender.memory;
    measured.peakMb = peakMb;
    await contender.end();
  }
  return measured as Measurement;
}

/** Tokens that can be read in time: all, or a round number below. */
export function affordable(wanted: number, tokensPerSecond: number, limitSeconds: number): number {
  const most = tokensPerSecond * limitSeconds;
  if (wanted <= most) return wanted;
  return Math.min(wanted, Math.max(100, Math.floor(most / 100) * 100));
}
