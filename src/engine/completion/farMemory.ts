// An exact memory of the live document itself, of what the prompt and the text right after the cursor do not hold: in a long
// file, most of what is written is like something far above or below. It is made while nobody waits.

import { normalizeLineEnds } from "../../text/lines";
import { ExactMemory } from "../exactMemory/exactMemory";
import type { LanguageModel } from "../model/languageModel";
import type { ModelAccess } from "../modelAccess";
import type { FarLines, LiveText } from "./liveText";

export class FarMemory {
  #known: { readonly lines: FarLines; readonly memory: ExactMemory } | undefined;

  constructor(private readonly lm: LanguageModel) {}

  /** Undefined where those lines are others than were remembered last: these may stand in the prompt by now. */
  of({ far }: LiveText): ExactMemory | undefined {
    const { lines, memory } = this.#known ?? {};
    return lines?.above === far?.above && lines?.below === far?.below ? memory : undefined;
  }

  /** Asks for access between steps of a few milliseconds. */
  async remember(live: LiveText, access: ModelAccess): Promise<void> {
    const { far } = live;
    if (far === undefined || this.of(live) !== undefined) return;
    const memory = new ExactMemory();
    for (const [side, text] of Object.entries(far)) {
      memory.setDocument(side, await this.lm.tokenizer.encode(normalizeLineEnds(text)));
    }
    while (memory.work()) await access.nextRun();
    this.#known = { lines: far, memory };
  }
}
