// The forms of secrets. They are put together here, so that no scanner takes this file for a leak.

import assert from "node:assert/strict";
import { FORMS, holdsSecret } from "../../../../src/engine/files/secretText";

const MIXED = "aBcDeFgHiJkLmNoPqRsTuVwXyZ2345679";
const LETTERS = "aBcDeFgHiJkLmNoPqRsTuVwXyZ";
const CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ234567";
const HEX = "0123456789abcdef";
const DIGITS = "2345678901";

const some = (length: number, alphabet = MIXED) =>
  Array.from({ length }, (_, n) => alphabet[(n * 7 + ((n * n) % 11)) % alphabet.length]).join("");

/** What each form begins with or contains, and the rest of one such secret. */
const SECRETS: readonly (readonly [hint: string, rest: string, before?: string])[] = [
  [" PRIVATE KEY", `-----\n${some(64)}\n`, "-----BEGIN RSA"],
  ["UFJJVkFURSBLRV", some(48)],
  ["BSSVZBVEUgS0VZ", some(48)],
  ["QUklWQVRFIEtFW", some(48)],
  ["PuTTY-User-Key-File-", "3: ssh-ed25519\nEncryption: none\nPublic-Lines: 2\nAAAA\nPrivate-Lines: 1\n"],
  ["AGE-SECRET-KEY-1", some(58, CAPITALS)],
  ["AKIA", some(16, CAPITALS)],
  ["ASIA", some(16, CAPITALS)],
  ["github_pat_", some(82)],
  ["ghp_", some(36)],
  ["gho_", some(36)],
  ["ghu_", some(36)],
  ["ghs_", some(36)],
  ["ghr_", some(36)],
  ["glpat-", some(20)],
  ["xoxb-", `${some(12, DIGITS)}-${some(24)}`],
  ["xoxp-", `${some(12, DIGITS)}-${some(24)}`],
  ["xoxa-", `2-${some(12, DIGITS)}-${some(24)}`],
  ["xoxo-", `${some(12, DIGITS)}-${some(24)}`],
  ["xoxs-", `${some(12, DIGITS)}-${some(24)}`],
  ["xoxr-", `${some(12, DIGITS)}-${some(24)}`],
  ["xoxe-", `1-${some(40)}`],
  ["xapp-", `1-A${some(10)}-${some(12, DIGITS)}-${some(32, HEX)}`],
  ["hooks.slack.com/", `services/T${some(10)}/B${some(10)}/${some(24)}`],
  ["sk-proj-", some(48)],
  ["sk-svcacct-", some(48)],
  ["sk-admin-", some(48)],
  ["sk-ant-", `api03-${some(48)}`],
  ["sk-or-v1-", some(64, HEX)],
  ["sk-", some(48)],
  ["sk_live_", some(24)],
  ["rk_live_", some(24)],
  ["sk_test_", some(24)],
  ["AIza", some(35)],
  ["GOCSPX-", some(28)],
  ["ya29.", some(60)],
  ["npm_", some(36)],
  ["pypi-AgEIcHlwaS5vcmc", some(60)],
  ["hf_", some(34, LETTERS)],
  ["SG.", `${some(22)}.${some(43)}`],
  ["dop_v1_", some(64, HEX)],
  ["doo_v1_", some(64, HEX)],
  ["shpat_", some(32, HEX)],
  ["shpss_", some(32, HEX)],
  ["shppa_", some(32, HEX)],
  ["shpca_", some(32, HEX)],
  ["dckr_pat_", some(27)],
  ["lin_api_", some(40)],
  ["hvs.", some(90)],
  ["glsa_", `${some(32)}_${some(8, HEX)}`],
  ["gsk_", some(52)],
  ["xai-", some(80)],
  ["dapi", some(32, HEX)],
  ["sbp_", some(40, HEX)],
  ["figd_", some(40)],
  ["ntn_", `${some(11, DIGITS)}${some(35)}`],
  ["whsec_", some(32)],
  ["glrt-", some(20)],
  ["AccountKey=", `${some(86)}==`],
  [":AA", some(33), some(10, DIGITS)],
  ["eyJ", `${some(30)}.eyJ${some(30)}.${some(43)}`],
];

const armored = (kind: string) => `-----BEGIN ${kind}-----\n${some(64)}\n-----END ${kind}-----\n`;
const base64 = (text: string) => Buffer.from(text).toString("base64");

const lines = (begin: string, end = "") =>
  ["-----BEGIN RSA PRIVATE KEY-----", some(64), some(64)].map((line) => `${begin}${line}${end}`).join("\n");

/** Secrets as they stand in files of all kinds. */
const WRITTEN: readonly string[] = [
  ...["RSA ", "EC ", "DSA ", "", "OPENSSH ", "ENCRYPTED "].map(
    (kind) => `    client-key-data: ${base64(armored(`${kind}PRIVATE KEY`))}\n`,
  ),
  `tls.key: ${base64(`${armored("CERTIFICATE")}${armored("PRIVATE KEY")}`)}\n`,
  lines("// "),
  lines("-- "),
  lines("REM "),
  lines("", "<br>"),
  lines("'", "\\n' ."),
  lines(" * ", "&#10;"),
  lines("").replaceAll("\n", "%0A"),
  `"user=me\\nghp_${some(36)}"`,
  `"a\\tAKIA${some(16, CAPITALS)}"`,
  `?token%3Dghp_${some(36)}&x=1`,
  `Bearer%20eyJ${some(30)}.eyJ${some(30)}.${some(43)}`,
  `GPG_KEY=${base64(armored("PGP PRIVATE KEY BLOCK"))}\n`,
  `GOOGLE=${base64(JSON.stringify({ type: "service_account", private_key: armored("PRIVATE KEY") }))}\n`,
];

/** What is made to be shown. */
const HARMLESS: readonly string[] = [
  `    client-certificate-data: ${base64(armored("CERTIFICATE"))}\n`,
  "if (text.startsWith('-----BEGIN PRIVATE KEY-----')) // src/engine/files/anyPrivateKeyOfTheUsers.ts",
  `sk_test_4eC39HqLyjWD${"arjtT1zdp7dc"}`,
  `AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlm${some(62)}==;`,
  `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.${base64('{"sub":"1234567890","name":"John Doe","iat":1516239022}').replaceAll("=", "")}.${some(43)}`,
  `initializeApp({\n  apiKey: "AIza${some(35)}",\n  authDomain: "a.firebaseapp.com",\n});`,
  `fanghp_${some(36)}`,
  `tls.pub: ${base64(armored("PUBLIC KEY"))}\n`,
];

const shown = (text: string) => JSON.stringify(text.trim()).slice(0, 60);

describe("a secret in a text", () => {
  it("has an example here for each of its forms", () => {
    assert.deepEqual(
      FORMS.map(({ hint }) => hint),
      SECRETS.map(([hint]) => hint),
    );
  });

  for (const [hint, rest, before = ""] of SECRETS) {
    it(`is found by ${hint.trim()}`, () => {
      assert.ok(holdsSecret(`const it = \`${before}${hint}${rest}\`;\n`));
    });
  }

  for (const text of WRITTEN) {
    it(`is found in ${shown(text)} …`, () => assert.ok(holdsSecret(text)));
  }

  for (const text of HARMLESS) {
    it(`is not ${shown(text)} …`, () => assert.ok(!holdsSecret(text)));
  }

  it("is no placeholder", () => {
    for (const text of ["x".repeat(36), `${some(20)}EXAMPLE${some(20)}`, "ab".repeat(18)]) {
      assert.ok(!holdsSecret(`ghp_${text}`), text);
    }
  });
});
