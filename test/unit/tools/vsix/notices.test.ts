import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { noticeOf, thirdPartyNotices } from "../../../../tools/vsix/notices.mjs";
import { TARGETS } from "../../../../tools/vsix/targets.mjs";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

describe("the notices of what is shipped", () => {
  const folder = useTemporaryFolder("all tests");
  const ofPackage = (name: string) => noticeOf(name, join("node_modules", name));

  for (const name of ["onnxruntime-node", "onnxruntime-common"]) {
    it(`have the whole text for packages that bring none (${name})`, async () => {
      const notice = await ofPackage(name);
      assert.match(
        notice,
        /^-+\nonnxruntime-\w+ [\d.]+ \(MIT\)\n\nMIT License\n\nCopyright \(c\) Microsoft Corporation\n/,
      );
      assert.match(notice, /\nPermission is hereby granted, free of charge/);
    });
  }

  it("name every library that comes with onnxruntime, in the version that comes with it", async () => {
    const notice = await ofPackage("onnxruntime-node");
    const paths = TARGETS.flatMap(({ onnxruntime }) => {
      const libraries = join("node_modules/onnxruntime-node/bin/napi-v6", onnxruntime);
      return readdirSync(libraries).map((name) => join(libraries, name));
    }).filter((path) => !basename(path).includes("onnxruntime"));
    assert.deepEqual([...new Set(paths.map((path) => basename(path)))].sort(), [
      "DirectML.dll",
      "dxcompiler.dll",
      "dxil.dll",
    ]);
    for (const path of paths) {
      const [, version] = new RegExp(`\\n${basename(path)} \\([^)]* ([\\d.]+)\\)`).exec(notice) ?? [];
      assert.equal(version, productVersion(path), path);
    }
  });

  it("send to the lists of what the shipped versions contain, and not to those of others", async () => {
    const versionOf = (name: string) => versionIn(join("node_modules", name));
    const onnxruntime = `/microsoft/onnxruntime/blob/v${versionOf("onnxruntime-node")}/ThirdPartyNotices.txt`;
    assert.ok((await ofPackage("onnxruntime-node")).includes(onnxruntime), onnxruntime);
    const [, version] =
      /\sVersion\s([\d.]+) names the ones that it uses itself/.exec(await ofPackage("tokenizers")) ?? [];
    assert.equal(version, versionOf("tokenizers"));
  });

  it("say that tokenizers is under the Apache License, and have that once", async () => {
    assert.match(await ofPackage("tokenizers"), /\nLicensed under the Apache License, Version 2\.0, /);
    const all = await thirdPartyNotices([], ["tokenizers", "@bufbuild/protobuf"]);
    assert.equal(all.match(/TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION/g)?.length, 1);
  });

  it("name the authors of every grammar that is shipped", async () => {
    const named = [...(await ofPackage("@vscode/tree-sitter-wasm")).matchAll(/^(tree-sitter[\w-]*\.wasm): .+$/gm)];
    const shipped = readFileSync(".vscodeignore", "utf8").matchAll(/^!.*\/(tree-sitter[\w-]*\.wasm)$/gm);
    const files = (found: Iterable<RegExpMatchArray>) => Array.from(found, ([, file]) => file).sort();
    assert.deepEqual(files(named), files(shipped));
  });

  it("take a package's own text, by whatever name", async () => {
    assert.match(await ofPackage("punycode.js"), /\nCopyright Mathias Bynens/);
    assert.match(await ofPackage("commander"), /\nCopyright \(c\) 2011 TJ Holowaychuk/);
  });

  it("name the version that is bundled, where there are several", async () => {
    const nested = "node_modules/markdown-it/node_modules/entities";
    const inputs = { [`${nested}/index.js`]: {}, "node_modules/entities/index.js": {}, [`${nested}/other.js`]: {} };
    const all = await thirdPartyNotices([{ inputs }], ["markdown-it"]);
    const versions = [nested, "node_modules/entities"].map((folder) => versionIn(folder));
    assert.notEqual(versions[0], versions[1]);
    assert.deepEqual([...all.matchAll(/^entities ([\d.]+) /gm)].map(([, version]) => version).sort(), versions.sort());
  });

  it("are not made without a text", async () => {
    await writeFile(folder("package.json"), JSON.stringify({ version: "1.0.0", license: "MIT", author: "me" }));
    await assert.rejects(noticeOf(basename(folder()), folder()), /brings no licence text/);
  });
});

function versionIn(folder: string): string {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}

/** What a library of Windows says of itself. */
function productVersion(path: string): string | undefined {
  const content = readFileSync(path);
  const at = content.lastIndexOf(Buffer.from("ProductVersion\0", "utf16le"));
  const [, version] = /^ProductVersion\0+([\d.]+)/.exec(content.toString("utf16le", at, at + 100)) ?? [];
  return version;
}
