// Which lines count as right, token by token: | parts the tokens, and ! stands before a wrong one.

import assert from "node:assert/strict";
import { LineScore } from "../../../../tools/exactMemory/lineScore";

describe("the score of lines", () => {
  check("let| x|;|\n|return|;|\n", [true, true], "13 of 13");
  check("let|! x|;|\n|return|;|\n", [false, true], "10 of 13");
  check("let| x|;|!\n  |return|;|\n", [false, true], "13 of 13", "a line that goes on where it should end");
  check("!  |let| x|;|\n", [true], "6 of 6", "indentation is no part of a line");
  check("let| |x|\n", [true], "5 of 5", "but a blank in it is");
  check("let|\n\n|\n|x|\n", [true, true], "4 of 4", "a blank line is none");
  check("let| x", [], "5 of 5", "a line that is cut off is neither right nor wrong");

  it("goes on with no line that was cut off elsewhere", () => {
    const score = new LineScore();
    add(score, "!let");
    score.move();
    add(score, "x|\n");
    assert.deepEqual(score.lines, [true]);
  });
});

function check(tokens: string, lines: readonly boolean[], characters: string, why = ""): void {
  it(`${JSON.stringify(tokens)} ${why}`.trim(), () => {
    const score = new LineScore();
    add(score, tokens);
    assert.deepEqual(score.lines, lines);
    assert.equal(`${score.rightCharacters} of ${score.characters}`, characters);
  });
}

function add(score: LineScore, tokens: string): void {
  for (const token of tokens.split("|")) score.add(token.replace("!", ""), 1, !token.startsWith("!"));
}
