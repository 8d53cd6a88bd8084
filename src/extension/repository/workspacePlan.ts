// What of the workspace the engine is told to read, and the sentence for the user where that is nothing.

import { isDeepStrictEqual } from "node:util";
import type { Workspace, WorkspaceFolder } from "../../protocol/engine";
import type { FolderSettings, RepositoryLimits } from "../settings/config";

export interface FolderFacts extends FolderSettings {
  readonly name: string;
  readonly path: string;
}

export interface WorkspaceFacts {
  /** Those on a disk that the engine can reach. */
  readonly folders: readonly FolderFacts[];
  /** False in Restricted Mode. */
  readonly isTrusted: boolean;
  readonly stateFolder: string;
  readonly settings: RepositoryLimits;
  /** What holds for a folder that says nothing itself. */
  readonly exclude: readonly string[];
}

export interface WorkspacePlan {
  readonly workspace: Workspace;
  /** Paths of the folders that are read. */
  readonly reads: readonly string[];
  /** Why nothing but open documents is read. */
  readonly refusal: string | undefined;
}

const BYTES_PER_MEGABYTE = 1_000_000;

export function planWorkspace(facts: WorkspaceFacts): WorkspacePlan {
  const { folders, settings, stateFolder, exclude } = facts;
  const refusal = refusalOf(facts);
  const workspace: Workspace = {
    folders: folders.map((folder) => toldOf(folder, exclude)),
    stateFolder,
    repository: {
      read: refusal === undefined,
      exclude,
      maxTokens: settings.maxTokens,
      ...(settings.maxReadMs !== undefined && { maxReadMs: settings.maxReadMs }),
      stateBudgetBytes: settings.diskMegabytes * BYTES_PER_MEGABYTE,
    },
  };
  const reads = refusal === undefined ? folders.filter(({ read }) => read).map(({ path }) => path) : [];
  return { workspace, reads, refusal };
}

function toldOf({ name, path, read, exclude, encoding }: FolderFacts, ofAll: readonly string[]): WorkspaceFolder {
  const ownExclude = !isDeepStrictEqual(exclude, ofAll) && { exclude };
  return { name, path, ...(!read && { isRead: read }), ...ownExclude, encoding };
}

const UNTRUSTED =
  "In Restricted Mode only open documents are read, and the chat finds no places. Trust the workspace to have it read.";

function refusalOf({ folders, isTrusted }: WorkspaceFacts): string | undefined {
  if (folders.length === 0) return "No folder of this machine is open, so only open documents are read.";
  // Listing a repository's files asks git, and git obeys the repository's own configuration.
  if (!isTrusted) return UNTRUSTED;
  const isOff = folders.every(({ read }) => !read);
  if (isOff) return "Only open documents are read: the setting griffin.repository.read is off.";
  return undefined;
}
