// The states along the lines that are written after one prompt. A line that leaves another begins with the nearest of them,
// so that only what differs is run.

import type { TokenId } from "../model/model";
import type { State } from "../model/state";

/** A state that has seen the prompt and then `tokens`. */
export interface Branch {
  readonly tokens: readonly TokenId[];
  readonly state: State;
}

export class Branches {
  readonly #branches: Branch[] = [];

  add(branch: Branch): void {
    this.#branches.push(branch);
  }

  /** The one that has seen most of a line without its last token, whose logits are wanted; undefined: none has seen any. */
  before(line: readonly TokenId[]): Branch | undefined {
    let nearest: Branch | undefined;
    for (const branch of this.#branches) {
      const { length } = branch.tokens;
      if (length < line.length && length > (nearest?.tokens.length ?? 0) && beginsWith(line, branch.tokens))
        nearest = branch;
    }
    return nearest;
  }

  /** The branches on the way to `line`, shortest first. */
  along(line: readonly TokenId[]): readonly Branch[] {
    const on = this.#branches.filter(({ tokens }) => tokens.length <= line.length && beginsWith(line, tokens));
    return on.sort((a, b) => a.tokens.length - b.tokens.length);
  }
}

export function beginsWith(tokens: readonly TokenId[], start: readonly TokenId[]): boolean {
  return start.every((token, index) => token === tokens[index]);
}
