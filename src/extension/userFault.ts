// An error whose message is meant for the user. What can fail in many ways has a table with a sentence for each of them.

/** Of each kind one or two sentences: what happened, and what to do. */
export type Sentences<Kind extends string, Details> = Readonly<Record<Kind, (details: Details) => string>>;

export abstract class UserFault<Kind extends string, Details> extends Error {
  protected constructor(
    sentences: Sentences<Kind, Details>,
    readonly kind: Kind,
    readonly details: Details,
    cause: unknown,
  ) {
    super(sentences[kind](details), { cause });
  }
}
