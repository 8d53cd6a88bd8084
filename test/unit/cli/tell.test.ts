import assert from "node:assert/strict";
import { complain, tell } from "../../../src/cli/tell";

function written(output: { isTTY: boolean; columns: number }, write: (to: typeof process.stderr) => void): string {
  const pieces: unknown[] = [];
  write({ ...output, write: (piece: unknown) => pieces.push(piece) > 0 } as unknown as typeof process.stderr);
  return pieces.join("");
}

const TERMINAL = { isTTY: true, columns: 10 };

describe("the line that tells how far a command is", () => {
  const told = (text: string, output = TERMINAL) => written(output, (to) => tell(text, to));

  it("is one row of the terminal, in which strangers' names give no orders", () => {
    assert.equal(told("1 of 2"), "\r\u001b[K1 of 2");
    assert.equal(told("1 of 2  python-word-1"), "\r\u001b[K1 of 2  p");
    assert.equal(told("a\u001b[2J\nb"), "\r\u001b[Ka\ufffd[2J\ufffdb");
    assert.equal(told("x".repeat(100), { isTTY: true, columns: 0 }), `\r\u001b[K${"x".repeat(79)}`);
  });

  it("is told to terminals only", () => {
    assert.equal(told("1 of 2", { ...TERMINAL, isTTY: false }), "");
  });

  it("makes room for what is wrong, which is said whole", () => {
    const said = (isTTY: boolean) =>
      written({ ...TERMINAL, isTTY }, (to) => complain("griffin: There is no such file.\n", to));
    assert.equal(said(true), "\r\u001b[Kgriffin: There is no such file.\n");
    assert.equal(said(false), "griffin: There is no such file.\n");
  });
});
