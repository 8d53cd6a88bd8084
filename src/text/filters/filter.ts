// What a completion filter is.
//
// A filter only ever shortens: it names the offset at which a completion should end. So the same function ends
// generation early, when it is asked after each token, and cuts the finished text.

/** Where a completion is to stand. Line ends may be \n or \r\n. */
export interface FilterContext {
  /** The document's text before the cursor; the end of it is enough. */
  readonly prefix: string;
  /** The document's text after the cursor; the beginning of it is enough. */
  readonly suffix: string;
  /** Whether more than the cursor's line may be completed. */
  readonly multiline: boolean;
  /** Whether the model knows a file's path by the comment `// path` above it, which it may write where a file could end. */
  readonly hasPathComments?: boolean;
  /** What opens a string or a comment of several lines in the document's language (literalMarks.ts); absent: nothing is known to. */
  readonly literalMarks?: readonly string[];
}

/**
 * The offset at which `text` should end, or undefined when nothing in it asks for an end.
 * While text is still being generated (`isFinal` false) a filter decides only what more text cannot change.
 */
export type Filter = (text: string, context: FilterContext, isFinal: boolean) => number | undefined;
