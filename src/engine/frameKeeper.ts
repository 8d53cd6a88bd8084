// Decides when a document's prompt frame is kept, and when it is built anew: at once where it is not true any more, at
// leisure where a better one would be welcome.

import { type BaseChoice, chooseBase, hasOutgrown, noTrunk, unscoredTrunk } from "./baseChoice";
import type { LanguageModel } from "./languageModel";
import {
  beginsAlike,
  buildFrame,
  isFarFrom,
  isSuffixTrue,
  type LiveText,
  type PromptFrame,
  relatedSnippets,
} from "./promptFrame";
import { headerTokens } from "./repository/fileTokens";
import type { RepositoryContext } from "./repository/repository";
import type { Snippet } from "./snippets/snippet";
import type { Turn } from "./turn";

export class FrameKeeper {
  #frame: PromptFrame | undefined;
  /** The verdict on the trunk that was compared last. */
  #verdict: { readonly choice: BaseChoice; readonly trunkPosition: number; readonly epoch: number } | undefined;

  constructor(private readonly lm: LanguageModel) {}

  /** The frame to use while somebody waits: the last one, if it is still true. */
  async now(live: LiveText, repository: RepositoryContext | undefined): Promise<PromptFrame> {
    const frame = this.#frame;
    if (frame === undefined || !isAllowed(frame, repository) || !beginsAlike(frame, live)) {
      return this.#build(this.#knownBase(repository), live, relatedSnippets(live, repository));
    }
    // Snippets come before the suffix: those that were run already are kept.
    return isSuffixTrue(frame, live) ? frame : this.#build(frame.base, live, frame.snippets);
  }

  /** The best frame there is: compares bases, looks for snippets where the cursor is now. */
  async atLeisure(live: LiveText, repository: RepositoryContext | undefined, turn: Turn): Promise<PromptFrame> {
    const base = await this.#comparedBase(live, repository, turn);
    const frame = this.#frame;
    const isGood =
      frame !== undefined &&
      frame.base.state === base.state &&
      isAllowed(frame, repository) &&
      beginsAlike(frame, live) &&
      isSuffixTrue(frame, live) &&
      !isFarFrom(frame, live);
    if (isGood && frame.snippets.length > 0) return frame;
    const snippets = relatedSnippets(live, repository);
    return isGood && snippets.length === 0 ? frame : this.#build(base, live, snippets);
  }

  async #build(base: BaseChoice, live: LiveText, snippets: readonly Snippet[]): Promise<PromptFrame> {
    this.#frame = await buildFrame(this.lm, base, live, snippets);
    return this.#frame;
  }

  #knownBase(repository: RepositoryContext | undefined): BaseChoice {
    const trunk = repository?.trunk;
    if (trunk === undefined) return noTrunk(this.lm);
    // A smaller trunk of the same epoch is as true as the newest, and what was run after it is not lost.
    return this.#verdict?.epoch === trunk.epoch ? this.#verdict.choice : unscoredTrunk(trunk);
  }

  async #comparedBase(live: LiveText, repository: RepositoryContext | undefined, turn: Turn): Promise<BaseChoice> {
    const trunk = repository?.trunk;
    if (trunk === undefined) return noTrunk(this.lm);
    const last = this.#verdict;
    const hasGrown = last === undefined || hasOutgrown(trunk, last.trunkPosition);
    if (last !== undefined && last.epoch === trunk.epoch && !hasGrown) return last.choice;
    const header = live.path === undefined ? [] : await headerTokens(this.lm, live.path);
    const choice = await chooseBase(this.lm, trunk, header, await this.lm.tokenizer.encode(live.prefix), turn);
    this.#verdict = { choice, trunkPosition: trunk.state.position, epoch: trunk.epoch };
    return choice;
  }
}

/** Whether all that the frame draws on may still be drawn on. */
function isAllowed({ base, snippets }: PromptFrame, repository: RepositoryContext | undefined): boolean {
  if (base.choice === "trunk" && repository?.trunk?.epoch !== base.epoch) return false;
  return snippets.every(({ path }) => repository?.snippets?.has(path) === true);
}
