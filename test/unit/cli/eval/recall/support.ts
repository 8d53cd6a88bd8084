// A model that is a perfect memory of the last tokens and of nothing else: it expects what followed the longest match of
// its end within a window. So what must be recalled, and from where on not, is known exactly.

import type { LanguageModel } from "../../../../../src/engine/model/languageModel";
import type { Model, TokenId } from "../../../../../src/engine/model/model";
import type { State } from "../../../../../src/engine/model/state";
import { byteTokenizer } from "../byteTokenizer";

const VOCAB_SIZE = 257;
const BOS = 256;

interface Remembering extends State {
  readonly seen: readonly TokenId[];
}

/** Tokens are bytes. `runs` gets every run's tokens and where it began. */
export function windowModel(window: number, runs: { at: number; tokens: readonly TokenId[] }[] = []): LanguageModel {
  const model: Model = {
    architecture: { vocabSize: VOCAB_SIZE } as Model["architecture"],
    emptyState: { position: 0, layers: [], seen: [] } as Remembering,
    forward(tokens, state, logitRows) {
      runs.push({ at: state.position, tokens });
      const { seen } = state as Remembering;
      const all = [...seen, ...tokens];
      const logits = new Float32Array(logitRows.length * VOCAB_SIZE);
      logitRows.forEach((row, index) => {
        const next = continuation(all.slice(0, seen.length + row + 1).slice(-window));
        if (next !== undefined) logits[index * VOCAB_SIZE + next] = 12;
      });
      const after: Remembering = { position: state.position + tokens.length, layers: [], seen: all.slice(-window) };
      return Promise.resolve({ state: after, logits });
    },
    dispose: () => Promise.resolve(),
  };
  const tokenizer = byteTokenizer("<bos>");
  const about = { tokens: { bos: BOS, stop: [] }, trained: { fillInTheMiddle: false } };
  return { model, tokenizer, about } as unknown as LanguageModel;
}

/** What followed the longest match, of at least four tokens, of the end of `seen`. */
function continuation(seen: readonly TokenId[]): TokenId | undefined {
  let best: TokenId | undefined;
  let longest = 3;
  for (let end = seen.length - 1; end > 0; end--) {
    let length = 0;
    while (length < end && seen[end - 1 - length] === seen[seen.length - 1 - length]) length++;
    if (length > longest) [longest, best] = [length, seen[end]];
  }
  return best;
}

/** A repository whose lines are all different, in paragraphs of two. */
export function fillerFiles(name: string, files: number, bytes: number) {
  return Array.from({ length: files }, (_, file) => {
    let text = "";
    for (let n = 0; text.length < bytes; n++) {
      text += `let v${n}_${file} = ${name}.at(${(n * 7919 + file) % 99_991});\n  v${n}_${file}.go();\n\n`;
    }
    return { path: `${name}/file${file}.js`, text };
  });
}
