import type { Log } from "../../src/extension/log";

/** Keeps what is logged, as `level: message`. */
export class FakeLog implements Log {
  readonly lines: string[] = [];
  readonly trace = this.keep("trace");
  readonly debug = this.keep("debug");
  readonly info = this.keep("info");
  readonly warn = this.keep("warn");
  readonly error = this.keep("error");

  private keep(level: string): (message: string) => void {
    return (message) => this.lines.push(`${level}: ${message}`);
  }
}
