// Text that holds a secret whatever its file is called: private keys, and tokens whose issuer gives them a form of
// their own. Guesses from names (`password = "..."`) are not made: tests and examples are full of them.
//
// Forms: the issuers' documentation, and the public rule sets of gitleaks and secretlint.

import { words } from "../../text/words";

export function holdsSecret(text: string): boolean {
  return FORMS.some((form) => {
    if (!text.includes(form.hint)) return false;
    for (const { 0: found, groups } of text.matchAll(form.pattern)) {
      if (!isPlaceholder(groups?.secret ?? found)) return true;
    }
    return false;
  });
}

/** `ghp_xxxx…`, `AKIAIOSFODNN7EXAMPLE`. */
function isPlaceholder(found: string): boolean {
  return (
    /example|x{6}|0{8}|1234567890?abcdef/i.test(found) ||
    new Set(found).size < 8 ||
    PUBLIC.some((part) => found.includes(part))
  );
}

/** Parts of what everybody knows: Stripe's documentation, the storage emulators of Azure, and John Doe of jwt.io. */
const PUBLIC = words(`
  4eC39HqLyjWDarjtT1zdp7dc BQokikJOvBiI2HlWgH4olfQ2 tR3PYbcVNZZ796tH88S4VQ2u
  Eby8vdM02xNOcqFlqUwJPLlm C2y6yDjf5/R+ob0N8A7Cgv30
  eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9l
`);

interface Form {
  /** What every match contains; looked for first, because it is fast. */
  readonly hint: string;
  /** Its group "secret", if it has one, is what may be a placeholder: a key's comment may well name me@example.com. */
  readonly pattern: RegExp;
}

/**
 * A key's armor and the beginning of its content, also as a program's comment or text: code that only speaks of the armor is no
 * secret. A header ends where another armor begins, so that no text is looked at again for each armor before it.
 */
const PRIVATE_KEY =
  /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[\s"'`+,.|>#*;\\]|\\[rn]|\/\/|--|(?:REM|rem) |<br ?\/?>|&#1[03];|%0[ADad]|[A-Z][A-Za-z-]{1,20}: (?:(?!-----BEGIN )[^\n]){0,200}\n){0,200}(?<secret>[A-Za-z0-9+/]{24})/g;

/** What stands for another character may come right before a token, as in "\nghp_..." and "%3Dghp_...". */
const ESCAPED = String.raw`(?<=\\[nrt]|%[0-9A-Fa-f]{2})`;
/** Not after a dash: many tokens have dashes themselves, and their text would be looked at again for each. */
const START = `(?:(?<![A-Za-z0-9_-])|${ESCAPED})`;
const WORD_START = `(?:\\b|${ESCAPED})`;

/** "PRIVATE KEY" in base64, which has three looks by where it begins: so Kubernetes and build servers keep keys. */
const WRAPPED_ARMOR = ["UFJJVkFURSBLRV", "BSSVZBVEUgS0VZ", "QUklWQVRFIEtFW"];

export const FORMS: readonly Form[] = [
  { hint: " PRIVATE KEY", pattern: PRIVATE_KEY },
  ...WRAPPED_ARMOR.map((hint) => ({ hint, pattern: new RegExp(`${hint}[A-Za-z0-9+/]{40}`, "g") })),
  {
    hint: "PuTTY-User-Key-File-",
    pattern: /PuTTY-User-Key-File-\d: [a-z0-9-][\s\S]{0,400}(?<secret>Private-Lines: \d+)/g,
  },
  { hint: "AGE-SECRET-KEY-1", pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/g },
  ...["AKIA", "ASIA"].map((hint) => token(hint, "[A-Z2-7]{16}\\b", WORD_START)),
  token("github_pat_", "[A-Za-z0-9_]{60,}", WORD_START),
  ...["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map((hint) => token(hint, "[A-Za-z0-9]{36,}")),
  token("glpat-", "[A-Za-z0-9_-]{20,}"),
  ...["xoxb-", "xoxp-", "xoxa-", "xoxo-", "xoxs-", "xoxr-", "xoxe-", "xapp-"].map((hint) =>
    token(hint, "(?=[A-Za-z-]{0,40}\\d)[A-Za-z0-9-]{20,}"),
  ),
  { hint: "hooks.slack.com/", pattern: /hooks\.slack\.com\/(?:services|workflows)\/[A-Za-z0-9/]{30,}/g },
  ...["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-ant-", "sk-or-v1-"].map((hint) => token(hint, "[A-Za-z0-9_-]{24,}")),
  token("sk-", "(?=[A-Za-z]{0,40}\\d)[A-Za-z0-9]{32,}"),
  ...["sk_live_", "rk_live_", "sk_test_"].map((hint) => token(hint, "[A-Za-z0-9]{20,}")),
  // What Firebase gives web pages to name their project by is public.
  token("AIza", "[A-Za-z0-9_-]{35}(?![\\s\\S]{0,300}(?:authDomain|messagingSenderId))"),
  token("GOCSPX-", "[A-Za-z0-9_-]{28}"),
  token("ya29.", "[A-Za-z0-9_-]{40,}"),
  token("npm_", "(?=[A-Za-z]{0,36}\\d)[A-Za-z0-9]{36}\\b"),
  token("pypi-AgEIcHlwaS5vcmc", "[A-Za-z0-9_-]{50,}"),
  token("hf_", "[A-Za-z]{34}\\b"),
  { hint: "SG.", pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/g },
  ...["dop_v1_", "doo_v1_"].map((hint) => token(hint, "[a-f0-9]{64}")),
  ...["shpat_", "shpss_", "shppa_", "shpca_"].map((hint) => token(hint, "[a-fA-F0-9]{32}")),
  token("dckr_pat_", "[A-Za-z0-9_-]{27}"),
  token("lin_api_", "[A-Za-z0-9]{40}"),
  token("hvs.", "[A-Za-z0-9_-]{24,}"),
  token("glsa_", "[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"),
  token("gsk_", "[A-Za-z0-9]{52}"),
  token("xai-", "[A-Za-z0-9]{80}"),
  token("dapi", "[a-f0-9]{32}\\b"),
  token("sbp_", "[a-f0-9]{40}"),
  token("figd_", "[A-Za-z0-9_-]{40}"),
  token("ntn_", "\\d{11}[A-Za-z0-9]{35}"),
  token("whsec_", "[A-Za-z0-9+/]{32,}"),
  token("glrt-", "[A-Za-z0-9_-]{20,}"),
  { hint: "AccountKey=", pattern: /AccountKey=[A-Za-z0-9+/]{86}==/g },
  { hint: ":AA", pattern: /\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b/g },
  token("eyJ", "[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{20,}"),
];

function token(hint: string, rest: string, start = START): Form {
  return { hint, pattern: new RegExp(`${start}${hint.replaceAll(".", "\\.")}${rest}`, "g") };
}
