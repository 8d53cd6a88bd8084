// The names of states: what a state has read, as a hash.
//
// A trunk is `<bos>` and then files, one after the other. The key of the state after i files is a hash of the key after
// i − 1 files and of the i-th file's path and content; the first key is a hash of all that makes the model's numbers what
// they are, but for where they are computed: processors and graphics cards round otherwise, as little as 8 bits do. So equal
// keys mean equal tokens under an equal model, in whichever window and at whatever time.

import { createHash } from "node:crypto";
import type { ModelFolder } from "../model/modelFolder";

/**
 * Layout of a state file. Raise it when stateFile.ts or sections.ts writes anything differently that a reader could take for
 * something else: no state from before is found then.
 */
export const STATE_FORMAT_VERSION = 3;

/**
 * What turns files into a state: graph/ (tokens into numbers), tokenizer.ts and the trunk's prompt format (files into
 * tokens). Raise it when any of them gives another result for the same model and files.
 */
const READING_VERSION = 2;

/** SHA-256 in hex. */
export type StateKey = string;

/** A file's part of the key. */
export interface ChainLink {
  /** Relative to the workspace folder, with `/`. */
  readonly path: string;
  /** The hash of the file's content. */
  readonly hash: string;
}

/** One file as a state reads it. */
export interface ChainEntry extends ChainLink {
  /** Tokens that the file takes, its separators included. */
  readonly tokens: number;
}

/** One file that a state has read. */
export interface ReadEntry extends ChainEntry {
  /** In milliseconds since 1970. */
  readonly readAt: number;
}

/** The key of the state that has read `<bos>` and no file yet. */
export function modelKey({ architecture, tokens, trained, files }: ModelFolder): StateKey {
  // What it was trained for decides what stands before each file (fileTokens.ts).
  const reading = [READING_VERSION, trained.fillInTheMiddle];
  return sha256Hex(JSON.stringify(["model", STATE_FORMAT_VERSION, ...reading, architecture, tokens, files]));
}

/** The key after one more file. */
export function chainKey(parent: StateKey, { path, hash }: ChainLink): StateKey {
  return sha256Hex(JSON.stringify([parent, path, hash]));
}

/** The keys along a chain: after no file, after one, …, after all. */
export function chainKeys(modelKey: StateKey, chain: readonly ChainLink[]): StateKey[] {
  const keys = [modelKey];
  for (const link of chain) keys.push(chainKey(keys.at(-1)!, link));
  return keys;
}

/** The key of the state that has read all of a chain. */
export function keyAfter(modelKey: StateKey, chain: readonly ChainLink[]): StateKey {
  return chainKeys(modelKey, chain).at(-1)!;
}

/** Where a trunk stands after `chain`: `<bos>` and the files' tokens. */
export function chainPosition(chain: readonly ChainEntry[]): number {
  return chain.reduce((sum, { tokens }) => sum + tokens, 1);
}

/** Names a workspace folder in states. A hash, because its path is nobody's business. */
export function folderMark(folderId: string): string {
  return sha256Hex(JSON.stringify(["folder", folderId]));
}

function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
