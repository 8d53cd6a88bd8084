import assert from "node:assert/strict";
import { piecePrinter, print } from "../../../src/cli/print";

function printed(text: string, isTTY: boolean): string {
  const written: unknown[] = [];
  print(text, { isTTY, write: (piece: unknown) => written.push(piece) > 0 });
  return written.join("");
}

function printedInPieces(...pieces: readonly string[]): string[] {
  const written: string[] = [];
  const output = { isTTY: true, write: (piece: unknown) => written.push(String(piece)) > 0 };
  pieces.forEach(piecePrinter(output));
  return written;
}

describe("what strangers have written", () => {
  const name = "\u001b]0;title\u0007\u009b2Ja\rb\u007f.ts";

  it("gives a terminal no orders", () => {
    assert.equal(printed(name, true), "\ufffd]0;title\ufffd\ufffd2Ja\ufffdb\ufffd.ts");
  });

  it("keeps its lines and tabs, and everything where no terminal reads it", () => {
    for (const isTTY of [true, false]) assert.equal(printed("é\tx\r\n y\n", isTTY), "é\tx\r\n y\n");
    assert.equal(printed(name, false), name);
  });

  it("keeps the end of a line that comes in two pieces, and no order that does", () => {
    assert.deepEqual(printedInPieces("a\r", "\nb\r", "c", "\r", "\r\n"), ["a", "\r\nb", "\ufffdc", "", "\ufffd\r\n"]);
  });
});
