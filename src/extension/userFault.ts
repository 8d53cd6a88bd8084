// An error whose message is meant for the user. What can fail in many ways has a table with a sentence for each of them.

/** Of each kind one or two sentences: what happened, and what to do. `Faults` says what belongs to each kind. */
export type Sentences<Faults> = { readonly [Kind in keyof Faults]: (details: Faults[Kind]) => string };

/** A kind with what belongs to it. */
export type FaultArguments<Faults> = {
  [Kind in keyof Faults]: [kind: Kind, details: Faults[Kind], cause?: unknown];
}[keyof Faults];

export abstract class UserFault<Faults> extends Error {
  protected constructor(
    sentences: Sentences<Faults>,
    readonly kind: keyof Faults,
    readonly details: Faults[keyof Faults],
    cause: unknown,
  ) {
    super(sentences[kind](details), { cause });
  }

  is<Kind extends keyof Faults>(kind: Kind): this is { readonly kind: Kind; readonly details: Faults[Kind] } {
    return this.kind === kind;
  }
}
