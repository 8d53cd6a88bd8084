// Who may import whom. ARCHITECTURE.md has the picture; this keeps it true.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, sep } from "node:path";

/** Folder of src/ → what its files may import: folders or files of src/, `node:`, and packages. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  protocol: ["protocol", "text"],
  text: ["text"],
  machine: ["machine", "protocol/modelJobs", "node:"],
  engine: ["engine", "machine", "protocol", "text", "node:", "@bufbuild/protobuf"],
  ghostText: ["ghostText", "protocol", "text"],
  cli: ["cli", "engine", "ghostText", "machine", "protocol", "text", "node:", "commander"],
  // Of the engine only the rules that know what a secret is, as the recorder must refuse what the model may not read, what patterns
  // exclude, the removal of saved states, which must not need an engine, whether a model's files are there, and what a conversion
  // would write.
  extension: [
    "extension",
    "ghostText",
    "machine",
    "protocol",
    "text",
    "engine/convert/conversionSizes",
    "engine/files/excludedPath",
    "engine/files/refusal",
    "engine/files/secretNames",
    "engine/files/secretText",
    "engine/model/modelFault",
    "engine/model/modelFolder",
    "engine/stateStore/clearing",
    "node:",
    "vscode",
  ],
  webview: ["webview", "protocol/webview", "protocol/engine", "text", "markdown-it"],
};

/** Packages that one file alone may import. */
const SOLE_IMPORTERS: Readonly<Record<string, string>> = {
  "onnxruntime-node": "engine/model/onnxRuntime.ts",
  tokenizers: "engine/model/tokenizer.ts",
  "@vscode/tree-sitter-wasm": "engine/snippets/grammars.ts",
  "@huggingface/hub": "extension/models/hub.ts",
  "eventsource-parser": "extension/chat/endpoint/completionStream.ts",
};

/** Node's modules that open sockets, and who may: requests go through one file, the engine opens none. */
const NETWORK: Readonly<Record<string, readonly string[]>> = {
  "node:http": ["extension/http.ts"],
  "node:https": ["extension/http.ts"],
  "node:http2": [],
  "node:net": [],
  "node:tls": [],
  "node:dgram": [],
};

/** Folders and single files of a layer: of each other, they import only those in earlier lines. `+` makes one of two. */
const ORDER: Readonly<Record<string, string>> = {
  engine: `
    fileUri  modelAccess  slices
    files
    model+graph
    documents  scheduler
    decoding  snippets  stateStore
    openTexts  exactMemory  convert  readingPace
    repository
    base
    completion  chat
    tuning
    loadLanguageModel  modelJobs
    server
    main`,
  extension: `
    cancellation  clock  emitter  http  innerPath  log  modelFaults  phrases  store  userFault
    newestOnly  throttle  documents
    settings
    say
    openPlace  engineProcess  secrets
    completion  repository  recording
    models  chat  status
    commands
    main`,
};

/** What these may know of the engine besides themselves. */
const KNOWING_LITTLE = [
  { what: "the model below all that is built on it", within: /^engine\/(model|graph)\//, below: /^$/ },
  {
    what: "the decoding know token ids and states only",
    within: /^engine\/decoding\//,
    below: /^engine\/(model\/(model|state)|modelAccess)$/,
  },
];

describe("layers of src/", () => {
  const files = sourceFiles();

  it("are all known here", () => {
    assert.deepEqual(layersOf(files).sort(), Object.keys(ALLOWED).sort());
  });

  for (const layer of layersOf(files)) {
    it(`${layer} imports only what it may`, () => {
      const forbidden = files
        .filter((file) => layerOf(file) === layer)
        .flatMap((file) => importsOf(file).map((target) => ({ file, target })))
        .filter(({ file, target }) => !mayImport(file, target));
      assert.deepEqual(forbidden, []);
    });
  }

  for (const { what, within, below } of KNOWING_LITTLE) {
    it(`have ${what}`, () => {
      const forbidden = files
        .filter((file) => within.test(file))
        .flatMap((file) => importsOf(file).map((target) => ({ file, target })))
        .filter(({ target }) => target.startsWith("engine/") && !within.test(target) && !below.test(target));
      assert.deepEqual(forbidden, []);
    });
  }

  for (const [layer, text] of Object.entries(ORDER)) {
    /** Of each part the number of its line, and what it is one with. */
    const places = new Map<string, { readonly line: number; readonly group: string }>();
    for (const [line, groups] of text.trim().split("\n").entries()) {
      for (const group of groups.trim().split(/\s+/)) {
        for (const part of group.split("+")) places.set(part, { line, group });
      }
    }

    it(`are also the parts of ${layer}: each imports those before it`, () => {
      const own = files.filter((file) => layerOf(file) === layer);
      assert.deepEqual([...new Set(own.map(partOf))].sort(), [...places.keys()].sort());
      const imports = own.flatMap((file) => importsOf(file).map((target) => ({ file, target })));
      const forbidden = imports.filter(({ file, target }) => {
        if (layerOf(target) !== layer) return false;
        const [from, to] = [places.get(partOf(file))!, places.get(partOf(target))!];
        return from.group !== to.group && from.line <= to.line;
      });
      assert.deepEqual(forbidden, []);
    });
  }

  it("have one file that opens sockets", () => {
    const forbidden = files
      .flatMap((file) => importsOf(file, /^import type .*$/gm).map((target) => ({ file, target })))
      .filter(({ file, target }) => NETWORK[target]?.includes(file) === false);
    assert.deepEqual(forbidden, []);
    // What needs no import. Methods may have these names.
    const global = /(?<![.\w]|\basync )(fetch|WebSocket|EventSource)\s*\(/;
    assert.deepEqual(
      files.filter((file) => global.test(textOf(file))),
      [],
    );
  });

  it("have one form of private members each", () => {
    // What a constructor's parameters keep is `private` everywhere, and stands further to the right.
    const isHard = (file: string) => ["engine", "cli", "ghostText"].includes(layerOf(file));
    const mixed = files.filter((file) =>
      (isHard(file) ? /^ {2}private (?!constructor)/m : /^ {2}[\w ]*#\w/m).test(textOf(file)),
    );
    assert.deepEqual(mixed, []);
  });

  it("have one file that shows messages, as VS Code makes links of commands in them", () => {
    const showing = files.filter((file) => /\bshow(Information|Warning|Error)Message\b/.test(textOf(file)));
    assert.deepEqual(showing, ["extension/say.ts"]);
  });
});

/** The folder of a layer that the file lies in, or its own name. */
function partOf(file: string): string {
  return file.split("/")[1]!.replace(/\.ts$/, "");
}

function layersOf(files: readonly string[]): string[] {
  return [...new Set(files.map(layerOf))];
}

function layerOf(file: string): string {
  return file.split("/")[0]!;
}

function mayImport(file: string, target: string): boolean {
  const soleImporter = SOLE_IMPORTERS[target];
  if (soleImporter) return file === soleImporter;
  const allowed = ALLOWED[layerOf(file)] ?? [];
  return allowed.some((name) => target === name || target.startsWith(name.endsWith(":") ? name : `${name}/`));
}

/**
 * Packages by name, files of the project by their path in src/.
 * @param leftOut what of the file does not count
 */
function importsOf(file: string, leftOut: RegExp | "" = ""): string[] {
  const text = textOf(file).replaceAll(leftOut, "");
  const specifiers = [...text.matchAll(/(?<!")(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*"([^"]+)"/g)].map(
    (match) => match[1]!,
  );
  return specifiers.map((name) => (name.startsWith(".") ? posix.join(posix.dirname(file), name) : name));
}

function textOf(file: string): string {
  return readFileSync(join("src", file), "utf8");
}

function sourceFiles(): string[] {
  const entries = readdirSync("src", { recursive: true, encoding: "utf8" });
  return entries.filter((path) => path.endsWith(".ts")).map((path) => path.split(sep).join("/"));
}
