import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { noticeOf, thirdPartyNotices } from "../../../../tools/vsix/notices.mjs";
import { TARGETS } from "../../../../tools/vsix/targets.mjs";

describe("the notices of what is shipped", () => {
  const ofPackage = (name: string) => noticeOf(name, join("node_modules", name));

  it("have the whole text for packages that bring none", async () => {
    for (const name of ["onnxruntime-node", "onnxruntime-common"]) {
      const notice = await ofPackage(name);
      assert.match(
        notice,
        /^-+\nonnxruntime-\w+ [\d.]+ \(MIT\)\n\nMIT License\n\nCopyright \(c\) Microsoft Corporation\n/,
      );
      assert.match(notice, /\nPermission is hereby granted, free of charge/);
    }
  });

  it("name every library that comes with onnxruntime", async () => {
    const notice = await ofPackage("onnxruntime-node");
    const libraries = TARGETS.flatMap(({ onnxruntime }) =>
      readdirSync(join("node_modules/onnxruntime-node/bin/napi-v6", onnxruntime)),
    ).filter((name) => !name.includes("onnxruntime"));
    assert.deepEqual([...new Set(libraries)].sort(), ["DirectML.dll", "dxcompiler.dll", "dxil.dll"]);
    for (const library of libraries) assert.ok(notice.includes(`\n${library} (`), library);
  });

  it("say that tokenizers is under the Apache License, and have that once", async () => {
    assert.match(await ofPackage("tokenizers"), /\nLicensed under the Apache License, Version 2\.0, /);
    const all = await thirdPartyNotices([], ["tokenizers", "@bufbuild/protobuf"]);
    assert.equal(all.match(/TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION/g)?.length, 1);
  });

  it("take a package's own text, by whatever name", async () => {
    assert.match(await ofPackage("punycode.js"), /\nCopyright Mathias Bynens/);
    assert.match(await ofPackage("commander"), /\nCopyright \(c\) 2011 TJ Holowaychuk/);
  });

  it("are not made without a text", async () => {
    const folder = await mkdtemp(join(tmpdir(), "griffin-"));
    try {
      await writeFile(join(folder, "package.json"), JSON.stringify({ version: "1.0.0", license: "MIT", author: "me" }));
      await assert.rejects(noticeOf(basename(folder), folder), /brings no licence text/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
