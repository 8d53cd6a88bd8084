import assert from "node:assert/strict";
import { CompletionStream, wholeAnswer } from "../../../../../src/extension/chat/endpoint/completionStream";
import { EndpointFault } from "../../../../../src/extension/chat/endpoint/faults";
import { headOf, readGoldenCases, section } from "../../../../support/goldenCases";

const FORM = { heads: ["finish", "cut"], sections: ["body", "text"] };

/** What comes of a body that arrives in these pieces. */
function read(pieces: readonly string[]): { readonly text: string; readonly finish: string } {
  let text = "";
  const stream = new CompletionStream({ host: "h", path: "/v1", model: "m" }, (piece) => {
    text += piece;
  });
  try {
    // As the client does: nothing is read after the end.
    for (const piece of pieces) if (stream.push(piece)) break;
    return { text, finish: stream.end() };
  } catch (error) {
    assert.ok(error instanceof EndpointFault, String(error));
    return { text, finish: error.kind };
  }
}

describe("the stream of a chat endpoint", () => {
  for (const one of readGoldenCases("test/golden/endpointStreams", FORM)) {
    const body = bodyOf(section(one, "body"), one.head.cut === "true");
    const expected = { text: section(one, "text"), finish: headOf(one, "finish") };

    it(`${one.title}`, () => assert.deepEqual(read([body]), expected));

    it(`${one.title}, cut anywhere`, () => {
      assert.deepEqual(read([...body]), expected, "a character at a time");
      for (let at = 0; at <= body.length; at++)
        assert.deepEqual(read([body.slice(0, at), body.slice(at)]), expected, `cut at ${at}`);
    });
  }
});

describe("an answer of a chat endpoint that comes whole", () => {
  const answered = (answer: unknown) => {
    let text = "";
    const finish = wholeAnswer(JSON.stringify(answer), { host: "h", path: "/v1", model: "m" }, (piece) => {
      text += piece;
    });
    return { text, finish };
  };

  it("is taken however long what stands beside the text is", () => {
    const message = { content: "In src/a.ts.", reasoning: "x".repeat(2_000_000) };
    assert.deepEqual(answered({ choices: [{ message, finish_reason: "stop" }] }), {
      text: "In src/a.ts.",
      finish: "stop",
    });
  });

  it("ends where the longest answer does", () => {
    const message = { content: "x".repeat(200_000) };
    assert.equal(answered({ choices: [{ message, finish_reason: "stop" }] }).finish, "length");
  });
});

/** The blank line that ends an event is a section's end, too. */
function bodyOf(text: string, isCut: boolean): string {
  return `${text.replaceAll("\\r\n", "\r\n").replace(/\\r$/, "\r")}${isCut ? "" : "\n\n"}`;
}
