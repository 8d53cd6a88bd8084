// What completions may not draw on because the user has switched it off: kept for each workspace, told to each engine.

import { join } from "node:path";
import type { ContextSource, HostMessage } from "../../protocol/engine";
import { isObject } from "../../text/json";
import { Emitter } from "../emitter";
import { keep, type Store } from "../store";

const KEY = "griffin.sourcesSwitchedOff";

export class SourceChoices {
  /** Fires when the engine has been told of a change. */
  readonly onChange = new Emitter<void>();
  private readonly byKey: Map<string, ContextSource>;

  constructor(
    private readonly store: Store,
    private readonly send: (message: HostMessage) => boolean,
    private readonly tellUser: (sentence: string) => void,
  ) {
    const stored = store.get(KEY);
    const sources = Array.isArray(stored) ? stored.filter(isSource) : [];
    this.byKey = new Map(sources.map((source) => [keyOf(source), source]));
  }

  isEnabled(source: ContextSource): boolean {
    return !this.byKey.has(keyOf(source));
  }

  use(source: ContextSource, isEnabled: boolean): void {
    if (isEnabled) this.byKey.delete(keyOf(source));
    else this.byKey.set(keyOf(source), source);
    const loss = "What you switch on or off here will be lost on reload, because VS Code could not save it";
    void keep(this.store, KEY, this.switchedOff, loss, this.tellUser);
    this.send({ type: "useSource", source, isEnabled });
    this.onChange.fire();
  }

  get switchedOff(): readonly ContextSource[] {
    return [...this.byKey.values()];
  }
}

/** A file is the same in each of the nested folders that have it. */
function keyOf(source: ContextSource): string {
  return source.kind === "file" ? join(source.folder, source.path) : source.kind;
}

/** Another version of the extension may have stored something else. */
function isSource(value: unknown): value is ContextSource {
  if (!isObject(value)) return false;
  const { kind, folder, path } = value;
  if (kind === "file") return typeof folder === "string" && typeof path === "string";
  return kind === "trunk" || kind === "snippets" || kind === "memory";
}
