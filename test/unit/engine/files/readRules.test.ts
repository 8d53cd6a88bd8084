// Verdicts on single paths: names of secrets, kinds of files, and who wins where ignore files disagree.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { isPassing, type Refusal } from "../../../../src/engine/files/refusal";
import { EVERY_CALL, whileFailing } from "../../../support/failingFiles";
import { useTemporaryTree } from "./temporaryTree";

/** Reason → paths that are refused for it; `undefined` → paths that may be read. None of them exists. */
const VERDICTS: readonly (readonly [Refusal | undefined, readonly string[]])[] = [
  [
    "secret",
    [
      ...[".env", "a/.env", ".env.local", ".env.production", "prod.env", ".ENV", ".env.json", ".env.ts", ".envrc"],
      ...[
        "server.pem",
        "a/b/private.key",
        "id_rsa",
        "id_rsa.pub",
        "id_ed25519",
        "x.p12",
        "x.pfx",
        "x.jks",
        "x.keystore",
      ],
      ...[
        ".env~",
        "a/#.env#",
        ".#.env",
        ".env.bak",
        "prod.env.bak",
        "prod.env.local",
        ".envrc.local",
        ".env.swp",
        ".env.save.1",
      ],
      ...[".npmrc~", ".npmrc.bak", ".netrc.old", "credentials~", "id_rsa.bak", "secrets.yml~", "kubeconfig.orig"],
      ...["cert.crt", "release.keystore", "a.kdbx", "server.key.bak", "AuthKey_1.p8", "SERVER.PEM", "my-sample.pem"],
      ...["credentials", "credentials.json", "aws-credentials.yml", "credentials.csv", "gcp_credentials.json"],
      ...[
        ".npmrc",
        "pkg/.npmrc",
        ".pypirc",
        ".netrc",
        "_netrc",
        ".pgpass",
        ".git-credentials",
        ".htpasswd",
        "htpasswd",
      ],
      ...[".aws/config", "home/.ssh/config", ".gnupg/pubring.kbx", ".kube/config", "kubeconfig", "prod.kubeconfig"],
      ...["kubeconfig.yaml", "terraform.tfstate", "terraform.tfstate.backup", "terraform.tfstate.123.backup"],
      ...[
        "prod.tfvars",
        "a.auto.tfvars",
        "a.tfvars.json",
        "secrets.yml",
        "secrets.json",
        "config/secrets.toml",
        ".secrets",
      ],
      ...["secret.txt", "db-secrets.yaml", "secrets.prod.yaml", "service-account.json", "service-account-prod.json"],
      ...["serviceAccountKey.json", "client_secret_12.apps.json", "x-firebase-adminsdk-1.json", "passwords.txt"],
      ...[
        "config/master.key",
        "config/credentials.yml.enc",
        "wp-config.php",
        "secrets.sh",
        ".dev.vars",
        ".bash_history",
      ],
      ...["vault_pass.txt", ".vault_pass", "arduino_secrets.h", "local.properties", "gh/hosts.yml", "api_keys.json"],
      ...[".env copy", ".env copy 2", ".env (copy)", ".env - Copy", " - Copy.env", ".env (1)", ".env (old)", ".env 2"],
      ...["credentials (1).json", "Copy of credentials.json", "credentials - Copy (2).json", "Copy (2) of .npmrc"],
      ...["secrets copy.yaml", ".npmrc copy", ".npmrc - Copy", ".npmrc.copy", ".pgpass copy", ".pgpass (another copy)"],
      ...["server.key copy", "server.key (old)", "server copy.key", "kubeconfig (1)", "passwords copy.txt"],
      ...["terraform.tfvars copy", "known_hosts (3rd copy)", "auth 2.json", "id_rsa copy", "my passwords.txt"],
      ...[
        ".npmrc Kopie",
        "Kopie von auth.json",
        "auth - Copie.json",
        ".netrc - копия",
        ".netrcのコピー",
        ".netrc - 副本",
        ".npmrc - co\u0301pia",
      ],
      ...[".npmrc.save", ".netrc.12", "id_dsa", "id_ecdsa", "id_xmss", "ssh_host_rsa_key", "ssh_host_key"],
      ...["auth_token", ".api-token", "refresh-tokens.txt", "svc_account.json", "vaultpass", "-secrets.yml"],
      ...[".aws copy/config", ".ssh (1)/config", ".kube.bak/config", ".docker/config.json", "web/auth.json"],
      ...["locales/en/.env", "locales/auth.key", "api/db/passwords.json", "k8s/secret.yaml", "workflows/secrets.yml"],
      ...[".vscode/sftp.json", ".envs/.production/.django", ".envs/.local/.postgres", "http-client.private.env.json"],
      ...["kaggle.json", "pgpass.conf", "creds.json", "aws-creds.txt", "token.txt", "rclone.conf", "wg0.conf"],
      ...["ngrok.yml", ".sentryclirc", ".clasprc.json", ".databrickscfg", "tomcat-users.xml", ".curlrc", ".wgetrc"],
      ...[".msmtprc", ".fetchmailrc", "fish_history", ".zhistory", ".ash_history", "env.production", "env.local"],
      ...[".dev.vars.local", ".dev.vars.staging", ".npmrc.local", "privkey.txt", "server.key.pem.txt", "tls.key.txt"],
      ...["wp-config.bak.php", ".snowflake/connections.toml", "docker/pip.conf"],
      ...["secrets/prod.yaml", "deploy/secrets/app.staging.json", "secrets/db.txt", "credentials/dev"],
      ...[
        "templates/id_rsa",
        "templates/vault_password",
        ".github/.vault_pass",
        "lang/passwords.txt",
        "i18n/kubeconfig",
      ],
      ...[
        ".github/a/gcp-key.json",
        "lang/client_secret_1.json",
        "templates/credentials.json",
        "lang/secrets/prod.yaml",
      ],
      ...["templates/wg0.conf", "templates/a/access_token", "lang/x/y/auth.json"],
    ],
  ],
  [
    undefined,
    [
      ...["credentials.ts", "src/credentials.py", "secrets.go", "src/secrets/manager.ts", "tokenizer.ts", "token.go"],
      ...[
        "keyboard.key.ts",
        "key.ts",
        "keys.py",
        "src/env.ts",
        "env.d.ts",
        "environment.ts",
        ".env.d.ts",
        ".env.example",
      ],
      ...[
        ".env.sample",
        ".env.template",
        ".env.defaults",
        "secrets.example.yml",
        "credentials.json.sample",
        "id_rsa.ts",
      ],
      ...[
        "docs/secrets.md",
        "password.html",
        "reset-password.scss",
        "passwords.ts",
        "PasswordField.tsx",
        "monkey.json",
      ],
      ...[
        "public.ts",
        "terraform.tfvars.example",
        "main.tf",
        "secretary.txt",
        "settings.xml",
        "service.json",
        "tokens.json",
      ],
      ...["secrets.example.toml", "credentials.sample.json", ".dev.vars.example", "env.prod.ts", "env.rs", "creds.go"],
      ...["src/secrets/resources.yaml", "pkg/secrets/package.json", "secrets/prod.ts", "credentials/README.md"],
      ...["secrets/CMakeLists.txt", "credentials/requirements.txt"],
      ...[
        "surface/secrets/export.yaml",
        "secrets/prod.example.yaml",
        "sftp.json",
        "connections.toml",
        "old.config.php",
      ],
      ...["chart/templates/serviceaccount.yaml", "rbac/serviceaccount.yml", "chart/templates/secret.yaml"],
      ...["public/locales/en/auth.json", "locales/de/password.json", "lang/en/passwords.json", "i18n/auth.json"],
      ...[".docker/nginx.conf", ".docker/php/Dockerfile", ".github/workflows/rotate-secrets.yml"],
      ...[
        "db/migrations/20240101_add_password.sql",
        "secret.prisma",
        "secrets.nix",
        "api-keys.feature",
        "secret_arm64.s",
      ],
      ...["Credentials.xaml", "private-keys.xsd", "secrets.jsonnet", "credentials.gradle", "find-secrets.cmake"],
      ...["copy.ts", "environment copy.ts", "Copy of main.go", "main (1).rs", "deep copy.json", "credentials copy.ts"],
      ...["copy of notes.txt", "a - Copy.ts", "src copy/main.ts", "(1)", "copy", "secrets (2).md", "chapter 2.txt"],
      ...["README", "Makefile", "Dockerfile", ".gitignore", ".griffinignore", ".editorconfig", "go.mod", "Cargo.toml"],
      ...["package.json", "tsconfig.json", "a.unknown", "no extension", "src/é.ts", ".github/workflows/ci.yml"],
      ...[
        "lock.ts",
        "src/locks.go",
        "generated.ts",
        "src/generator.ts",
        "minify.js",
        "admin.js",
        "src/code_gen.go",
        "buf.gen.yaml",
        ".cargo/config.toml",
      ],
      ...[
        "dist/a.js",
        "build/b.py",
        "vendor.ts",
        "src/node_modules.ts",
        "data.ts",
        "log.ts",
        "svg.tsx",
        "schema.sql",
        "book.ipynb",
      ],
    ],
  ],
  [
    "lock",
    ["package-lock.json", "a/yarn.lock", "Cargo.lock", "go.sum", "poetry.lock", "pnpm-lock.yaml", "Gemfile.lock"],
  ],
  ["lock", ["composer.lock", "uv.lock", "bun.lockb", "flake.lock", "gradle.lockfile", "Package.resolved"]],
  ["generated", ["api.pb.go", "a_pb2.py", "a_pb2_grpc.py", "user.g.dart", "Form.Designer.cs", "a.generated.ts"]],
  ["generated", ["zz_generated.deepcopy.go", "app.js.map", "a.test.ts.snap", "x/project.pbxproj", "api.gen.ts"]],
  ["minified", ["jquery.min.js", "a/style-min.css", "x.min.mjs"]],
  ["data", ["rows.csv", "a.svg", "x.geojson", "server.log", "de.po", "fix.patch"]],
  ["binary", ["a.png", "A.PNG", "x.woff2", "a.tar.gz", "a.zip", "m.onnx", "lib.so", "a.pyc", "x.wasm", "a.sqlite"]],
  [
    "vendored",
    ["node_modules/a/index.js", "a/node_modules/b.js", "vendor/x.go", ".venv/lib/a.py", "a/__pycache__/b.py"],
  ],
  ["vendored", ["third_party/a.c", "Pods/a.m", ".next/a.js", ".idea/a.xml"]],
  ["repositoryData", [".git/config", "a/.git/HEAD", ".svn/entries", ".hg/store", ".git"]],
  ["outside", ["../a.ts", "a/../../b.ts", "/etc/passwd", "a//b", "./a", "", "a/."]],
];

describe("what may be read", () => {
  const tree = useTemporaryTree();

  for (const [refusal, paths] of VERDICTS) {
    it(`${refusal ?? "allowed"}: ${paths.slice(0, 4).join(", ")} …`, async () => {
      const rules = await tree.rules();
      const verdicts = await Promise.all(paths.map(async (path) => [path, await rules.refusal(path)]));
      assert.deepEqual(
        verdicts.filter(([, verdict]) => verdict !== refusal),
        [],
      );
    });
  }

  async function check(planted: Record<string, string>, expected: Record<string, Refusal | undefined>, exclude = [""]) {
    tree.add(planted);
    const rules = await tree.rules({ exclude });
    const verdicts = await Promise.all(Object.keys(expected).map(async (path) => [path, await rules.refusal(path)]));
    assert.deepEqual(Object.fromEntries(verdicts), expected);
  }

  it("no ignore file and no setting opens a secret", () =>
    check(
      { ".griffinignore": "!.env\n!*.pem\n!.ssh/\n!*", ".gitignore": "!.env\n!*" },
      { ".env": "secret", "a.pem": "secret", ".ssh/config": "secret", "a/credentials.json": "secret" },
      ["!.env", "!**"],
    ));

  it(".griffinignore cannot open what git ignores, nor .gitignore what .griffinignore excludes", () =>
    check(
      { ".gitignore": "*.a1\n!*.b1", ".griffinignore": "*.b1\n!*.a1" },
      { "x.a1": "ignored", "x.b1": "griffinignore", "x.c1": undefined },
    ));

  it(".griffinignore opens a folder of packages; the setting has the last word", () =>
    check(
      { ".griffinignore": "!vendor/\n/docs/\n", "lib/.griffinignore": "!docs\n*.txt\n!keep.txt" },
      {
        "vendor/a.go": undefined,
        "docs/a.md": "griffinignore",
        "lib/docs/a.md": undefined,
        "lib/a.txt": "griffinignore",
        "lib/keep.txt": undefined,
        "third_party/a.c": undefined,
        "lib/x.go": "excluded",
        "a/lib/x.go": undefined,
      },
      ["/lib/x.go", "!third_party/"],
    ));

  it("an excluded folder stays closed whatever is written below it", () =>
    check(
      { ".gitignore": "out/", "out/.gitignore": "!*", ".griffinignore": "priv/\n", "priv/.griffinignore": "!*" },
      { "out/a.c": "ignored", "priv/a.c": "griffinignore" },
    ));

  it("a folder is not read as a file, nor in the name of one", async () => {
    mkdirSync(tree.at("a.ts"));
    const rules = await tree.rules();
    assert.equal(await rules.refusal("a.ts"), "notAFile");
    assert.equal(await rules.refusalOfFolder("a.ts"), undefined);
    assert.equal(await rules.refusalOfFolder("node_modules"), "vendored");
  });

  it("nothing where the rules around a folder cannot be read", async () => {
    tree.add({ ".git/HEAD": "ref: refs/heads/main\n", ".gitignore": "#".repeat(2 ** 20 + 1), "in/a.ts": "" });
    assert.equal(await (await tree.rules({}, "in")).refusal("a.ts"), "unreadable");
  });

  it("nothing below more patterns than can be held against each name, of one file or of many above one another", async () => {
    const names = "name\n".repeat(18_000);
    tree.add({
      ...{ "long/.gitignore": names.repeat(3), "long/x.ts": "" },
      ...{ "a/.gitignore": names, "a/x.ts": "", "a/b/.gitignore": names, "a/b/c/.griffinignore": names },
      ...{ "explained/.gitignore": `${"# why\n".repeat(60_000)}x.log\n` },
    });
    const rules = await tree.rules();
    assert.deepEqual(
      await Promise.all(
        ["long/x.ts", "a/x.ts", "a/b/x.ts", "a/b/c/x.ts", "explained/x.ts"].map((path) => rules.refusal(path)),
      ),
      ["rulesTooLong", undefined, undefined, "rulesTooLong", undefined],
    );
    assert.equal(await (await tree.rules({}, "long")).refusal("x.ts"), "rulesTooLong");
    assert.ok(!isPassing("rulesTooLong"), "it says so for good");
  });

  it("nothing below more wildcards than can be held against a long name, which names and endings are none of", async () => {
    const wildcards = "*a*a*a*b\n".repeat(2_200);
    tree.add({
      ...{ "a/.gitignore": wildcards, "a/b/.griffinignore": `!${wildcards}`, "a/b/c/.gitignore": wildcards },
      "plain/.gitignore": "*.log\r\n!*.txt\n*cache/\nsome/folder\n".repeat(6_000),
    });
    const rules = await tree.rules();
    assert.deepEqual(
      await Promise.all(["a/x.ts", "a/b/x.ts", "a/b/c/x.ts", "plain/x.ts"].map((path) => rules.refusal(path))),
      [undefined, "rulesTooLong", "rulesTooLong", undefined],
    );
    assert.equal(await (await tree.rules({ exclude: [wildcards.repeat(2)] })).refusal("x.ts"), "rulesTooLong");
  });

  it("counts what is parsed, of whatever file or setting, and of a repository within anew what holds for all", async () => {
    const names = "name\n".repeat(54_000);
    tree.add({
      "returns/.gitignore": `x\r#${"x".repeat(270_000)}\n`,
      all: names,
      half: "name\n".repeat(30_000),
      "x.ts": "",
    });
    tree.add({ "in/.git/HEAD": "ref: refs/heads/main\n", "in/.gitignore": "name\n".repeat(30_000), "in/x.ts": "" });
    assert.equal(await (await tree.rules()).refusal("returns/x.ts"), "rulesTooLong");
    assert.equal(await (await tree.rules({ exclude: [names] })).refusal("x.ts"), "rulesTooLong");
    const of = (path: string, globalExcludes: string) =>
      tree.rules({ globalExcludesPath: tree.at(globalExcludes) }).then((rules) => rules.refusal(path));
    assert.equal(await of("x.ts", "all"), "rulesTooLong");
    assert.equal(await of("x.ts", "half"), undefined);
    assert.equal(await of("in/x.ts", "half"), "rulesTooLong");
  });

  it("keeps the rules of folders only up to a length of their ignore files in all", async () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    tree.add(Object.fromEntries(names.map((name) => [`${name}/.gitignore`, "x\n".repeat(100_000)])));
    const rules = await tree.rules();
    const first = await rules.folder(["a"]);
    const isKept = async () => (await rules.folder(["a"])) === first;
    assert.ok(await isKept(), "while there is room");
    for (const name of names) await rules.folder([name]);
    assert.ok(!(await isKept()));
  });

  it("of a repository within by its own patterns, however long those of git around it are", async () => {
    const names = "name\n".repeat(18_000);
    const repository = (path: string) => ({ [`${path}/.git/HEAD`]: "ref: refs/heads/main\n", [`${path}/x.ts`]: "" });
    tree.add({
      ...{ ".gitignore": names, "a/.gitignore": names, ...repository("a/b"), "a/b/.gitignore": names },
      ...{ "c/.griffinignore": names.repeat(2), ...repository("c/d"), "c/d/.gitignore": names },
    });
    const rules = await tree.rules();
    assert.equal(await rules.refusal("a/b/x.ts"), undefined);
    assert.equal(await rules.refusal("c/d/x.ts"), "rulesTooLong", "ours hold in it, too");
  });

  it("nothing where it cannot be told whether a repository begins there", async () => {
    tree.add({
      ".gitignore": "*.md\n",
      ".git/HEAD": "ref: refs/heads/main\n",
      ".git/info/exclude": "a.ts\n",
      "b/c.ts": "",
    });
    const refusals = async () => {
      const [whole, part] = [await tree.rules(), await tree.rules({}, "b")];
      return [await whole.refusal("a.ts"), await whole.refusal("d.ts"), await part.refusal("c.ts")];
    };
    assert.deepEqual(await refusals(), ["ignored", undefined, undefined]);
    for (const file of [".git", ".git/HEAD", ".git/commondir"]) {
      const found = await whileFailing(tree.at(file), "EIO", EVERY_CALL, refusals);
      assert.deepEqual(found, ["unreadable", "unreadable", "unreadable"], file);
    }
  });

  it("nothing that the disk does not tell about", async () => {
    const longName = "a".repeat(300);
    assert.equal(await (await tree.rules()).refusal(`${longName}.ts`), "unreadable");
    assert.equal(await (await tree.rules()).refusal(`${longName}/b.ts`), "unreadable");
    assert.equal(await (await tree.rules()).refusal(`${longName}.png`), "binary");
  });

  it("nothing in a folder of secrets that someone opens", async () => {
    tree.add({ ".ssh/notes.md": "" });
    assert.equal(await (await tree.rules({}, ".ssh")).refusal("notes.md"), "secret");
  });

  it("no secret for the name of the folder that is opened, be it that of templates or translations", async () => {
    tree.add({ "templates/a.ts": "", "templates/locales/a.ts": "" });
    const rules = await tree.rules({}, "templates");
    const paths = ["secrets.yml", "prod/secrets.yml", "locales/auth.json"];
    assert.deepEqual(await Promise.all(paths.map((path) => rules.refusal(path))), ["secret", "secret", undefined]);
  });

  it("no secret whose folder is the one that is opened, also where a repository around it ignores that", async () => {
    tree.add({ ".m2/settings.xml": "", ".m2/notes.md": "" });
    const verdicts = async () => {
      const rules = await tree.rules({}, ".m2");
      return [await rules.refusal("settings.xml"), await rules.refusal("notes.md")];
    };
    assert.deepEqual(await verdicts(), ["secret", undefined]);
    tree.add({ ".git/HEAD": "ref: refs/heads/main\n", ".git/objects/x": "", ".git/refs/x": "", ".gitignore": ".m2\n" });
    assert.deepEqual(await verdicts(), ["secret", undefined]);
  });
});
