// What of the sources has room in a prompt: all of one, its beginning, or the first of several.

import type { ChatSource } from "../../protocol/engine";
import { sourceText } from "./sourceText";

type UncountedSource = Omit<ChatSource, "tokens">;

export class TokenRoom {
  constructor(
    private readonly tokens: number,
    private readonly countTokens: (text: string) => Promise<number>,
  ) {}

  /** The source, if there is room for all of it. */
  async whole(source: UncountedSource): Promise<ChatSource | undefined> {
    const tokens = await this.countTokens(sourceText(source));
    return tokens <= this.tokens ? { ...source, tokens } : undefined;
  }

  /** All of a source, or its beginning when there is no room for more; undefined when there is none for a line. */
  async beginningOf(source: UncountedSource): Promise<ChatSource | undefined> {
    const room = this.tokens;
    let lines = source.text.split("\n");
    for (;;) {
      const cut = { ...source, text: lines.join("\n"), endLine: source.startLine + lines.length - 1 };
      const tokens = await this.countTokens(sourceText(cut));
      if (tokens <= room) return { ...cut, tokens };
      if (lines.length === 1) return undefined;
      lines = lines.slice(0, Math.max(1, Math.min(lines.length - 1, Math.floor((lines.length * room) / tokens))));
    }
  }

  /** With tokens for those that fit, the first ones first, and none for the others. */
  async firstOf(sources: readonly (UncountedSource & { readonly score?: number })[]): Promise<ChatSource[]> {
    const fitted: ChatSource[] = [];
    for (const { score: _, ...source } of sources) {
      const tokens = await this.countTokens(sourceText(source));
      fitted.push({ ...source, tokens: totalTokens(fitted) + tokens <= this.tokens ? tokens : 0 });
    }
    return fitted;
  }
}

export function totalTokens(sources: readonly ChatSource[]): number {
  return sources.reduce((sum, { tokens }) => sum + tokens, 0);
}
