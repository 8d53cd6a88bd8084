// Text that holds a secret whatever its file is called: private keys, and tokens whose issuer gives them a form of
// their own. Guesses from names (`password = "..."`) are not made: tests and examples are full of them.

import { words } from "../../text/words";
import { FORMS } from "./secretForms";

export function holdsSecret(text: string): boolean {
  return (HINTS.test(text) ? FORMS : WITHOUT_HINT).some((form) => {
    if (!text.includes(form.hint)) return false;
    for (const { 0: found, groups } of text.matchAll(form.pattern)) {
      if (!isPlaceholder(groups?.secret ?? found)) return true;
    }
    return false;
  });
}

const WITHOUT_HINT = FORMS.filter(({ hint }) => hint === "");

/** One look for all of them: most texts have none, and to ask for one after the other takes five times as long. */
const HINTS = new RegExp(
  FORMS.flatMap(({ hint }) => (hint === "" ? [] : hint.replace(/[^A-Za-z0-9]/g, "\\$&"))).join("|"),
);

/** `ghp_xxxx…`, `AKIAIOSFODNN7EXAMPLE`. */
function isPlaceholder(found: string): boolean {
  return (
    /example|x{6}|0{8}|1234567890?abcdef/i.test(found) ||
    new Set(found).size < 8 ||
    PUBLIC.some((part) => found.includes(part))
  );
}

/**
 * Parts of what everybody knows: Stripe's documentation, the storage emulators of Azure, John Doe of jwt.io, and the keys of
 * RFC 7515, 7517 and 8037.
 */
const PUBLIC = words(`
  4eC39HqLyjWDarjtT1zdp7dc BQokikJOvBiI2HlWgH4olfQ2 tR3PYbcVNZZ796tH88S4VQ2u
  Eby8vdM02xNOcqFlqUwJPLlm C2y6yDjf5/R+ob0N8A7Cgv30
  eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9l
  Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulw jpsQnnGQmL-YBIffH1136cspYG6-0iY7 AY5pb7A0UFiB3RELSD64fTLOSV_jazdF
  870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4B X4cTteJY_gn4FYPsXB8rdXix5vwsg1FL nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZ
`);
