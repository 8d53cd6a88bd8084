import assert from "node:assert/strict";
import fc from "fast-check";
import { lineEdit, shifted, shiftedBack } from "../../../../src/engine/snippets/lineEdit";
import { applyEdit } from "../../../../src/text/edit";

describe("lines and edits", () => {
  it("lines that an edit does not touch are followed to where they are, and back", () => {
    const text = fc.array(fc.constantFrom("a", "b", "\n"), { maxLength: 60 }).map((all) => all.join(""));
    const edit = fc.record({ at: fc.nat(), length: fc.nat(20), inserted: text });
    fc.assert(
      fc.property(text, edit, (before, { at, length, inserted }) => {
        const offset = at % (before.length + 1);
        const made = { offset, deleted: Math.min(length, before.length - offset), inserted };
        const lines = lineEdit(before, made);
        const [old, now] = [before.split("\n"), applyEdit(before, made).split("\n")];
        for (const [line, text] of old.entries()) {
          if (line >= lines.line && line <= lines.line + lines.deleted) continue;
          const place = shifted({ startLine: line, endLine: line + 1 }, lines);
          assert.deepEqual(now.slice(place.startLine, place.endLine), [text]);
          assert.deepEqual(shiftedBack(place, [lines]), { startLine: line, endLine: line + 1 });
        }
      }),
    );
  });

  it("lines that an edit replaces are those that come in their place", () => {
    const check = (startLine: number, endLine: number, after: readonly [number, number]) => {
      const range = shifted({ startLine, endLine }, { line: 10, deleted: 5, inserted: 2 });
      assert.deepEqual([range.startLine, range.endLine], after);
    };
    check(4, 11, [4, 11]);
    check(8, 20, [8, 17]);
    check(12, 14, [12, 13]);
    check(14, 18, [12, 15]);
    check(16, 18, [13, 15]);
  });
});
