// A gap in a file, where somebody may write what stands there, and the prompt that the editor would give the model for it.

import { FrameKeeper } from "../../src/engine/completion/frameKeeper";
import { type LiveText, liveText } from "../../src/engine/completion/liveText";
import { promptStart, promptWindow } from "../../src/engine/completion/promptWindow";
import { MirroredDocument } from "../../src/engine/documents";
import type { LanguageModel } from "../../src/engine/model/languageModel";
import type { TokenId } from "../../src/engine/model/model";
import type { State } from "../../src/engine/model/state";
import type { DocumentOffer } from "../../src/engine/repository/offer";

/** From the cursor to `end`. */
export interface Gap {
  /** Of the cursor's line. */
  readonly lineStart: number;
  readonly cursor: number;
  readonly end: number;
}

export interface GapPrompt {
  readonly live: LiveText;
  /** The state that the tokens follow. */
  readonly base: State;
  /** The prompt's, and then what stands in the gap. */
  readonly tokens: readonly TokenId[];
  /** Where the gap's tokens begin. */
  readonly first: number;
  /** Those after the cursor that the prompt does not hold. */
  readonly after: readonly TokenId[];
}

/** @param longest tokens of the gap, at most */
export async function promptBefore(
  lm: LanguageModel,
  offer: DocumentOffer,
  path: string,
  text: string,
  gap: Gap,
  longest: number,
): Promise<GapPrompt> {
  const { lineStart, cursor, end } = gap;
  const open = { uri: "untitled:gap", languageId: "", path, version: 1, text: withoutGap(text, gap) };
  const document = new MirroredDocument(open);
  const windowStart = promptStart(document.text, 0, cursor, promptWindow(lm));
  const live = liveText(document, { offset: cursor }, offer.path, windowStart);
  const frame = await new FrameKeeper(lm).now(live, offer);
  const lineBegins = Math.max(lineStart, windowStart);
  const before = [...frame.tokens, ...(await lm.tokenizer.encode(text.slice(windowStart, lineBegins)))];
  const line = await lm.tokenizer.encode(text.slice(lineBegins, end));
  let given = 0;
  while (lm.tokenizer.decode(line.slice(0, given)).length < cursor - lineBegins) given++;
  return {
    live,
    base: frame.base.state,
    tokens: [...before, ...line.slice(0, given + longest)],
    first: before.length + given,
    after: await lm.tokenizer.encode(live.suffix.slice(frame.told)),
  };
}

/** The file as it was before that was written. */
export function withoutGap(text: string, { cursor, end }: Gap): string {
  return text.slice(0, cursor) + text.slice(end);
}

export function endOfLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end;
}

/** Numbers below a limit that look random, and are the same in each run. */
export function randomBelow(seed: number): (limit: number) => number {
  let random = seed;
  return (limit) => {
    random = (random * 48_271) % 2_147_483_647;
    return random % limit;
  };
}
