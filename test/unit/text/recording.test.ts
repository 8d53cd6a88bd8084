import assert from "node:assert/strict";
import { formatEvent, formatHeader, parseRecording, type Recording } from "../../../src/text/recording";

const HEADER = { file: "a.py", languageId: "python", text: "x = 1\n" };
const EVENTS: Recording["events"] = [
  { tMs: 0, edits: [], cursor: 5 },
  { tMs: 120, edits: [{ offset: 5, deleted: 0, inserted: "()" }], cursor: 6 },
  { tMs: 200, edits: [{ offset: 6, deleted: 0, inserted: "🦅" }], cursor: 8 },
  { tMs: 300, edits: [], cursor: 0, request: "invoke" },
];
const written = formatHeader(HEADER) + EVENTS.map(formatEvent).join("");

describe("a recording", () => {
  it("is read as it was written", () => {
    assert.deepEqual(parseRecording(written), { header: HEADER, events: EVENTS });
  });

  it("tells what the editor indented with, where that is known", () => {
    const header = { ...HEADER, indentUnit: "\t" };
    assert.deepEqual(parseRecording(formatHeader(header)).header, header);
  });

  it("leaves the cursor out where the last edit's end is meant", () => {
    const lines = written.split("\n");
    assert.match(lines[2]!, /cursor/);
    assert.doesNotMatch(lines[3]!, /cursor/);
  });

  const refused: readonly [name: string, text: string, sentence: RegExp][] = [
    ["an empty file", "", /This is not a recording/],
    ["something else", '{"a":1}\n', /This is not a recording/],
    ["another version", written.replace('"version":1', '"version":7'), /has version 7 and version 1 can be read/],
    ["half a line", written.slice(0, -4), /Line 5 of the recording is not JSON/],
    ["a header without a text", '{"format":"griffin-recording","version":1,"file":"a"}\n', /Line 1 lacks/],
    ["a header without a file", formatHeader(HEADER).replace('"file"', '"path"'), /Line 1 lacks/],
    ["a header without a language", formatHeader(HEADER).replace('"languageId"', '"id"'), /Line 1 lacks/],
    ["another request", written.replace('"invoke"', '"auto"'), /Line 5 is not an event/],
    ["time before the beginning", written.replace('"tMs":0', '"tMs":-1'), /Line 2 is not an event/],
    ["an event without edits", `${written}{"tMs":400}\n`, /Line 6 is not an event/],
    ["an edit beyond the end", written.replace('"offset":5', '"offset":7'), /Line 3 edits beyond the text's end/],
    ["an edit within a character", written.replace('"offset":5', '"offset":1.5'), /Line 3 is not an event/],
    ["a cursor beyond the end", written.replace('"cursor":0', '"cursor":99'), /Line 5 has its cursor beyond/],
    ["neither edits nor a cursor", `${written}{"tMs":400,"edits":[]}\n`, /Line 6 has neither edits nor a cursor/],
    ["time that runs back", written.replace('"tMs":200', '"tMs":20'), /Line 4 happens before the line above it/],
  ];
  for (const [name, text, sentence] of refused) {
    it(`is refused: ${name}`, () => assert.throws(() => parseRecording(text), sentence));
  }
});
