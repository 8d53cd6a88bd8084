// Names of files that hold secrets. No ignore file opens them. Knows names only; secretText.ts looks inside.
//
// A word such as "credentials" makes a secret of a configuration file and not of a program: `credentials.json` is
// refused, `credentials.ts` is read. Templates that are made to be shared (`.env.example`) are read too.

import { wordSet, words } from "../../text/words";
import { PROGRAM_EXTENSIONS } from "./programExtensions";

/**
 * @param path with "/"; the more folders it has, the more is known
 * @param above the name of the folder that the path begins in: it can make a secret of a file, and excuses none
 */
export function isSecretPath(path: string, above = ""): boolean {
  const parts = `${above}/${path}`.normalize("NFC").toLowerCase().split("/");
  const name = parts.pop()!;
  return parts.some(isSecretFolder) || originalsOf(name).some((original) => isSecretFile(original, parts));
}

export function isSecretFolder(name: string): boolean {
  return originalsOf(name.toLowerCase()).some((original) => FOLDERS.has(original));
}

function isSecretFile(name: string, folders: readonly string[]): boolean {
  const inFolder = `${folders.at(-1)}/${name}`;
  if (NAMES.has(name) || IN_FOLDER.has(inFolder)) return true;
  if (isTemplate(name)) return false;
  if (KEY_EXTENSION.test(name) || ENVIRONMENT.test(name)) return true;
  const extension = /\.([^.]+)$/.exec(name)?.[1] ?? "";
  if (PROGRAM_EXTENSIONS.has(extension) || DOCUMENT_EXTENSIONS.has(extension)) return false;
  if (IN_FOLDER_OF_SECRETS.test(inFolder) || NAME_PATTERNS.some((pattern) => pattern.test(name))) return true;
  return WORD_PATTERNS.some((pattern) => pattern.test(name)) && !SPEAKING.test(`${folders.join("/")}/${name}`);
}

/** The name, and those of what it may be a copy of. */
function originalsOf(name: string): readonly string[] {
  const plain = withoutBackup(name);
  const original = withoutBackup(plain.replace(COPY_OF, "").replace(COPY_MARK, "").replace(BACKUP_MARK, "").trim());
  // People part words with blanks and parentheses, too: `credentials (prod).json`.
  const dotted = withoutBackup(original.replace(/[\s()]+/g, ".").replace(/\.$/, ""));
  return [...new Set([name, plain, original, dotted])];
}

/** What `.npmrc~`, `.npmrc.bak` and `#.npmrc#`, which editors and people leave behind, are copies of. */
function withoutBackup(name: string): string {
  return name.replace(/^\.?#|(?:[~#]|\.(?:bak|old|orig|backup|save|local|sw[op]|\d+))+$/g, "");
}

/** What Finder, Explorer, the desktops of Linux and VS Code call a copy, in the languages that most people use them in. */
const COPY = "(?:copy|kopie|copie|copia|cópia|kopia|kopi|kopio|копия|копія|コピー|副本|复制|複製|복사본|사본)";
/** `Copy of x`, `Copy (2) of x`. */
const COPY_OF = new RegExp(`^${COPY} (?:\\(\\d+\\) )?(?:of|von|de|di|van|av) `);
/** `x copy 2`, `x - Copy (2)`, `x (another copy)`, `x (1)`, `x 2`, `x-copy`; an extension may follow each. */
const COPY_MARK = new RegExp(
  `(?:(?:[\\s._–—-]+|の|的)${COPY}(?: ?\\d+)?|\\s*\\((?:[^()]* )?(?:\\d+|${COPY}(?: \\d+)?)\\)|\\s+\\d+)(?=[\\s.(]|$)`,
  "g",
);

/** `wp-config.bak.php` */
const BACKUP_MARK = /\.(?:bak|old|orig|backup)(?=\.)/g;

/** `.env.example`, `credentials.json.sample`, `secrets.template.yml`. */
function isTemplate(name: string): boolean {
  return /[._-](?:defaults?|(?:examples?|sample|template|tmpl|tpl|dist|schema)(?:\.(?:json|ya?ml|toml|ini|env|cfg))?)$/.test(
    name,
  );
}

const FOLDERS = wordSet(`
  .aws .ssh .gnupg .gpg .kube .azure .gcloud .password-store .vault .secrets .secret
  .doctl .chef .electrum .putty .oci .pki .direnv .age .sops .envs
`);

/** Whole names. */
const NAMES = wordSet(`
  .env .envrc .flaskenv .dev.vars .npmrc .yarnrc.yml .pypirc .netrc _netrc .pgpass
  .my.cnf .mylogin.cnf .git-credentials .dockercfg .dockerconfigjson .boto .s3cfg .s3curl
  .htpasswd htpasswd .htdigest htdigest .vault-token .terraformrc terraform.rc kubeconfig
  authorized_keys known_hosts passwd shadow .pwd.lock master.key .credentials .passwd
  wp-config.php arduino_secrets.h secrets.h secrets.sh credentials.sh .secrets .secret .esmtprc
  local.settings.json google-services.json googleservice-info.plist .ftpconfig .sftp.json
  local.properties key.properties keystore.properties signing.properties settings-security.xml
  application_default_credentials.json credentials.tfrc.json .gist .remote-sync.json sftp-config.json
  datasources.local.xml .bash_history .zsh_history .psql_history .mysql_history .sqlite_history
  .python_history .node_repl_history .rediscli_history .irb_history .sh_history .lesshst
  .zhistory .ash_history fish_history .curlrc .wgetrc .msmtprc .fetchmailrc .sentryclirc
  .clasprc.json .databrickscfg rclone.conf pgpass.conf pip.conf pip.ini ngrok.yml kaggle.json
  tomcat-users.xml http-client.private.env.json token.txt
`);

/** Names that are harmless elsewhere. */
const IN_FOLDER = wordSet(`
  .m2/settings.xml .bundle/config .cargo/credentials .cargo/credentials.toml .gem/credentials
  .config/gh .composer/auth.json gh/hosts.yml .gradle/gradle.properties
  .docker/config.json .vscode/sftp.json .snowflake/connections.toml .snowflake/config.toml
`);

/** Keys, certificates, stores of them; state that holds what was deployed. */
const KEY_EXTENSIONS = words(`
  pem key p8 p12 pfx pkcs12 pkcs8 pkcs7 p7b p7c p7s jks keystore bks
  jceks truststore kdb kdbx ppk gpg pgp ovpn agekey jwk jwks crt cer der
  csr keytab kubeconfig publishsettings mobileprovision provisionprofile cred creds enc
  secret secrets token psafe3 keychain rdp tfstate tfstate.backup tfvars tfvars.json
`);
/** Mail that takes no `server.key` takes a `server.key.txt`. */
const KEY_EXTENSION = new RegExp(`\\.(?:${KEY_EXTENSIONS.join("|").replaceAll(".", "\\.")})(?:\\.txt)?$`);

const STAGES = "(?:prod|production|stage|staging|dev|development|test|testing|qa|uat|local)";

/** `.env.local`, `.envrc.local`, `prod.env`, `prod.env.local`, `.env.json`; declarations of types hold none. `env.production`, too. */
const ENVIRONMENT = new RegExp(
  `^\\.(?:env(?:rc)?|dev\\.vars)[._-](?!(?:.*\\.)?d\\.ts$).*$|\\.env(?:\\.local)?$|^env\\.${STAGES}$`,
);

/** `secrets/prod.yaml`, `credentials/db.txt`. Such folders may be a program's, too, and its other files say nothing. */
const IN_FOLDER_OF_SECRETS = new RegExp(
  `^(?:secrets?|credentials?|creds)/(?:(?!cmakelists|requirements).*\\.txt|(?:.*[._-])?${STAGES}(?:[._-].*)?)$`,
);

/** Not asked of programs and documents. */
const NAME_PATTERNS: readonly RegExp[] = [
  /^id_(?:rsa|dsa|ecdsa|ed25519|xmss)/,
  /^ssh_host_(?:.*_)?key/,
  /^(?:.*[._-])?kubeconfig(?:[._-].*)?$/,
  /^(?:.*[._-])?(?:client[._-]?secrets?|firebase[._-]adminsdk|gcp[._-]?keys?|priv(?:ate)?[._-]?keys?|api[._-]?keys?).*$/,
  /^wg\d+\.conf$/,
  /^\.?(?:ansible[._-])?vault[._-]?pass/,
  /^\.?(?:access|auth|api|refresh|bearer)[._-]?tokens?(?:\.[a-z]+)?$/,
  /\.tfstate(?:\.|$)/,
];

/** Words that files may speak of, too. */
const WORD_PATTERNS: readonly RegExp[] = [
  /^(?:.*[._-])?(?:secrets?|credentials?|creds|passwords?|passwd)(?:[._-].*)?$/,
  /^(?:.*[._-])?(?:service|svc)[._-]?(?:account|acct).*\.json$/,
  /^auth\.json$/,
];

/**
 * Paths of files that speak of secrets and hold none: translations (`locales/en/auth.json`), Helm's templates, GitHub's
 * workflows.
 */
const SPEAKING =
  /\/(?:(?:locales?|i18n|l10n|langs?|languages?|translations?)\/(?:[^/]+\/)?[^/]+\.(?:ya?ml|json|properties|po|resx|arb|ftl|strings)|(?:templates|\.github)\/(?:[^/]+\/)?[^/]+\.ya?ml)$/;

const DOCUMENT_EXTENSIONS = wordSet(`
  md mdx rst adoc tex html htm css scss sass less styl
  hbs ejs pug twig liquid mustache j2 jinja jinja2
`);
