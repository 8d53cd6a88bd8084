// Small states of a made-up model, and folders to keep them in.

import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { KvView } from "../../../../src/engine/model/kvLog";
import type { State } from "../../../../src/engine/model/state";
import { chainKey, chainPosition, keyAfter, type ReadEntry } from "../../../../src/engine/stateStore/keys";
import type { StateModel } from "../../../../src/engine/stateStore/stateFile";
import { StateStore, type StateStoreOptions } from "../../../../src/engine/stateStore/stateStore";

export const MODEL = modelNamed("tiny", "a");

/** A model with a layer of each kind; `version` stands for its weights. */
export function modelNamed(name: string, version: string): StateModel {
  const attention = (keepsFirst: boolean) => ({
    kind: "attention" as const,
    kv: KvView.empty({ headDim: 2, window: 3, keepsFirst }),
  });
  const recurrent = {
    kind: "recurrent" as const,
    rgLruState: new Float32Array(3),
    conv1dState: new Float32Array(6),
  };
  return {
    key: chainKey("", { path: name, hash: version }),
    name,
    emptyState: { position: 0, layers: [recurrent, attention(true), attention(false)] },
  };
}

/** `<bos>` and then `files` files of two tokens each. */
export function chainOf(files: number, prefix = "src/"): ReadEntry[] {
  return Array.from({ length: files }, (_, i) => ({
    path: `${prefix}${i}.ts`,
    hash: `hash of ${i}`,
    tokens: 2,
    readAt: 1000 + i,
  }));
}

export function keyOf(chain: readonly ReadEntry[], model = MODEL): string {
  return keyAfter(model.key, chain);
}

/** A state after `chain` whose numbers follow from it. */
export function stateAfter(chain: readonly ReadEntry[], model = MODEL): State {
  const position = chainPosition(chain);
  const floats = (count: number, from: number) =>
    Float32Array.from({ length: count }, (_, i) => position + from + i / 7);
  return {
    position,
    layers: model.emptyState.layers.map((layer, index) => {
      if (layer.kind === "recurrent") {
        const { rgLruState, conv1dState } = layer;
        return {
          ...layer,
          rgLruState: floats(rgLruState.length, index),
          conv1dState: floats(conv1dState.length, -index),
        };
      }
      const count = position * layer.kv.shape.headDim;
      return { ...layer, kv: layer.kv.append({ keys: floats(count, index), values: floats(count, -index) }) };
    }),
  };
}

/** All that a state shows to a model. */
export function contentsOf({ position, layers }: State): unknown {
  const views = layers.map((layer) => {
    if (layer.kind === "recurrent") return layer;
    const { shape, window, firstRow, position: kvPosition } = layer.kv;
    return { shape, kvPosition, window: copied(window), first: shape.keepsFirst && copied(firstRow) };
  });
  return { position, views };
}

function copied({ keys, values }: { keys: Float32Array; values: Float32Array }) {
  return { keys: [...keys], values: [...values] };
}

/** The keys of the states that `folder` holds, in order. */
export async function statesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(".state"))
    .map((name) => basename(name, ".state"))
    .sort();
}

/** A store in a folder of its own, and what it logs. */
export interface StoreUnderTest {
  readonly folder: string;
  readonly lines: string[];
  readonly store: StateStore;
  /** Another window on the same folder. */
  another(options?: Partial<StateStoreOptions>): StateStore;
  save(files: number): Promise<string>;
}

const made: string[] = [];

export async function makeStore(options: Partial<StateStoreOptions> = {}): Promise<StoreUnderTest> {
  const parent = await mkdtemp(join(tmpdir(), "griffin-states-"));
  made.push(parent);
  const lines: string[] = [];
  const folder = join(parent, "states");
  const log = (level: string, message: string) => lines.push(`${level}: ${message}`);
  const another = (more: Partial<StateStoreOptions> = {}) =>
    new StateStore({ folder, model: MODEL, budgetBytes: Number.POSITIVE_INFINITY, log, ...options, ...more });
  const store = another();
  const save = async (files: number, folderId = "/one") => {
    const chain = chainOf(files);
    assert(await store.save(keyOf(chain), stateAfter(chain), chain, folderId), lines.join("\n"));
    return keyOf(chain);
  };
  return { folder, lines, store, another, save };
}

export async function removeStores(): Promise<void> {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true });
}
