// Decides when a document's prompt frame is kept, and when it is built anew: at once where it is not true any more, at
// leisure where a better one would be welcome.

import type { BaseChoice } from "./baseChoice";
import { BaseVerdict } from "./baseVerdict";
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
import type { SnippetIndex } from "./snippets/snippetIndex";
import type { Turn } from "./turn";

export class FrameKeeper {
  #frame: PromptFrame | undefined;
  /** From which text of its file each snippet was taken. */
  readonly #stamps = new WeakMap<Snippet, number | undefined>();
  readonly #verdict: BaseVerdict;

  constructor(private readonly lm: LanguageModel) {
    this.#verdict = new BaseVerdict(lm, true);
  }

  /** The frame to use while somebody waits: the last one, if it is still true. */
  async now(live: LiveText, repository: RepositoryContext | undefined): Promise<PromptFrame> {
    const frame = this.#frame;
    if (frame === undefined || !isAllowed(frame, repository) || !beginsAlike(frame, live)) {
      return this.#build(this.#verdict.known(repository?.trunk), live, this.#related(live, repository));
    }
    // Snippets come before the suffix: those that were run already are kept.
    return isSuffixTrue(frame, live) ? frame : this.#build(frame.base, live, frame.snippets);
  }

  /** The best frame there is: compares bases, looks for snippets where the cursor is now. */
  async atLeisure(live: LiveText, repository: RepositoryContext | undefined, turn: Turn): Promise<PromptFrame> {
    const compared = async () => ({
      header: live.path === undefined ? [] : await headerTokens(this.lm, live.path),
      live: await this.lm.tokenizer.encode(live.prefix),
    });
    const base = await this.#verdict.ask(repository?.trunk, compared, turn);
    const frame = this.#frame;
    const isGood =
      frame !== undefined &&
      frame.base.state === base.state &&
      isAllowed(frame, repository) &&
      beginsAlike(frame, live) &&
      isSuffixTrue(frame, live) &&
      !isFarFrom(frame, live) &&
      frame.snippets.every((one) => this.#isStillThere(one, repository?.snippets));
    if (isGood && frame.snippets.length > 0) return frame;
    const snippets = this.#related(live, repository);
    return isGood && snippets.length === 0 ? frame : this.#build(base, live, snippets);
  }

  /** Whether the file still says what the snippet does. What was saved without touching it is no reason to run all anew. */
  #isStillThere(snippet: Snippet, index: SnippetIndex | undefined): boolean {
    const stamp = index?.stampOf(snippet.path);
    if (stamp === this.#stamps.get(snippet)) return true;
    const text = index?.linesOf(snippet.path)?.join("\n") ?? "";
    if (!snippet.text.split("\n").every((line) => text.includes(line.trim()))) return false;
    this.#stamps.set(snippet, stamp);
    return true;
  }

  #related(live: LiveText, repository: RepositoryContext | undefined): readonly Snippet[] {
    const snippets = relatedSnippets(live, repository);
    for (const one of snippets) this.#stamps.set(one, repository?.snippets?.stampOf(one.path));
    return snippets;
  }

  async #build(base: BaseChoice, live: LiveText, snippets: readonly Snippet[]): Promise<PromptFrame> {
    this.#frame = await buildFrame(this.lm, base, live, snippets);
    return this.#frame;
  }
}

/** Whether all that the frame draws on may still be drawn on. */
function isAllowed({ base, snippets }: PromptFrame, repository: RepositoryContext | undefined): boolean {
  if (base.choice === "trunk" && repository?.trunk?.epoch !== base.epoch) return false;
  return snippets.every(({ path }) => repository?.snippets?.has(path) === true);
}
