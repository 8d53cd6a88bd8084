// What of the workspace the engine is told to read, and the sentence for the user where that is nothing.

import type { Workspace, WorkspaceFolder } from "../../protocol/engine";
import type { RepositorySettings } from "../settings/config";

export interface WorkspaceFacts {
  /** Those on a disk that the engine can reach. */
  readonly folders: readonly WorkspaceFolder[];
  /** False in Restricted Mode. */
  readonly isTrusted: boolean;
  readonly stateFolder: string;
  readonly settings: RepositorySettings;
}

export interface WorkspacePlan {
  readonly workspace: Workspace;
  /** Why nothing but open documents is read. */
  readonly refusal: string | undefined;
}

const BYTES_PER_MEGABYTE = 1_000_000;

export function planWorkspace(facts: WorkspaceFacts): WorkspacePlan {
  const { folders, settings, stateFolder } = facts;
  const refusal = refusalOf(facts);
  const workspace: Workspace = {
    folders,
    stateFolder,
    repository: {
      read: refusal === undefined,
      exclude: settings.exclude,
      maxTokens: settings.maxTokens,
      ...(settings.maxReadMs !== undefined && { maxReadMs: settings.maxReadMs }),
      stateBudgetBytes: settings.diskMegabytes * BYTES_PER_MEGABYTE,
    },
  };
  return { workspace, refusal };
}

function refusalOf({ folders, isTrusted, settings }: WorkspaceFacts): string | undefined {
  if (folders.length === 0) return "No folder of this machine is open, so only open documents are read.";
  // Listing a repository's files asks git, and git obeys the repository's own configuration.
  if (!isTrusted) return "In Restricted Mode only open documents are read. Trust the workspace to have it read.";
  if (!settings.read) return "Only open documents are read: the setting griffin.repository.read is off.";
  return undefined;
}
