// The forms of secrets. They are put together here, so that no scanner takes this file for a leak.

import assert from "node:assert/strict";
import { FORMS } from "../../../../src/engine/files/secretForms";
import { holdsSecret } from "../../../../src/engine/files/secretText";

const MIXED = "aBcDeFgHiJkLmNoPqRsTuVwXyZ2345679";
const LETTERS = "aBcDeFgHiJkLmNoPqRsTuVwXyZ";
const CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ234567";
const HEX = "0123456789abcdef";
const DIGITS = "2345678901";

const SMALL = "abcdefghijkmnopqrstuvwxyz234567";
const UUID = "3f1c2b7e-9d04-4a6b-8e25-7c19d0a4f6b8";

const some = (length: number, alphabet = MIXED) =>
  Array.from({ length }, (_, n) => alphabet[(n * 7 + ((n * n) % 11)) % alphabet.length]).join("");

const base64 = (text: string) => Buffer.from(text).toString("base64");
const shown = (text: string) => JSON.stringify(text.trim()).slice(0, 60);

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
  ["xoxc-", `${some(12, DIGITS)}-${some(12, DIGITS)}-${some(64, HEX)}`],
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
  ["rk_test_", some(24)],
  ["AIza", some(35)],
  ["GOCSPX-", some(28)],
  ["ya29.", some(60)],
  ["npm_", some(36)],
  ["pypi-AgEIcHlwaS5vcmc", some(60)],
  ["hf_", some(34, LETTERS)],
  ["SG.", `${some(22)}.${some(43)}`],
  ["dop_v1_", some(64, HEX)],
  ["doo_v1_", some(64, HEX)],
  ["dor_v1_", some(64, HEX)],
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
  ["gldt-", some(20)],
  ["glft-", some(20)],
  ["glffct-", some(20)],
  ["glsoat-", some(20)],
  ["GR1348941", some(20)],
  ["glptt-", some(40, HEX)],
  ["glcbt-", `64_${some(20)}`],
  ["glimt-", some(25)],
  ["glagent-", some(50)],
  ["gloas-", some(64)],
  ["ATATT3", some(186)],
  ["ATCTT3", some(186)],
  ["ATBB", some(32)],
  ["sgp_", `local_${some(40, HEX)}`],
  ["sqp_", some(40, HEX)],
  ["squ_", some(40, HEX)],
  ["sqa_", some(40, HEX)],
  ["PMAK-", `${some(24, HEX)}-${some(34, HEX)}`],
  ["rubygems_", some(48, HEX)],
  ["dckr_oat_", some(32)],
  ["oy2", some(43, SMALL)],
  ["AKCp", some(69)],
  ["cmVmdGtuOj", some(54)],
  ["_authToken=", UUID, "//npm.example.com/:"],
  ["LTAI", some(20)],
  ["AQVN", some(36)],
  ["ABSKQmVkcm9ja0FQSUtleS", some(110)],
  ["bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t", some(110)],
  ["SharedAccessKey=", `${some(43)}=`, "Endpoint=sb://a.servicebus.windows.net/;"],
  ["sig=", `${some(41)}%2F%3D`, "https://a.blob.core.windows.net/b?sv=2022-11-02&sp=r&"],
  ["Q~", some(34), `${some(3)}8`],
  ["1//0", some(60)],
  ["v1.0-", `${some(24, HEX)}-${some(146, HEX)}`],
  ["HRKU-AA", some(58)],
  ["fm2_", some(120)],
  ["nfp_", some(36)],
  ["rnd_", some(28)],
  ["sb_secret_", `${some(22)}_${some(8)}`],
  ["pscale_tkn_", some(43)],
  ["pscale_pw_", some(43)],
  ["pscale_oauth_", some(43)],
  ["sha256~", some(43)],
  [".atlasv1.", some(67), some(14)],
  ["hvb.", some(140)],
  ["pul-", some(40, HEX)],
  ["dp.pt.", some(43)],
  ["dp.st.", `dev.${some(43)}`],
  ["A3-", `${some(6, CAPITALS)}-${some(11, CAPITALS)}-${some(5, CAPITALS)}-${some(5, CAPITALS)}-${some(5, CAPITALS)}`],
  ["ops_eyJ", some(260)],
  ["r8_", some(37)],
  ["pplx-", some(48)],
  ["pcsk_", `${some(5)}_${some(63)}`],
  ["tvly-", `dev-${some(32)}`],
  ["lsv2_pt_", `${some(32, HEX)}_${some(10, HEX)}`],
  ["lsv2_sk_", `${some(32, HEX)}_${some(10, HEX)}`],
  ["sk-lf-", UUID],
  ["sk_", some(48, HEX)],
  ["xoxd-", `${some(20)}%2B${some(40)}`],
  ["/api/webhooks/", `${some(18, DIGITS)}/${some(68)}`, "https://discord.com"],
  ["", `${base64("1187543209876543210").replaceAll("=", "")}.GxYz0a.${some(38)}`],
  [".webhook.office.com/webhookb2/", `${UUID}@${UUID}/IncomingWebhook/${some(32, HEX)}/${UUID}`, "https://team"],
  ["xkeysib-", `${some(64, HEX)}-${some(16)}`],
  ["-us", "12", some(32, HEX)],
  ["re_", `${some(8)}_${some(24)}`],
  ["sq0atp-", some(22)],
  ["sq0csp-", some(43)],
  ["access_token$production$", `${some(16, SMALL)}$${some(32, HEX)}`],
  ["secret_", some(43)],
  ["", `pat${some(14)}.${some(64, HEX)}`],
  ["glc_eyJ", some(100)],
  ["sntrys_eyJ", some(100)],
  ["sntryu_", some(64, HEX)],
  ["NRAK-", some(27, CAPITALS)],
  ["dt0c01.", `${some(24, CAPITALS)}.${some(64, CAPITALS)}`],
  ["PrivateKey", ` = ${some(43)}=\n`, "[Interface]\n"],
  ["kty", `": "EC", "crv": "P-256", "d": "${some(43)}" }`, '{ "'],
  ["-----BEGIN OpenVPN Static key V1-----", `\n${some(32, HEX)}\n`],
];

const armored = (kind: string) => `-----BEGIN ${kind}-----\n${some(64)}\n-----END ${kind}-----\n`;

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
  lines('b"', '\\n"'),
  lines("    rb'", "'"),
  lines('@"', '" +'),
  lines("").replaceAll("\n", "&#xA;"),
  lines("").replaceAll("\n", "&#x0D;&#x0a;"),
  `"user=me\\nghp_${some(36)}"`,
  `"a\\tAKIA${some(16, CAPITALS)}"`,
  `const key = { d: "${some(43)}", use: "sig", kty: "OKP" };`,
  `{ "alg": "RS512", "d": "${some(683)}", "dp": "${some(342)}", "dq": "${some(342)}", "e": "AQAB", "kty": "RSA" }`,
  `?token%3Dghp_${some(36)}&x=1`,
  `Bearer%20eyJ${some(30)}.eyJ${some(30)}.${some(43)}`,
  `GPG_KEY=${base64(armored("PGP PRIVATE KEY BLOCK"))}\n`,
  `GOOGLE=${base64(JSON.stringify({ type: "service_account", private_key: armored("PRIVATE KEY") }))}\n`,
];

/** What is made to be shown. */
const HARMLESS: readonly string[] = [
  `    client-certificate-data: ${base64(armored("CERTIFICATE"))}\n`,
  "if (text.startsWith('-----BEGIN PRIVATE KEY-----')) // src/engine/files/anyPrivateKeyOfTheUsers.ts",
  `pemHeader = "-----BEGIN PRIVATE KEY-----"\n\tencryptedPrivateKeyHeader = "-----BEGIN ENCRYPTED PRIVATE KEY-----"`,
  'enum Armor {\n  Pkcs8 = "-----BEGIN PRIVATE KEY-----",\n  EncryptedPrivateKeyPkcs8 = "-----BEGIN ENCRYPTED PRIVATE KEY-----",',
  '"-----BEGIN PRIVATE KEY-----\\n" + arrayBufferToBase64String(der)',
  "# Begins with -----BEGIN PRIVATE KEY-----\n/etc/nginx/ssl/private/server",
  `sk_test_4eC39HqLyjWD${"arjtT1zdp7dc"}`,
  `AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlm${some(62)}==;`,
  `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.${base64('{"sub":"1234567890","name":"John Doe","iat":1516239022}').replaceAll("=", "")}.${some(43)}`,
  `initializeApp({\n  apiKey: "AIza${some(35)}",\n  authDomain: "a.firebaseapp.com",\n});`,
  "NotificationManagerServices.getAll.someOtherVeryLongIdentifierName",
  `{ "kty": "EC", "crv": "P-256", "x": "${some(43)}" }`,
  `{ "kty": "EC", "crv": "P-256", "d": "jpsQnnGQmL-YBIffH1136cspYG6-${"0iY7X1fCE9-E9LI"}" }`,
  `{ "kty": "OKP", "crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7${"MmkZcDusAxyuf2A"}" }`,
  `const image = "sha256:${some(64, HEX)}";`,
  `PrivateKey = readTheKeyThatTheUserKeepsInTheFolderOfKeys`,
  `re_compiled_patternsOfEverything, secret_nameOfTheKeyInTheStoreOfTheWorkspace`,
  `fanghp_${some(36)}`,
  `tls.pub: ${base64(armored("PUBLIC KEY"))}\n`,
];

describe("a secret in a text", () => {
  it("has an example here for each of its forms", () => {
    assert.deepEqual(
      FORMS.map(({ hint }) => hint),
      SECRETS.map(([hint]) => hint),
    );
  });

  for (const [hint, rest, before = ""] of SECRETS) {
    it(`is found by ${hint.trim() || shown(rest)}`, () => {
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
