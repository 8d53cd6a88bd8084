// The forms that private keys have, and tokens to which their issuer gives one of their own. What fits ordinary code, too, is
// none of them.
//
// Forms: the issuers' documentation, and the public rule sets of gitleaks and secretlint.

export interface Form {
  /** What every match contains, and few texts; looked for first, because it is fast. Empty where there is no such thing. */
  readonly hint: string;
  /** Its group "secret", if it has one, is what may be a placeholder: a key's comment may well name me@example.com. */
  readonly pattern: RegExp;
}

/**
 * A key's armor and the beginning of its content, also as a program's comment or text: code that only speaks of the armor is no
 * secret, and hardly a name in code is as long as a line of content. A header ends where another armor begins, so that no text
 * is looked at again for each armor before it.
 */
const PRIVATE_KEY =
  /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[\s"'`+,.|>#*;\\]|\\[rn]|\/\/|--|(?:REM|rem) |<br ?\/?>|&#1[03];|&#x0?[aAdD];|[bBrRfFuUL@]{1,2}(?=["'])|%0[ADad]|[A-Z][A-Za-z-]{1,20}: (?:(?!-----BEGIN )[^\n]){0,200}\n){0,200}(?<secret>[A-Za-z0-9+/]{40})/g;

/** What stands for another character may come right before a token, as in "\nghp_..." and "%3Dghp_...". */
const ESCAPED = String.raw`(?<=\\[nrt]|%[0-9A-Fa-f]{2})`;
/** Not after a dash: many tokens have dashes themselves, and their text would be looked at again for each. */
const START = `(?:(?<![A-Za-z0-9_-])|${ESCAPED})`;
const WORD_START = `(?:\\b|${ESCAPED})`;

/** "PRIVATE KEY" in base64, which has three looks by where it begins: so Kubernetes and build servers keep keys. */
const WRAPPED_ARMOR = ["UFJJVkFURSBLRV", "BSSVZBVEUgS0VZ", "QUklWQVRFIEtFW"];

/**
 * The private number of a key that is written as JSON, or as a program's object: `kty` stands in all of these, before it or after.
 * Only after a long number, RSA's, are there others as long, and only there is it looked for so far.
 */
const PRIVATE_JWK =
  /\bd["']?\s{0,9}:\s{0,9}["'](?<secret>[A-Za-z0-9_-]{40,})["'](?:(?=[^{}]{0,400}\bkty\b)|(?<=[A-Za-z0-9_-]{300}["'])(?=[^{}]{0,1800}\bkty\b)|(?<=\bkty\b[^{}]{0,900}))/g;

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
  ...["xoxb-", "xoxp-", "xoxa-", "xoxo-", "xoxs-", "xoxr-", "xoxe-", "xoxc-", "xapp-"].map((hint) =>
    token(hint, "(?=[A-Za-z-]{0,40}\\d)[A-Za-z0-9-]{20,}"),
  ),
  { hint: "hooks.slack.com/", pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/]{30,}/g },
  ...["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-ant-", "sk-or-v1-"].map((hint) => token(hint, "[A-Za-z0-9_-]{24,}")),
  token("sk-", "(?=[A-Za-z]{0,40}\\d)[A-Za-z0-9]{32,}"),
  ...["sk_live_", "rk_live_", "sk_test_", "rk_test_"].map((hint) => token(hint, "[A-Za-z0-9]{20,}")),
  // What Firebase gives web pages to name their project by is public.
  token("AIza", "[A-Za-z0-9_-]{35}(?![\\s\\S]{0,300}(?:authDomain|messagingSenderId))"),
  token("GOCSPX-", "[A-Za-z0-9_-]{28}"),
  token("ya29.", "[A-Za-z0-9_-]{40,}"),
  token("npm_", "(?=[A-Za-z]{0,36}\\d)[A-Za-z0-9]{36}\\b"),
  token("pypi-AgEIcHlwaS5vcmc", "[A-Za-z0-9_-]{50,}"),
  token("hf_", "[A-Za-z]{34}\\b"),
  { hint: "SG.", pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/g },
  ...["dop_v1_", "doo_v1_", "dor_v1_"].map((hint) => token(hint, "[a-f0-9]{64}")),
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
  // Hosts of code, and what is built there.
  ...["gldt-", "glft-", "glffct-", "glsoat-", "GR1348941"].map((hint) => token(hint, "[A-Za-z0-9_-]{20}")),
  token("glptt-", "[a-f0-9]{40}"),
  token("glcbt-", "[A-Za-z0-9]{1,5}_[A-Za-z0-9_-]{20}"),
  token("glimt-", "[A-Za-z0-9_-]{25}"),
  token("glagent-", "[A-Za-z0-9_-]{50}"),
  token("gloas-", "[A-Za-z0-9_-]{64}"),
  ...["ATATT3", "ATCTT3"].map((hint) => token(hint, "[A-Za-z0-9_=-]{150,}")),
  token("ATBB", "[A-Za-z0-9]{32}\\b"),
  token("sgp_", "(?:(?:[a-f0-9]{16}|local)_)?[a-f0-9]{40}\\b"),
  ...["sqp_", "squ_", "sqa_"].map((hint) => token(hint, "[a-f0-9]{40}\\b")),
  token("PMAK-", "[a-f0-9]{24}-[a-f0-9]{34}"),
  token("rubygems_", "[a-f0-9]{48}"),
  token("dckr_oat_", "[A-Za-z0-9_-]{27,}"),
  token("oy2", "[a-z0-9]{43}\\b"),
  token("AKCp", "[A-Za-z0-9]{69}\\b"),
  // "reftkn:" in base64: Artifactory's.
  token("cmVmdGtuOj", "[A-Za-z0-9]{54}\\b"),
  { hint: "_authToken=", pattern: /_authToken=["']?(?<secret>[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12})\b/g },
  // Clouds and databases.
  token("LTAI", "(?=[A-Za-z]{0,19}\\d)[A-Za-z0-9]{20}\\b"),
  token("AQVN", "[A-Za-z0-9_-]{35,38}(?![A-Za-z0-9_+/=-])"),
  // "BedrockAPIKey-" and "bedrock.amazonaws.com" in base64.
  token("ABSKQmVkcm9ja0FQSUtleS", "[A-Za-z0-9+/]{80,}"),
  token("bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t", "[A-Za-z0-9+/]{40,}"),
  { hint: "SharedAccessKey=", pattern: /SharedAccessKey=[A-Za-z0-9+/]{43}=/g },
  { hint: "sig=", pattern: /[?&;]sig=[A-Za-z0-9%+/]{43,65}(?:%3D|=)/g },
  { hint: "Q~", pattern: /(?<![A-Za-z0-9_~.])[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])/g },
  token("1//0", "[A-Za-z0-9_-]{40,}"),
  token("v1.0-", "[a-f0-9]{24}-[a-f0-9]{146}\\b"),
  token("HRKU-AA", "[A-Za-z0-9_-]{58}"),
  token("fm2_", "[A-Za-z0-9+/]{100,}"),
  token("nfp_", "(?=[A-Za-z_]{0,35}\\d)[A-Za-z0-9_]{36}\\b"),
  token("rnd_", "(?=[A-Za-z]{0,27}\\d)[A-Za-z0-9]{28}\\b"),
  token("sb_secret_", "[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{8}"),
  ...["pscale_tkn_", "pscale_pw_", "pscale_oauth_"].map((hint) => token(hint, "[A-Za-z0-9_=.-]{32,64}")),
  token("sha256~", "[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"),
  { hint: ".atlasv1.", pattern: /\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}/g },
  token("hvb.", "[A-Za-z0-9_-]{138,}"),
  token("pul-", "[a-f0-9]{40}\\b"),
  token("dp.pt.", "[A-Za-z0-9]{43}"),
  token("dp.st.", "(?:[a-z0-9_-]{2,35}\\.)?[A-Za-z0-9]{40,44}"),
  token("A3-", "[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}\\b"),
  token("ops_eyJ", "[A-Za-z0-9+/]{250,}"),
  // Models.
  token("r8_", "(?=[A-Za-z]{0,36}\\d)[A-Za-z0-9]{37}\\b"),
  token("pplx-", "[A-Za-z0-9]{48}"),
  token("pcsk_", "[A-Za-z0-9]{4,8}_[A-Za-z0-9]{50,}"),
  token("tvly-", "(?:dev-|prod-)?[A-Za-z0-9]{32}"),
  ...["lsv2_pt_", "lsv2_sk_"].map((hint) => token(hint, "[a-f0-9]{32}_[a-f0-9]{10}")),
  token("sk-lf-", "[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}"),
  token("sk_", "[a-f0-9]{48}\\b"),
  // Messages, payments and tables.
  token("xoxd-", "[A-Za-z0-9%+/]{40,}"),
  { hint: "/api/webhooks/", pattern: /discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[A-Za-z0-9_-]{60,}/g },
  // A Discord bot's own number in base64, a time, and its key.
  {
    hint: "",
    pattern:
      /(?<![A-Za-z0-9_-])(?:[MNO][DTjz][AEIMQUYcgk][wxyz0-5]){5}[A-Za-z0-9]{3,6}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}(?![A-Za-z0-9_-])/g,
  },
  {
    hint: ".webhook.office.com/webhookb2/",
    pattern: /\.webhook\.office\.com\/webhookb2\/[a-z0-9-]{36}@[a-z0-9-]{36}\/IncomingWebhook\/[a-z0-9]{32}\//g,
  },
  token("xkeysib-", "[a-f0-9]{64}-[A-Za-z0-9]{16}"),
  { hint: "-us", pattern: /(?<![A-Za-z0-9])[a-f0-9]{32}-us\d{1,2}\b/g },
  token("re_", "(?=[A-Za-z_]{0,32}\\d)[A-Za-z0-9]{8}_[A-Za-z0-9]{24}\\b"),
  token("sq0atp-", "[A-Za-z0-9_-]{22}"),
  token("sq0csp-", "[A-Za-z0-9_-]{43}"),
  token("access_token$production$", "[a-z0-9]{16}\\$[a-f0-9]{32}"),
  token("secret_", "(?=[A-Za-z]{0,42}\\d)[A-Za-z0-9]{43}\\b"),
  { hint: "", pattern: /\.[a-f0-9]{64}\b(?<=(?<![A-Za-z0-9_])pat[A-Za-z0-9]{14}\.[a-f0-9]{64})/g },
  // What watches over programs.
  token("glc_eyJ", "[A-Za-z0-9+/]{32,}"),
  token("sntrys_eyJ", "[A-Za-z0-9+/=_]{50,}"),
  token("sntryu_", "[a-f0-9]{64}"),
  token("NRAK-", "[A-Z0-9]{27}\\b"),
  token("dt0c01.", "[A-Z0-9]{24}\\.[A-Z0-9]{64}"),
  // Keys that stand alone.
  { hint: "PrivateKey", pattern: /^[ \t]{0,9}PrivateKey[ \t]{0,9}=[ \t]{0,9}(?<secret>[A-Za-z0-9+/]{43}=)\s{0,9}$/gm },
  { hint: "kty", pattern: PRIVATE_JWK },
  {
    hint: "-----BEGIN OpenVPN Static key V1-----",
    pattern: /-----BEGIN OpenVPN Static key V1-----\s{1,9}(?<secret>[a-f0-9]{32})/g,
  },
];

function token(hint: string, rest: string, start = START): Form {
  return { hint, pattern: new RegExp(`${start}${hint.replace(/[.$]/g, "\\$&")}${rest}`, "g") };
}
