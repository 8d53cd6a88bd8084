// Bits a byte with and without the exact memory, by language and by package, from what dump.ts wrote.
//
//   node tools/exactMemory/run.mjs report DUMP.jsonl

import type { LogProbabilities } from "../../src/engine/decoding/logits";
import type { Match } from "../../src/engine/exactMemory/matches";
import { bitsMixed } from "../../src/engine/exactMemory/mixing";
import { predictFrom } from "../../src/engine/exactMemory/prediction";
import type { TokenId } from "../../src/engine/model/model";
import { type DumpLine, type Found, readLines, type Said } from "./dump";

class Sum {
  bytes = 0;
  model = 0;
  readonly mixed = { both: 0, repository: 0, live: 0, crude: 0 };
}

export function report([path]: readonly string[]): void {
  const sums = new Map<string, Sum>();
  for (const { language, package: name, bytes, tokens, positions } of readLines<DumpLine>(path!)) {
    for (const group of [language, "all", name]) {
      const sum = sums.get(group) ?? new Sum();
      sums.set(group, sum);
      sum.bytes += bytes;
      positions.forEach(({ lm, found }, index) => {
        const token = tokens[index]!;
        const model = viewOf(lm, token);
        sum.model -= lm[0] / Math.LN2;
        const [repository, live] = [matchesOf(found, 2), matchesOf(found, 3)];
        const bits = (a: Match[], b: Match[]) => bitsMixed(model, predictFrom(a, b), token);
        sum.mixed.both += bits(repository, live);
        sum.mixed.repository += bits(repository, []);
        sum.mixed.live += bits([], live);
        sum.mixed.crude += crudeBits(model, repository, token);
      });
    }
  }
  console.log("bits a byte       bytes   model   both          repository     below         crude");
  for (const [group, { bytes, model, mixed }] of sums) {
    const cells = Object.values(mixed).map(
      (bits) => `${(bits / bytes).toFixed(3)} ${((100 * bits) / model - 100).toFixed(1).padStart(6)} %`,
    );
    console.log(
      `${group.padEnd(12)} ${String(bytes).padStart(10)}   ${(model / bytes).toFixed(3)}   ${cells.join("  ")}`,
    );
  }
}

/** A plain rule to compare with: the longest match of at most 12 tokens, believed by 0.1 to 0.75 times its agreement. */
function crudeBits(model: LogProbabilities, matches: readonly Match[], token: TokenId): number {
  const longest = Math.min(12, Math.max(0, ...matches.map(({ length }) => length)));
  const best = matches.filter(({ length }) => length >= longest);
  const share = (one: TokenId) => best.filter((match) => match.token === one).length / Math.max(1, best.length);
  const agreement = Math.max(0, ...best.map((match) => share(match.token)));
  const lambda = longest === 0 ? 0 : (0.1 + (0.65 * (longest - 1)) / 11) * agreement;
  return -Math.log2((1 - lambda) * Math.exp(model.of(token)) + lambda * share(token));
}

function matchesOf(found: readonly Found[], source: 2 | 3): Match[] {
  return found.flatMap((one) => Array<Match>(one[source]).fill({ token: one[0], length: one[1] }));
}

/** What the dump kept of the model's distribution. */
function viewOf([onTarget, near]: Said, target: TokenId): LogProbabilities {
  const kept = new Map<TokenId, number>([[target, onTarget]]);
  for (let i = 0; i < near.length; i += 2) kept.set(near[i]!, near[i + 1]!);
  const floor = near.at(-1)! - 2;
  return { highest: near[1]!, of: (token) => kept.get(token) ?? floor };
}
