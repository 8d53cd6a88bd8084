// Invented facts that a text tells once, and the questions that only their reader can answer. Pure string work, seeded.

import { mulberry32 } from "../../../engine/decoding/sampler";

export const FACT_KINDS = ["function", "constant", "passkey"] as const;
export type FactKind = (typeof FACT_KINDS)[number];

export interface Fact {
  readonly kind: FactKind;
  /** A new file's, in the same language: where it is asked for. */
  readonly path: string;
  /** What stands in the text, at its left margin; no line break at the end. */
  readonly told: string;
  /** The beginning of the line that asks for it. */
  readonly question: string;
  /** How that line goes on. It ends with a sign, so that a longer number or list is not the answer. */
  readonly answer: string;
}

/** Half of a name each: words of code, in pairs that no program has. */
const FIRST = "amber brisk cedar dusky fallow gilded hazel ivory lunar mossy opal tidal".split(" ");
const SECOND = "anchor beacon canopy ledger margin orchard parcel quota ripple tariff vessel".split(" ");
const VERBS = "adjust collect divide estimate gather measure publish settle weigh".split(" ");

/**
 * As many facts as asked for, the kinds taking turns; the same for the same seed.
 * @param extension of the file that tells them, as in `.py`: it decides how they are written
 * @param isFree whether the text has nothing of the fact yet
 */
export function inventFacts(
  count: number,
  seed: number,
  extension: string,
  isFree: (clue: string) => boolean,
): readonly Fact[] {
  const random = mulberry32(seed);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
  const taken = new Set<string>();
  const fresh = (make: () => string) => {
    for (let attempts = 0; attempts < 1000; attempts++) {
      const made = make();
      if (taken.has(made) || !isFree(made)) continue;
      taken.add(made);
      return made;
    }
    throw new Error("The text knows too many of the names that facts are made of. Give other repositories.");
  };
  const style = extension === ".py" ? PYTHON : BRACES;
  const noun = () => fresh(() => style.join([pick(FIRST), pick(SECOND)]));
  const of = (kind: FactKind) => ({ kind, path: style.path });
  const number = (digits: number) => fresh(() => String(Math.floor((1 + 9 * random()) * 10 ** (digits - 1))));
  return Array.from({ length: count }, (_, index): Fact => {
    const kind = FACT_KINDS[index % FACT_KINDS.length]!;
    if (kind === "function") {
      const name = fresh(() => style.join([pick(VERBS), pick(FIRST), pick(SECOND)]));
      return { ...of(kind), ...functionFact(style, name, [noun(), noun(), noun()]) };
    }
    if (kind === "constant") return { ...of(kind), ...style.constant(noun(), number(4)) };
    const gate = fresh(() => `${pick(FIRST)} ${pick(SECOND)}`);
    const question = `${style.comment} The pass key of the ${gate} is `;
    const answer = `${number(5)}.`;
    return { ...of(kind), told: question + answer, question, answer };
  });
}

type Told = Omit<Fact, "kind" | "path">;

/** A call gives its first argument: whether a list begins on a line of its own is a matter of style and not of memory. */
function functionFact(style: Style, name: string, [a, b, c]: readonly [string, string, string]): Told {
  return {
    told: style.define(name, `${a}, ${b}, ${c}`, `return ${a} + ${b} * ${c}`),
    question: `${style.assign("total")}${name}(${a}, `,
    answer: `${b}, ${c})`,
  };
}

/** How a family of languages writes facts. */
interface Style {
  readonly path: string;
  readonly comment: string;
  join(words: readonly string[]): string;
  define(name: string, parameters: string, statement: string): string;
  /** The beginning of a line that gives a name its value. */
  assign(name: string): string;
  constant(name: string, value: string): Told;
}

const PYTHON: Style = {
  path: "summary.py",
  comment: "#",
  join: (words) => words.join("_"),
  define: (name, parameters, statement) => `def ${name}(${parameters}):\n    ${statement}`,
  assign: (name) => `${name} = `,
  constant(name, value) {
    const question = this.assign(name.toUpperCase());
    return { told: question + value, question, answer: `${value}\n` };
  },
};

/** JavaScript; the languages that look like it are near enough, and their readers know it. */
const BRACES: Style = {
  path: "summary.js",
  comment: "//",
  join: (words) => words.map((word, i) => (i === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join(""),
  define: (name, parameters, statement) => `function ${name}(${parameters}) {\n  ${statement};\n}`,
  assign: (name) => `const ${name} = `,
  constant(name, value) {
    const question = this.assign(name);
    return { told: `${question}${value};`, question, answer: `${value};` };
  },
};
