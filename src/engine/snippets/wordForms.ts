// The forms that an English word has, as far as a text about the same thing may have another one: "retries" and "retried",
// "written" and "write", "compressed" and "compression". Knows no dictionary: a form that is none finds nothing.

/** How surely another form means the same: an inflection, and a word that is made of it. */
const INFLECTED = 0.9;
const DERIVED = 0.7;
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
  for (const [ending, instead] of ENDINGS) stem = stem.replace(ending, instead);
  return stem;
}

/** Form → how surely it means the same, 0 to 1. The word itself is one of them. */
export function formsOf(word: string): ReadonlyMap<string, number> {
  const forms = new Map([[word, 1]]);
  const lower = word.toLowerCase();
  if (!isPlain(lower)) return forms;
  const add = (form: string, sureness: number) => {
    if (form.length >= SHORTEST_FORM) forms.set(form, Math.max(forms.get(form) ?? 0, sureness));
  };
  for (const form of IRREGULAR_FORMS.get(lower) ?? []) add(form, INFLECTED);
  const stem = stemOf(lower);
  // try: tries, tried. cache: cached. stop: stopped.
  for (const beginning of [stem, stem.replace(/y$/, "i"), `${stem}e`, stem + stem.slice(-1)]) {
    for (const ending of ["", "s", "es", "d", "ed", "ing"]) add(beginning + ending, INFLECTED);
    for (const ending of ["er", "ers", "or", "ion", "ation", "able", "ment"]) add(beginning + ending, DERIVED);
  }
  add(stem.replace(/y$/, "ication"), DERIVED);
  return forms;
}

function isPlain(word: string): boolean {
  return /^[a-z]+$/.test(word);
}

/** In this order. */
const ENDINGS: readonly (readonly [RegExp, string])[] = [
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
