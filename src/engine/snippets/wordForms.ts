// The forms that an English word has, as far as a text about the same thing may have another one: "retries" and "retried",
// "written" and "write", "compressed" and "compression". Knows no dictionary: a form that is none finds nothing.

const SHORTEST_FORM = 3;

/** Verbs of programs whose forms no rule makes. */
const IRREGULAR = [
  "begin began begun",
  "break broke broken",
  "bring brought",
  "build built",
  "catch caught",
  "choose chose chosen",
  "draw drew drawn",
  "drive drove driven",
  "forget forgot forgotten",
  "hide hid hidden",
  "hold held",
  "keep kept",
  "leave left",
  "lose lost",
  "run ran",
  "send sent",
  "speak spoke spoken",
  "stick stuck",
  "take took taken",
  "think thought",
  "throw threw thrown",
  "write wrote written",
].map((forms) => forms.split(" "));

const IRREGULAR_FORMS = new Map(IRREGULAR.flatMap((forms) => forms.map((form) => [form, forms] as const)));

/** The same for all forms of a word; need not be a word. */
export function stemOf(word: string): string {
  const lower = word.toLowerCase();
  if (!isPlain(lower)) return lower;
  let stem = IRREGULAR_FORMS.get(lower)?.[0] ?? lower;
  for (const [ending, instead] of ENDINGS_OF_WORDS) stem = stem.replace(ending, instead);
  return stem;
}

/** The word itself is one of them, and the first. */
export function formsOf(word: string): ReadonlySet<string> {
  const forms = new Set([word]);
  const lower = word.toLowerCase();
  if (!isPlain(lower)) return forms;
  const add = (form: string) => {
    if (form.length >= SHORTEST_FORM) forms.add(form);
  };
  for (const form of IRREGULAR_FORMS.get(lower) ?? []) add(form);
  const stem = stemOf(lower);
  // try: tries, tried. cache: cached. stop: stopped.
  for (const beginning of [stem, stem.replace(/y$/, "i"), `${stem}e`, stem + stem.slice(-1)]) {
    for (const ending of ENDINGS_OF_FORMS) add(beginning + ending);
  }
  add(stem.replace(/y$/, "ication"));
  return forms;
}

function isPlain(word: string): boolean {
  return /^[a-z]+$/.test(word);
}

const ENDINGS_OF_FORMS = ["", ..."s es d ed ing er ers or ion ation able ment".split(" ")];

/** In this order. */
const ENDINGS_OF_WORDS: readonly (readonly [RegExp, string])[] = [
  [/(?<=.{2})ie[sd]$/, "y"],
  [/(?<=x|ch|sh|ss|zz)es$/, ""],
  [/(?<=[^su])s$/, ""],
  [/(?<=.{3}(?:at|ct|s|pt|rt|it|et))ions?$/, ""],
  [/(?<=.{3})ification$/, "ify"],
  [/(?<=[aeiouy].*[^aeiou]|[aeiouy].{2,})(?:ed|ing)$/, ""],
  [/(?<=[aeiouy].*[bdgklmnprt])(?:er|or)$/, ""],
  [/(?<=..)([bdglmnprt])\1$/, "$1"],
  [/(?<=.{2})e$/, ""],
  [/(?<=[^aeiou])i$/, "y"],
];
