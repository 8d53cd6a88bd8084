// Everything that crosses the boundary between the extension host and the engine, and what both sides ask of it.
//
// Messages travel as structured clones over the child process's IPC channel, in order, in both directions.
// The engine speaks first (`hello`); the host answers with `start`; the engine ends the handshake with
// `ready` or `failed`. After that `open`, `change` and `close` are fences: the engine applies them in the
// order of arrival, and a request sees exactly the edits that were sent before it.
// Every one of `Requests` is answered by exactly one `result` with its id, also when it is cancelled.

import type { TextEdit } from "../text/edit";
import type { DefinedLines } from "../text/placeCode";
import type { ModelFaultKind } from "./modelFaultKind";

/** Raised with each message that is new, gone or changed. Both sides refuse to talk across a difference. */
export const PROTOCOL_VERSION = 26;

/** UTF-16 index into a document's text. */
export type Offset = number;

export type { DefinedLines, TextEdit };

export interface EngineOptions {
  /** Threads for the model's arithmetic; 0 lets the engine choose. */
  readonly threads: number;
  /** Where the engine remembers what is fastest on this machine; absent: it measures nothing. */
  readonly tuningFolder?: string;
}

/** What the engine says of the model that it has loaded. */
export interface ModelSummary {
  readonly name: string;
  readonly displayName: string;
  /** True when the model was trained to follow instructions in turns. */
  readonly instructionTuned: boolean;
  /** Tokens that it was trained to see at once. */
  readonly contextTokens: number;
  /** Milliseconds from `start` to `ready`. */
  readonly loadMs: number;
  /** Memory that the engine's process has by then. */
  readonly residentBytes: number;
}

/** What of the workspace the engine may read, and where it may keep states. A new one replaces the one before. */
export interface Workspace {
  readonly folders: readonly WorkspaceFolder[];
  /** Folder for saved states, made when it is missing; absent: states live as long as the engine. */
  readonly stateFolder?: string;
  readonly repository: RepositorySettings;
  /** From the beginning on; what is switched later comes by "useSource". Absent: nothing. */
  readonly switchedOff?: readonly ContextSource[];
}

/** A folder of which a watcher has told. What is done in the editor is known without one, and says nothing of watchers. */
export interface ToldFolder {
  readonly path: string;
  /** Of git's HEAD or index, too. */
  readonly isGitTold: boolean;
}

export interface WorkspaceFolder {
  readonly name: string;
  /** Absolute, in the machine's own notation. */
  readonly path: string;
  /** Nothing of it but open documents is ever read, whatever is said of all folders. */
  readonly isRead?: false;
  /** Patterns that hold for it in the place of those for all folders, where it has some of its own. */
  readonly exclude?: readonly string[];
  /** Of its files that are not in Unicode, as VS Code's files.encoding names it; absent: they are in none that is known. */
  readonly encoding?: string;
}

export interface RepositorySettings {
  /** False: nothing but open documents is ever read. */
  readonly read: boolean;
  /** Glob patterns, in .gitignore's syntax, of files that are never read. */
  readonly exclude: readonly string[];
  /** The state reads at most this many tokens of one folder. */
  readonly maxTokens: number;
  /** And what the model reads in about so many milliseconds, if that is less; absent: however long it takes. */
  readonly maxReadMs?: number;
  /** Saved states of all workspaces take at most this much of the disk. */
  readonly stateBudgetBytes: number;
}

/** Where the engine stands with reading one folder. */
export interface ReadingProgress {
  /** The folder's `path`. */
  readonly folder: string;
  readonly phase: "listing" | "restoring" | "reading" | "paused" | "done" | "failed";
  readonly filesRead: number;
  readonly filesTotal: number;
  readonly tokens: number;
  /** With `failed` and `paused`: a sentence. */
  readonly message?: string;
}

/** Something that a completion may draw on, and that the user can switch off. */
export type ContextSource =
  | { readonly kind: "trunk" | "snippets" | "memory" }
  | { readonly kind: "file"; readonly folder: string; readonly path: string };

/** What the model saw: the sources as they are now, and what the last completion drew on. */
export interface ContextReport {
  readonly folders: readonly FolderReport[];
  /** Memory that the engine's process has. */
  readonly residentBytes: number;
  /** Absent before the first completion. */
  readonly completion?: CompletionReport;
}

export interface FolderReport {
  readonly progress: ReadingProgress;
  /** Each once. */
  readonly files: readonly FileReport[];
  /** Not all fit into the state, because the model reads no more in so many milliseconds. */
  readonly allReadInMs?: number;
  /** Files that were not read, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Tokens that the exact memory holds. */
  readonly memoryTokens: number;
  /** Tokens that the model has read since the folder was opened, for the state that there is and for those before it. */
  readonly readTokens: number;
  /** Whether what was read is on disk. False, too, where states are not kept and something was read. */
  readonly isSaved: boolean;
  /** When the state came from disk: milliseconds that it took. */
  readonly restoredMs?: number;
}

export interface FileReport {
  readonly path: string;
  readonly tokens: number;
  /** When it was read, in milliseconds since 1970. */
  readonly readAt: number;
  /** The file has changed since: its new text waits to be read. */
  readonly isStale: boolean;
}

export interface CompletionReport {
  readonly uri: string;
  readonly path?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The state that the completion began from, and a sentence that says why. */
  readonly base: { readonly choice: "trunk" | "empty"; readonly reason: string };
  readonly snippets: readonly SnippetReport[];
  /** The model was told only the lines around the cursor, because reading all would have taken too long just then. */
  readonly isBrief?: true;
  readonly timing: CompletionTiming;
}

export interface SnippetReport extends FilePlace {
  readonly score: number;
  readonly reason: string;
}

/** A document as the engine mirrors it. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly languageId: string;
  /** Path shown to the model, relative to its workspace folder with forward slashes; absent for untitled buffers. */
  readonly path?: string;
  readonly text: string;
}

/** A place in a document as the engine knows it. */
export interface DocumentPlace {
  readonly uri: string;
  /** The version that the requester sees; the engine answers `stale` when its mirror has another. */
  readonly version: number;
  readonly offset: Offset;
  /** In a notebook's cell how much of the text after `offset` is the cell's; the rest of the document is other cells. */
  readonly cellRest?: number;
  /** What the editor there indents a line with: a tab, or some blanks. Absent: what is written stays as it is. */
  readonly indentUnit?: string;
}

export interface CompleteParams extends DocumentPlace {
  /** `automatic` while typing, `invoke` when the user asked for it. */
  readonly trigger: "automatic" | "invoke";
  /** The entry chosen in the suggestion list, if it is open: the completion must extend `text` over this range. */
  readonly selected?: { readonly offset: Offset; readonly deleted: number; readonly text: string };
  readonly extent: Extent;
  /**
   * When the editor gives up, in milliseconds of the epoch: of a line that would not be whole by then, what is written is the answer, in
   * whole words. Absent: it waits. Once that moment is over, nothing is cut any more: what comes then is for the next key.
   */
  readonly answerBy?: number;
  /** Nobody waits for it yet: everything else comes first, until "hurry". */
  readonly isSpeculative?: boolean;
}

/** How much is written at most. */
export interface Extent {
  /** Whether more than the current line may be completed. */
  readonly multiline: boolean;
  /** Upper bound of generated tokens. */
  readonly maxTokens: number;
}

/** How a request ends: with what was asked for, or without. */
export type Result<Answer> = ({ readonly type: "success" } & Answer) | Unanswered;

export type Unanswered = { readonly type: "cancelled"; readonly reason: string } | Failed;

/** A sentence for the user. Where the model is at fault, the host adds what to do about it. */
export interface Failed {
  readonly type: "failed";
  readonly message: string;
  readonly fault?: ModelFaultKind;
}

/** What happened to a completion request. Text never holds \r: line ends are \n, whatever the document has. */
export type CompleteResult =
  | Result<{
      /** What to insert at the cursor; with `selected`, what follows its text. */
      readonly text: string;
      /** What was told on the way, as it would have been suggested, where something likelier was found after it. */
      readonly streamed?: string;
      /** The model was not sure enough to suggest it to somebody who does not ask. */
      readonly isUnsure?: true;
      /** There would have been more, but the editor waits no longer: see `answerBy`. */
      readonly isCutShort?: true;
      readonly timing: CompletionTiming;
    }>
  | { readonly type: "empty" | "stale"; readonly reason: string };

/** What else could stand at a place; none when the model knows nothing else. Line ends are \n. */
export type AlternativesResult =
  | Result<{ readonly texts: readonly string[] }>
  | { readonly type: "stale"; readonly reason: string };

/** Why generation ended: at a sensible end, or because it had become long enough, or taken long enough. */
export type FinishReason = "stop" | "length";

export interface CompletionTiming {
  /** Tokens of the prompt that an earlier state already held. */
  readonly reusedTokens: number;
  /** Tokens of the prompt that had to be run. */
  readonly replayedTokens: number;
  /** Chosen tokens, also of lines that turned out less likely than the one that is suggested. */
  readonly generatedTokens: number;
  /** Generated tokens that the exact memory recalled, and those that it drafted and the model confirmed. */
  readonly recalledTokens: number;
  readonly draftedTokens: number;
  readonly queueMs: number;
  /** Finding snippets and encoding text. */
  readonly promptMs: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
}

export interface ChatTurn {
  readonly role: "user" | "model";
  readonly text: string;
  /**
   * Of an answer: the files that it drew on. When one of them may not be read any more, it is forgotten, and so are all answers
   * after it, which may repeat what it says.
   */
  readonly drewOn?: readonly DrawnFile[];
}

/** A file of a workspace folder, by the folder's absolute path. */
export interface FolderFile {
  readonly folder: string;
  readonly path: string;
}

/** Names a file among those of all folders: a folder may lie in another one, and then a file has a name in each. */
export function fileKey({ folder, path }: FolderFile): string {
  return `${folder}\n${path}`;
}

/** A file that an answer drew on. */
export interface DrawnFile extends FolderFile {
  /** Nothing of it but what the user had selected, which may come from a folder that is not read. */
  readonly isSelected?: true;
}

/** Each file once; as selected where it was nothing else. */
export function distinctFiles(files: readonly DrawnFile[]): DrawnFile[] {
  const distinct = new Map<string, DrawnFile>();
  for (const file of files) {
    const known = distinct.get(fileKey(file));
    if (known === undefined || known.isSelected) distinct.set(fileKey(file), file);
  }
  return [...distinct.values()];
}

/** A question, whoever answers it. */
export interface ChatQuestion {
  /** The whole conversation, oldest first; the last turn is the user's. */
  readonly turns: readonly ChatTurn[];
  /** Whether the answer may draw on the workspace's folders. */
  readonly useRepository: boolean;
  /** What the user has added to the question. */
  readonly attachments: readonly ChatAttachment[];
  /** A document in the folder whose state the answer begins from; absent: the first folder's. */
  readonly near?: string;
}

export interface ChatParams extends ChatQuestion {
  readonly maxTokens: number;
  /** Room for the turns before the question, whose oldest are left out; absent: what leaves the code its room, see chatPrompt. */
  readonly earlierTokens?: number;
}

/** A file of the workspace by its place, or text that the user has selected in an editor. */
export type ChatAttachment =
  | { readonly type: "file"; readonly folder: string; readonly path: string }
  | ({ readonly type: "selection"; readonly text: string } & FilePlace);

/** Lines of a file. */
export interface FilePlace {
  /** Absolute path of the workspace folder; absent for what lies in none. */
  readonly folder?: string;
  /** In that folder, with forward slashes. */
  readonly path: string;
  /** 1-based, inclusive. */
  readonly startLine: number;
  readonly endLine: number;
}

/** A place that an answer draws on, or would have if there had been room. */
export interface ChatSource extends FilePlace {
  /** As the prompt names it: with the folder's name before it when there are several. */
  readonly name: string;
  readonly text: string;
  readonly reason: "definition" | "named file" | "similar" | "attached file" | "attached selection";
  /** In the prompt; 0 when it was left out for want of room. */
  readonly tokens: number;
}

/** Whether the model reads it; the user is told of the others, too. */
export function isInPrompt({ tokens }: Pick<ChatSource, "tokens">): boolean {
  return tokens > 0;
}

/** The files of the workspace that these places lie in. */
export function drawnFiles(sources: readonly Pick<ChatSource, "folder" | "path" | "reason">[]): DrawnFile[] {
  return sources.flatMap(({ folder, path, reason }): DrawnFile[] => {
    if (folder === undefined) return [];
    return [{ folder, path, ...(reason === "attached selection" && { isSelected: true }) }];
  });
}

/** What was gathered for a question: known before any model has it. */
export interface ChatFindings {
  /** Most relevant first; what the user has attached before all. */
  readonly sources: readonly ChatSource[];
  /** Attachments that were refused: a sentence for each. */
  readonly refusals: readonly string[];
  /** Absent where all that was said before may be told. */
  readonly withheld?: WithheldAnswers | undefined;
}

/** What the answer draws on, whoever gives it. */
export interface ChatGrounds extends ChatFindings {
  /** Turns before the question that the prompt still holds. */
  readonly earlierTurns: number;
  /** In tokens of the engine's model, also when another one reads it. */
  readonly promptTokens: number;
}

/** The last answers before the question that are not told: the first of them drew on what may not be read now. */
export interface WithheldAnswers {
  readonly count: number;
  /** Whether it is known that something of it may not be read, and not only unknown whether it may. */
  readonly isForGood: boolean;
}

/** What the engine's model answers from besides, which takes it a while to find out. Told before the answer's first word. */
export interface ChatContext extends Omit<ChatGrounds, keyof ChatFindings> {
  /** The state that the answer begins from, and a sentence that says why. */
  readonly base: { readonly choice: "trunk" | "empty"; readonly reason: string };
}

/** `path:line` in an answer, and the place that it was found to name. */
export interface ChatCitation extends FilePlace {
  /** As it stands in the answer. */
  readonly text: string;
}

export type ChatResult = Result<{
  readonly finish: FinishReason;
  readonly generatedTokens: number;
  /** Tokens of the prompt that an earlier state already held, and that had to be run. */
  readonly reusedTokens: number;
  readonly replayedTokens: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
}>;

/** A part of a conversation as chat endpoints take it. */
export interface ChatMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** A question made ready for a model elsewhere: the engine gathers and refuses as it does for its own, and sends nothing. */
export type ChatMessagesResult = Result<{ readonly messages: readonly ChatMessage[]; readonly grounds: ChatGrounds }>;

/** A file that a question may be about. */
export interface FoundFile {
  readonly folder: string;
  readonly path: string;
  /** See ChatSource. */
  readonly name: string;
}

/** What a removal of saved states has done. */
export interface ClearedStates {
  /** That was freed. */
  readonly bytes: number;
  /** What could not be removed, and what to do: a sentence or two. */
  readonly problem?: string;
}

/** What an imported state has read. */
export interface ImportedState {
  readonly files: number;
  readonly tokens: number;
}

/** What the host may ask of an engine that is ready, and how each request ends. */
export interface Requests {
  complete: { asked: { readonly params: CompleteParams }; result: CompleteResult };
  /** Suggestions for the same place besides the one that `complete` gives: those that are written within so many milliseconds. */
  alternatives: {
    asked: { readonly params: CompleteParams; readonly withinMs: number };
    result: AlternativesResult;
  };
  chat: { asked: { readonly params: ChatParams }; result: ChatResult };
  chatMessages: { asked: { readonly question: ChatQuestion }; result: ChatMessagesResult };
  /** Which places of an answer are there: only such as name lines of files that may be read. */
  checkCitations: {
    asked: { readonly answer: string };
    result: Result<{ readonly citations: readonly ChatCitation[] }>;
  };
  /** Files that may be read and whose path fits `query`, best first; all of them fit an empty one. */
  findFiles: {
    asked: { readonly query: string; readonly limit: number };
    result: Result<{ readonly files: readonly FoundFile[] }>;
  };
  /** The definitions of a text, as far as a grammar reads its language; it is not kept. */
  findDefinitions: {
    asked: { readonly path: string; readonly languageId: string; readonly text: string };
    result: Result<{ readonly definitions: readonly DefinedLines[] }>;
  };
  countTokens: { asked: { readonly text: string }; result: Result<{ readonly count: number }> };
  report: { asked: object; result: Result<{ readonly report: ContextReport }> };
  /** Removes the saved states of these folders, or every one, of all workspaces, and reads anew. Absolute paths. */
  clearStates: { asked: { readonly folders?: readonly string[] }; result: Result<ClearedStates> };
  /** Takes over a state of `folder` that `griffin ingest --export` has written elsewhere. */
  importState: { asked: { readonly folder: string; readonly file: string }; result: Result<ImportedState> };
}

export type RequestType = keyof Requests;

/** How a request of this type ends: any may go unanswered. */
export type ResultOf<Type extends RequestType> = Requests[Type]["result"] | Unanswered;

/** A request is a message of its own type, with what is asked. */
export type RequestMessage<Type extends RequestType = RequestType> = {
  [Each in Type]: { readonly type: Each; readonly id: number } & Requests[Each]["asked"];
}[Type];

/** Answers the request with this id; `of` is that request's type. */
export type ResultMessage = {
  [Each in RequestType]: {
    readonly type: "result";
    readonly id: number;
    readonly of: Each;
    readonly result: ResultOf<Each>;
  };
}[RequestType];

export type HostMessage =
  | {
      readonly type: "start";
      readonly protocolVersion: number;
      readonly modelFolder: string;
      readonly options: EngineOptions;
      /** When the engine before this one was ready, in milliseconds since 1970; absent: it was not ended because it hung. */
      readonly hungEngineReadyAt?: number;
    }
  | ({ readonly type: "open" } & OpenDocument)
  | { readonly type: "change"; readonly uri: string; readonly version: number; readonly edits: readonly TextEdit[] }
  | { readonly type: "close"; readonly uri: string }
  | ({ readonly type: "workspace" } & Workspace)
  /** Absolute paths that have appeared, changed or gone since the last message, and folders of such. */
  | { readonly type: "filesChanged"; readonly paths: readonly string[] }
  /**
   * Somebody has come back to the window, after minutes at least: looks whether files have changed where no watcher says so.
   * `told`: folders of which one has said anything since.
   */
  | { readonly type: "cameBack"; readonly told: readonly ToldFolder[] }
  /** Lines of an open document that the user looks at; 1-based, inclusive. */
  | { readonly type: "viewed"; readonly uri: string; readonly startLine: number; readonly endLine: number }
  /** Stops and resumes reading in the background; `reason` is a sentence for the user. */
  | { readonly type: "pauseReading"; readonly reason: string | undefined }
  | { readonly type: "useSource"; readonly source: ContextSource; readonly isEnabled: boolean }
  | RequestMessage
  /** Ends a request that nobody wants to be answered any more. */
  | { readonly type: "cancel"; readonly id: number }
  /** Somebody waits by now for a completion that was asked for before, with `isSpeculative` or by another key; until `answerBy`, as there. */
  | { readonly type: "hurry"; readonly id: number; readonly answerBy?: number }
  /** Reads ahead what a completion at this place will want. */
  | { readonly type: "prepare"; readonly uri: string; readonly version: number; readonly offset: Offset }
  /** Answered by `pong` between two runs of the model: one that hangs answers no more. */
  | { readonly type: "ping" }
  | { readonly type: "shutdown" };

export type EngineMessage =
  | { readonly type: "hello"; readonly protocolVersion: number }
  | { readonly type: "ready"; readonly model: ModelSummary }
  | Failed
  | { readonly type: "reading"; readonly progress: ReadingProgress; readonly residentBytes: number }
  | { readonly type: "pong"; readonly residentBytes: number }
  | ResultMessage
  /** What has been written so far, piece by piece. The result may be less, as its end is found last, or a likelier line. */
  | { readonly type: "completeText"; readonly id: number; readonly text: string }
  | { readonly type: "chatFindings"; readonly id: number; readonly findings: ChatFindings }
  | { readonly type: "chatContext"; readonly id: number; readonly context: ChatContext }
  | { readonly type: "chatText"; readonly id: number; readonly text: string }
  | { readonly type: "log"; readonly level: LogLevel; readonly message: string };

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";
