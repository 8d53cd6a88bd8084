// node tools/recordings/typeCommit.mjs BEFORE AFTER OUT --file NAME --language ID [--seed N] [--origin TEXT]
//
// Makes a typing session of what a commit did to a file: its hunks from top to bottom, key by key. The same seed gives
// the same session. Line ends must be \n.

import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { hunksBetween } from "./hunks.mjs";
import { randomFrom } from "./random.mjs";
import { Typist } from "./typist.mjs";

/** Longer changes in a line are selected and deleted rather than taken back key by key. */
const MOST_BACKSPACES = 20;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: "string" },
    language: { type: "string" },
    seed: { type: "string", default: "1" },
    origin: { type: "string" },
  },
});
const [beforeFile, afterFile, out] = positionals;
const { file, language: languageId, origin } = values;
if (!beforeFile || !afterFile || !out || !file || !languageId) {
  console.error("Needs BEFORE AFTER OUT --file NAME --language ID.");
  process.exit(2);
}
const before = readFileSync(beforeFile, "utf8");
const after = readFileSync(afterFile, "utf8");
const typist = new Typist(before, { indent: indentOf(before), random: randomFrom(Number(values.seed)) });
for (const hunk of hunksBetween(before, after)) typeHunk(hunk);
if (typist.text !== after) throw new Error("What was typed is not what the commit made: this tool has a fault.");

const header = {
  format: "griffin-recording",
  version: 1,
  file,
  languageId,
  ...(origin && { origin }),
  text: before,
};
writeFileSync(out, [header, ...typist.events].map((line) => `${JSON.stringify(line)}\n`).join(""));
console.log(`${out}: ${typist.events.filter(({ edits }) => edits.length > 0).length} keystrokes`);

/** @param {import("./hunks.mjs").Hunk} hunk */
function typeHunk({ line, removed, added }) {
  if (removed.length === added.length) {
    added.forEach((wanted, index) => {
      changeLine(line + index, removed[index] ?? "", wanted);
    });
  } else if (removed.length === 0 && line > 0) {
    typist.moveTo(startOf(line) - 1);
    typist.write(`\n${added.join("\n")}`);
  } else if (removed.length === 0) {
    typist.moveTo(0);
    typist.write(`${added.join("\n")}\n`);
  } else if (added.length === 0) {
    const start = startOf(line);
    typist.moveTo(start);
    typist.remove(Math.min(removed.join("\n").length + 1, typist.text.length - start));
  } else {
    // The blank space that the old block began with stays.
    const indent = commonStart(/^[ \t]*/.exec(removed[0] ?? "")?.[0] ?? "", added[0] ?? "");
    typist.moveTo(startOf(line) + indent);
    typist.remove(removed.join("\n").length - indent);
    typist.write(added.join("\n").slice(indent));
  }
}

/** @param {number} line @param {string} has @param {string} wanted */
function changeLine(line, has, wanted) {
  if (has === wanted) return;
  const start = commonStart(has, wanted);
  const end = commonStart(reversed(has.slice(start)), reversed(wanted.slice(start)));
  const deleted = has.length - start - end;
  const inserted = wanted.slice(start, wanted.length - end);
  if (deleted > MOST_BACKSPACES) {
    typist.moveTo(startOf(line) + start);
    typist.remove(deleted);
  } else {
    typist.moveTo(startOf(line) + start + deleted);
    typist.backspace(deleted);
  }
  typist.write(inserted);
}

/** @param {number} line */
function startOf(line) {
  let start = 0;
  for (let i = 0; i < line; i++) start = typist.text.indexOf("\n", start) + 1;
  return start;
}

/** @param {string} text */
function indentOf(text) {
  if (/^\t/m.test(text)) return "\t";
  const widths = [...text.matchAll(/^( +)\S/gm)].map((match) => match[1]?.length ?? 0);
  return widths.filter((width) => width % 4 !== 0).length > widths.length / 4 ? "  " : "    ";
}

/** @param {string} a @param {string} b */
function commonStart(a, b) {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length++;
  return length;
}

/** @param {string} text */
function reversed(text) {
  return [...text].reverse().join("");
}
