// Why things are not as they might be, and what can be done about it. The status item's tooltip, what a screen reader says of it,
// and its menu all tell these.

import type { DocumentScope, SettingRemedy } from "../completion/documentScope";
import type { EngineStatus } from "../engineProcess/engineSupervisor";
import { asMarkdown, plainText } from "../phrases";
import type { ReadingSummary } from "../repository/readingSummary";
import type { LinkName } from "./links";

export interface ConcernFacts {
  readonly engine: EngineStatus;
  /** Why the last completion failed, until one does not. A sentence. */
  readonly failure: string | undefined;
  /** The scope of the document in front. */
  readonly scope: DocumentScope;
  /** How far the workspace has been read, if it is read at all. */
  readonly reading: ReadingSummary | undefined;
  /** Until the user resumes it, or the power is back. */
  readonly isReadingPaused: boolean;
  /** Why nothing but open documents is read, if that is so. A sentence. */
  readonly refusal: string | undefined;
  /** False in Restricted Mode. */
  readonly isTrusted: boolean;
}

export interface Concern extends Told {
  readonly about: "engine" | "completion" | "document" | "repository";
  /** With VS Code's `$(icon)` notation. */
  readonly heading: string;
  readonly remedies: readonly (LinkName | SettingRemedy)[];
}

/** Sentences, as plain text and as Markdown. */
interface Told {
  readonly text: string;
  readonly markdown: string;
}

/** Those of the repository last. */
export function concernsOf(facts: ConcernFacts): readonly Concern[] {
  const concerns = [ofEngine(facts), ofCompletion(facts), ofDocument(facts), ofRepository(facts)];
  return concerns.filter((concern) => concern !== undefined);
}

function ofEngine({ engine }: ConcernFacts): Concern | undefined {
  if (engine.type !== "failed") return undefined;
  return { about: "engine", heading: "$(error) The engine has failed", ...plain(engine.message), remedies: IN_FAILURE };
}

function ofCompletion({ engine, scope, failure }: ConcernFacts): Concern | undefined {
  if (engine.type !== "ready" || scope.type === "off" || failure === undefined) return undefined;
  const heading = "$(warning) The last completion failed";
  return { about: "completion", heading, ...plain(failure), remedies: IN_FAILURE };
}

const IN_FAILURE = ["restart", "log"] as const;

function ofDocument({ scope }: ConcernFacts): Concern | undefined {
  if (scope.type === "on") return undefined;
  return { about: "document", heading: HEADINGS[scope.type], ...marked(scope.reason), remedies: scope.remedies };
}

const HEADINGS = {
  off: "$(circle-slash) No completions here",
  asked: "$(info) Completions only when you ask",
  snoozed: "$(bell-slash) Completions are snoozed",
};

function ofRepository({ reading, isReadingPaused, refusal, isTrusted }: ConcernFacts): Concern | undefined {
  const about = "repository";
  if (refusal !== undefined) {
    const heading = "$(info) The repository is not read";
    return { about, heading, ...marked(refusal), remedies: isTrusted ? [] : ["trust"] };
  }
  if (reading === undefined || reading.messages.length === 0) return undefined;
  const told = plain(reading.messages.join(" "));
  if (reading.phase === "paused") {
    const heading = "$(debug-pause) Reading the repository is paused";
    return { about, heading, ...told, remedies: isReadingPaused ? ["resume"] : [] };
  }
  return { about, heading: "$(warning) Not all of the repository could be read", ...told, remedies: ["log"] };
}

/** @param words which may hold signs that would mean something in Markdown */
function plain(words: string): Told {
  return { text: plainText(words), markdown: asMarkdown(words) };
}

function marked(markdown: string): Told {
  return { text: plainText(markdown), markdown };
}
