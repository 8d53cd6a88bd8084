// Decides when a document's prompt frame is kept, and when it is built anew: at once where it is not true any more, at
// leisure where a better one would be welcome.

import type { BaseChoice } from "../base/baseChoice";
import { BaseVerdict } from "../base/baseVerdict";
import { widestWindow } from "../model/architecture";
import type { LanguageModel } from "../model/languageModel";
import type { State } from "../model/state";
import type { ModelAccess } from "../modelAccess";
import { headerTokens } from "../repository/fileTokens";
import type { DocumentOffer } from "../repository/offer";
import type { Snippet } from "../snippets/snippet";
import type { SnippetIndex } from "../snippets/snippetIndex";
import { lacksDefinitions } from "./lackingDefinitions";
import type { LiveText } from "./liveText";
import {
  beginsAlike,
  buildFrame,
  isFarFrom,
  isSamePlace,
  isSuffixGone,
  isSuffixTrue,
  type PromptFrame,
  relatedSnippets,
} from "./promptFrame";

export class FrameKeeper {
  #frame: PromptFrame | undefined;
  /** From which text of its file each snippet was taken. */
  #stamps = new WeakMap<Snippet, number | undefined>();

  constructor(
    private readonly lm: LanguageModel,
    private readonly verdict = new BaseVerdict(lm, true),
  ) {}

  /** Another one for the same document, which begins with the same frame. */
  fork(): FrameKeeper {
    const other = new FrameKeeper(this.lm, this.verdict);
    other.#frame = this.#frame;
    other.#stamps = this.#stamps;
    return other;
  }

  /** The states that it keeps for a prompt to begin from: the frame's in use, and the one that was chosen for the next. */
  get bases(): readonly State[] {
    return [this.#frame?.base.state, this.verdict.state].filter((state) => state !== undefined);
  }

  /** Whether all that the frame in use draws on may still be drawn on. */
  isAllowed(repository: DocumentOffer | undefined): boolean {
    return this.#frame === undefined || isAllowed(this.#frame, repository);
  }

  /** Whether what the frame in use says still holds at this cursor. */
  isTrueAt(live: LiveText, repository: DocumentOffer | undefined): boolean {
    const frame = this.#frame;
    return frame !== undefined && isUsable(frame, live, repository) && isSuffixTrue(frame, live);
  }

  /** Whether what the frame in use says of the text after the cursor still holds at this one. */
  hasSuffixOf(live: LiveText): boolean {
    return this.#frame === undefined || isSuffixTrue(this.#frame, live);
  }

  /** Whether what the frame in use says of the text after the cursor is gone there, whatever was typed before it. */
  lacksSuffix(live: LiveText): boolean {
    return this.#frame !== undefined && isSuffixGone(this.#frame, live);
  }

  /**
   * The frame to use: the last one, if it still holds. At the same place it is used even if the live text begins in another way
   * now: a better one is read at leisure.
   * @param isWaitedFor true: somebody waits, so the snippets stay
   */
  async now(live: LiveText, repository: DocumentOffer | undefined, isWaitedFor = true): Promise<PromptFrame> {
    const frame = this.#frame;
    if (frame !== undefined && isAllowed(frame, repository) && isSamePlace(frame, live)) return frame;
    if (frame === undefined || !isUsable(frame, live, repository)) {
      return this.#build(this.#knownBase(repository), live, this.#related(live, repository));
    }
    if (isSuffixTrue(frame, live)) return frame;
    // Snippets come before the suffix, so with the same snippets their states still serve.
    if (isWaitedFor) return this.#build(frame.base, live, frame.snippets);
    const related = this.#related(live, repository);
    const keepsSnippets = frame.snippets.length > 0 && this.#fits(frame, live, repository, related);
    return this.#build(frame.base, live, keepsSnippets ? frame.snippets : related);
  }

  /**
   * The best frame there is: compares bases, and looks for snippets where the cursor is now. A new one is not in use until
   * `use` is called, as somebody may type before it has been read.
   * @param candidate a better one than the one in use, whose states are not all there yet
   */
  async atLeisure(
    live: LiveText,
    repository: DocumentOffer | undefined,
    access: ModelAccess,
    candidate?: PromptFrame,
  ): Promise<PromptFrame> {
    const compared = async () => ({
      header: live.path === undefined ? [] : await headerTokens(this.lm, live.path),
      live: await this.lm.tokenizer.encode(live.prefix),
    });
    const base = this.#seesFile(repository)
      ? this.#knownBase(repository)
      : await this.verdict.ask(repository?.trunk, compared, access);
    const snippets = this.#related(live, repository);
    const good = [this.#frame, candidate]
      .filter((frame) => frame !== undefined)
      .filter(
        (frame) =>
          frame.base.state === base.state &&
          isUsable(frame, live, repository) &&
          isSuffixTrue(frame, live) &&
          this.#fits(frame, live, repository, snippets),
      );
    const withSnippets = good.find(({ snippets }) => snippets.length > 0);
    if (withSnippets !== undefined) return withSnippets;
    if (good[0] !== undefined && snippets.length === 0) return good[0];
    return buildFrame(this.lm, base, live, snippets);
  }

  /** From now on `now` has this frame. */
  use(frame: PromptFrame): void {
    this.#frame = frame;
  }

  /**
   * The base to use without asking the model. While an attention layer still sees this file in the trunk, it is the one that
   * was used before the trunk read the file, if there is one.
   */
  #knownBase(repository: DocumentOffer | undefined): BaseChoice {
    const trunk = repository?.trunk;
    return this.#seesFile(repository) ? this.verdict.earlier(trunk) : this.verdict.known(trunk);
  }

  /**
   * Whether an attention layer still sees the document's own file in the trunk. As it was saved, the file ends, or goes on, just
   * where somebody is writing now: the model would copy that.
   */
  #seesFile(repository: DocumentOffer | undefined): boolean {
    const { trunk, path } = repository ?? {};
    return path !== undefined && trunk?.hasLately?.(path, widestWindow(this.lm.model.architecture)) === true;
  }

  /** Whether other snippets would not help more. @param related what is found now */
  #fits(
    frame: PromptFrame,
    live: LiveText,
    repository: DocumentOffer | undefined,
    related: readonly Snippet[],
  ): boolean {
    if (isFarFrom(frame, live) || lacksDefinitions(frame.snippets, related, live)) return false;
    return frame.snippets.every((one) => this.#isStillThere(one, repository?.snippets));
  }

  /**
   * Whether the snippet's lines are still in its file. A save that leaves them as they are is no reason to read the prompt
   * again.
   */
  #isStillThere(snippet: Snippet, index: SnippetIndex | undefined): boolean {
    const stamp = index?.updateOf(snippet.path);
    if (stamp === this.#stamps.get(snippet)) return true;
    const text = index?.linesOf(snippet.path)?.join("\n") ?? "";
    if (!snippet.text.split("\n").every((line) => text.includes(line.trim()))) return false;
    this.#stamps.set(snippet, stamp);
    return true;
  }

  #related(live: LiveText, repository: DocumentOffer | undefined): readonly Snippet[] {
    const snippets = relatedSnippets(this.lm, live, repository);
    for (const one of snippets) this.#stamps.set(one, repository?.snippets?.updateOf(one.path));
    return snippets;
  }

  async #build(base: BaseChoice, live: LiveText, snippets: readonly Snippet[]): Promise<PromptFrame> {
    this.#frame = await buildFrame(this.lm, base, live, snippets);
    return this.#frame;
  }
}

function isUsable(frame: PromptFrame, live: LiveText, repository: DocumentOffer | undefined): boolean {
  return isAllowed(frame, repository) && beginsAlike(frame, live);
}

/** Whether all that the frame draws on may still be drawn on. */
function isAllowed({ base, snippets }: PromptFrame, repository: DocumentOffer | undefined): boolean {
  if (base.choice === "trunk" && repository?.trunk?.epoch !== base.epoch) return false;
  return snippets.every(({ path }) => repository?.snippets?.has(path) === true);
}
