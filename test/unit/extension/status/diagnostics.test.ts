import assert from "node:assert/strict";
import { type DiagnosticFacts, describeDiagnostics } from "../../../../src/extension/status/diagnostics";
import { declaredSettings } from "../../../support/manifest";

const FACTS: DiagnosticFacts = {
  versions: { extension: "0.1.0", editor: "1.139.0", node: "24.1.0" },
  machine: { platform: "linux-x64", processor: "Some CPU", cores: 2, memoryBytes: 24e9, freeBytes: 9e9 },
  engine: {
    type: "ready",
    model: {
      ...{ name: "small", displayName: "Small", instructionTuned: false, contextTokens: 32_768 },
      ...{ loadMs: 812, residentBytes: 400e6 },
    },
  },
  isBundledModel: true,
  isTrusted: true,
  report: { folders: [], residentBytes: 570e6 },
  settings: [],
  paths: [],
  modelNames: [],
};
const SECRET = "kestrel";

describe("diagnostics", () => {
  for (const [message, expected] of [
    ["The folder /Users/kestrel doe/My Models/acme holds no model.", "The folder <path> holds no model."],
    ["The folder /kestrel holds no model.", "The folder <path> holds no model."],
    ["C:\\kestrel cannot be opened: EPERM.", "<path> cannot be opened: EPERM."],
    ["\\\\server\\kestrel\\x is damaged.", "<path> is damaged."],
    ["weights.safetensors in C:\\Users\\kestrel doe\\m is damaged.", "weights.safetensors in <path> is damaged."],
    [
      "C:\\kestrel\\a.node is refused: install https://aka.ms/vs/17/release/vc_redist.x64.exe, then try again.",
      "<path> is refused: install https://aka.ms/vs/17/release/vc_redist.x64.exe, then try again.",
    ],
    ["The engine ended 3 times (last: exit code 1) and/or was stopped.", undefined],
  ] as const) {
    it(`take the paths out of "${message}"`, () => {
      const paths = ["/Users/kestrel doe", "/Users/kestrel doe/My Models/acme", "C:\\Users\\kestrel doe\\m"];
      const text = describeDiagnostics({ ...FACTS, engine: { type: "failed", message }, paths });
      assert.match(text, new RegExp(`- failed: ${(expected ?? message).replace(/[.()/]/g, "\\$&")}\n`));
    });
  }

  it("tell what runs where, and what is not there", () => {
    const text = describeDiagnostics(FACTS);
    assert.match(text, /Griffin Code 0\.1\.0, VS Code 1\.139\.0/);
    assert.match(text, /linux-x64, 2 × Some CPU/);
    assert.match(text, /Small, as bundled; ready after 812 ms/);
    assert.match(text, /trained to answer\n- 570 MB of memory\n/);
    assert.match(text, /## Last completion\n\n- none/);
    const { report: _, ...unanswered } = FACTS;
    assert.match(describeDiagnostics(unanswered), /## Repository\n\n- not known: the engine did not answer/);
    assert.match(describeDiagnostics({ ...FACTS, isBundledModel: false }), /- a model of the user's; ready/);
    assert.match(describeDiagnostics({ ...FACTS, machine: { ...FACTS.machine, remote: "wsl" } }), /\(wsl\)/);
    assert.match(describeDiagnostics({ ...FACTS, isTrusted: false }), /Restricted Mode/);
  });

  it("do not say what a model of the user's is called, also where it cannot be loaded", () => {
    const message =
      'kestrel weights.safetensors is missing from the model in /m/kestrel. The tokenizer of kestrel has 2 tokens. Run "Griffin: Repair a Model".';
    const text = describeDiagnostics({
      ...{ ...FACTS, isBundledModel: false, engine: { type: "failed", message } },
      ...{ paths: ["/m/kestrel"], modelNames: ["kestrel", "kestrel weights.safetensors"] },
    });
    const told =
      '<name> is missing from the model in <path>. The tokenizer of <name> has 2 tokens. Run "Griffin: Repair a Model".';
    assert.ok(text.includes(`- failed: ${told}`), text);
  });

  it("name no file, folder or address, wherever one stands", () => {
    const path = `/home/${SECRET}/${SECRET}.ts`;
    const text = describeDiagnostics({
      ...FACTS,
      engine: {
        type: "failed",
        message: `The model in "${path}" cannot be read, nor C:\\${SECRET}\\${SECRET}. Choose another.`,
      },
      report: {
        residentBytes: 6,
        folders: [
          {
            progress: { folder: path, phase: "failed", filesRead: 1, filesTotal: 2, tokens: 3, message: path },
            files: [{ path, tokens: 3, readAt: 0, isStale: false }],
            leftOut: { secret: 4 },
            memoryTokens: 5,
            readTokens: 3,
            isSaved: true,
          },
        ],
        completion: {
          uri: `file://${path}`,
          path,
          at: 0,
          base: { choice: "trunk", reason: path },
          snippets: [{ path, startLine: 1, endLine: 2, score: 1, reason: "similar" }],
          timing: {
            reusedTokens: 100,
            replayedTokens: 10,
            generatedTokens: 8,
            recalledTokens: 1,
            draftedTokens: 2,
            queueMs: 1,
            promptMs: 2,
            prefillMs: 30,
            decodeMs: 40,
          },
        },
      },
      document: {
        languageId: "typescript",
        lines: 12,
        scope: { type: "off", remedies: [], reason: `\`${path}\` is ignored.` },
      },
    });
    assert.doesNotMatch(text, new RegExp(SECRET));
    assert.match(text, /failed: 1 of 2 files, 3 tokens in the state; 5 tokens in the exact memory, 4 files left out/);
    assert.match(text, /from the repository's state, with 1 snippet/);
    assert.match(text, /100 tokens known, 10 run, 8 written/);
  });

  const settingLines = (name: string, value: unknown) => {
    const choices = declaredSettings[`griffin.${name}`]?.enum ?? [];
    const text = describeDiagnostics({ ...FACTS, settings: [{ name, value, choices }] });
    return text.split("Settings changed from their defaults\n\n")[1];
  };

  for (const name of Object.keys(declaredSettings)) {
    it(`name nothing that is written into ${name}`, () => {
      for (const value of [
        `/home/${SECRET}`,
        [SECRET],
        { [SECRET]: SECRET },
        { "*": SECRET },
        { [`${SECRET}/x`]: true, [`${SECRET}.ts`]: true },
      ]) {
        assert.doesNotMatch(settingLines(name.replace("griffin.", ""), value)!, new RegExp(SECRET));
      }
    });
  }

  for (const [name, value, told] of [
    ["engine.threads", 3, "`3`"],
    ["repository.read", false, "`false`"],
    ["completion.trigger", "manual", '`"manual"`'],
    ["enable", { "*": false, rust: true }, '`{"*":false,"rust":true}`'],
    ["enable", { cpp: true, "c#": true, "**/*.ts": false }, '`{"cpp":true,"c#":true}` and 1 more'],
    ["model.path", "/home/one", "set"],
    ["chat.endpointModel", "manual", "set"],
    ["new.path", "/home/one", "set"],
  ] as const) {
    it(`say of ${name}: ${JSON.stringify(value)}`, () => {
      assert.equal(settingLines(name, value), `- ${name}: ${told}\n`);
    });
  }
});
