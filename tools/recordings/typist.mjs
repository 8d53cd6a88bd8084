// A person at an editor that closes brackets and indents by itself: writes texts key by key and notes the edits that
// the editor would report. What is left of automatic brackets is taken away at the end, so the text comes out exact.

/**
 * @typedef {{ offset: number, deleted: number, inserted: string }} Edit
 * @typedef {{ tMs: number, edits: Edit[], cursor?: number }} Event
 */

/** @type {Readonly<Record<string, string>>} */
const CLOSERS = { "(": ")", "[": "]", "{": "}", '"': '"', "'": "'", "`": "`" };
const OPENS_BLOCK = /[([{:]\s*$/;
const NEIGHBORS = "qwertyuiop asdfghjkl zxcvbnm";

/** Milliseconds: medians of what people do, and how far they spread. About 60 words a minute. */
const KEY_MS = 140;
const KEY_SPREAD = 0.45;
const WORD_MS = 60;
const LINE_MS = 350;
const THINKING_MS = 1800;
const TYPO_CHANCE = 0.015;

export class Typist {
  /** @type {Event[]} */
  events = [];
  #tMs = 0;
  #cursor = 0;
  /** What the editor has put behind the cursor by itself. */
  #tail = "";

  /**
   * @param {string} text
   * @param {{ indent: string, random: ReturnType<typeof import("./random.mjs").randomFrom> }} habits
   */
  constructor(text, habits) {
    this.text = text;
    this.habits = habits;
  }

  /** Goes somewhere else, after a look around. @param {number} offset */
  moveTo(offset) {
    this.#pause(THINKING_MS);
    this.#cursor = offset;
    this.events.push({ tMs: this.#tMs, edits: [], cursor: offset });
  }

  /** Selects what follows the cursor and deletes it. @param {number} length */
  remove(length) {
    if (length === 0) return;
    this.#pause(LINE_MS);
    this.#edit(this.#cursor, length, "");
  }

  /** Takes back what stands before the cursor, key by key. @param {number} length */
  backspace(length) {
    for (let i = 0; i < length; i++) {
      this.#pause(KEY_MS / 2);
      this.#edit(this.#cursor - 1, 1, "");
    }
  }

  /** Writes `wanted` at the cursor. @param {string} wanted */
  write(wanted) {
    let at = 0;
    while (at < wanted.length) {
      const rest = wanted.slice(at);
      at += this.#passBlockEnd(rest) || this.#newLine(rest) || this.#key(rest);
    }
    const { length } = this.#tail;
    this.#tail = "";
    this.remove(length);
  }

  /**
   * Steps over the bracket that Enter has moved to a line of its own, when it is wanted next.
   * @param {string} rest
   */
  #passBlockEnd(rest) {
    const end = /^\n[ \t]*[)\]}]/.exec(this.#tail)?.[0];
    if (!end || !rest.startsWith(end)) return 0;
    this.#pause(LINE_MS);
    this.#cursor += end.length;
    this.#tail = this.#tail.slice(end.length);
    this.events.push({ tMs: this.#tMs, edits: [], cursor: this.#cursor });
    return end.length;
  }

  /** Enter, with the indentation that the editor adds and the keys that make it the wanted one. @param {string} rest */
  #newLine(rest) {
    if (rest[0] !== "\n") return 0;
    const { random, indent } = this.habits;
    this.#pause(LINE_MS);
    if (random.happens(0.15)) this.#pause(THINKING_MS);
    const line = this.#lineBefore();
    const outer = /^[ \t]*/.exec(line)?.[0] ?? "";
    const opensBlock = OPENS_BLOCK.test(line);
    const inner = outer + (opensBlock ? indent : "");
    const isBetween = this.#tail !== "" && CLOSERS[line.at(-1) ?? ""] === this.#tail[0] && opensBlock;
    const inserted = `\n${inner}${isBetween ? `\n${outer}` : ""}`;
    this.#edit(this.#cursor, 0, inserted, inner.length + 1);
    if (isBetween) this.#tail = `\n${outer}${this.#tail}`;
    const wanted = /^\n([ \t]*)/.exec(rest)?.[1] ?? "";
    this.#reindent(inner, wanted);
    return 1 + wanted.length;
  }

  /** @param {string} has @param {string} wanted */
  #reindent(has, wanted) {
    const { indent } = this.habits;
    let current = has;
    while (!wanted.startsWith(current)) {
      const step = current.endsWith(indent) ? indent.length : 1;
      current = current.slice(0, -step);
      this.#pause(KEY_MS);
      this.#edit(this.#cursor - step, step, "");
    }
    while (current !== wanted) {
      const missing = wanted.slice(current.length);
      const step = missing.startsWith(indent) ? indent : missing;
      current += step;
      this.#pause(KEY_MS);
      this.#edit(this.#cursor, 0, step);
    }
  }

  /** One key of the text, perhaps after a wrong one. @param {string} rest */
  #key(rest) {
    const { random } = this.habits;
    const key = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    if (/[a-z]/.test(key) && random.happens(TYPO_CHANCE)) this.#mistype(key, rest);
    this.#pause(KEY_MS);
    if (/\W/.test(key)) this.#pause(WORD_MS);
    const closer = CLOSERS[key];
    if (this.#tail.startsWith(key)) {
      this.#edit(this.#cursor, 1, key);
      this.#tail = this.#tail.slice(1);
    } else if (closer && this.#closesItself(key, closer)) {
      this.#edit(this.#cursor, 0, key + closer, 1);
      this.#tail = closer + this.#tail;
    } else {
      this.#edit(this.#cursor, 0, key);
    }
    return key.length;
  }

  /**
   * As VS Code decides by default: only before blanks and closing brackets, and no quotes after a word.
   * @param {string} key
   * @param {string} closer
   */
  #closesItself(key, closer) {
    const next = this.text[this.#cursor] ?? "\n";
    if (!/[\s)\]}>;,:"'`]/.test(next)) return false;
    return key !== closer || !/[\w"'`]$/.test(this.#lineBefore());
  }

  /** @param {string} key @param {string} rest */
  #mistype(key, rest) {
    const at = NEIGHBORS.indexOf(key);
    const wrong = (NEIGHBORS[at + 1] ?? " ").trim() || (NEIGHBORS[at - 1] ?? "x");
    // Half of the slips are noticed one key later.
    const more = this.habits.random.happens(0.5) ? (/^.([a-z])/.exec(rest)?.[1] ?? "") : "";
    for (const each of wrong + more) {
      this.#pause(KEY_MS);
      this.#edit(this.#cursor, 0, each);
    }
    this.#pause(LINE_MS);
    this.backspace(1 + more.length);
  }

  #lineBefore() {
    return this.text.slice(this.text.lastIndexOf("\n", this.#cursor - 1) + 1, this.#cursor);
  }

  /** @param {number} medianMs */
  #pause(medianMs) {
    this.#tMs += Math.round(medianMs * this.habits.random.logNormal(KEY_SPREAD));
  }

  /** @param {number} offset @param {number} deleted @param {string} inserted */
  #edit(offset, deleted, inserted, advance = inserted.length) {
    this.text = this.text.slice(0, offset) + inserted + this.text.slice(offset + deleted);
    this.#cursor = offset + advance;
    const isAtEnd = advance === inserted.length;
    const edits = [{ offset, deleted, inserted }];
    this.events.push({ tMs: this.#tMs, edits, ...(!isAtEnd && { cursor: this.#cursor }) });
  }
}
