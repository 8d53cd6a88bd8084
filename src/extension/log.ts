// What the log may hold. VS Code's LogOutputChannel is one.
//
// Text of documents, questions and answers is private: it goes to `trace` only, which is off unless the user asks.

export interface Log {
  trace(message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
