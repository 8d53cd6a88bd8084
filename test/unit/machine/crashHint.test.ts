import assert from "node:assert/strict";
import { crashHint } from "../../../src/machine/crashHint";

const RUNTIME =
  /Visual C\+\+ runtime is missing or too old: install it from https:\/\/aka\.ms\/vs\/17\/release\/vc_redist\.arm64\.exe\.$/;
const PROCESSOR = /processor lacks instructions/;
const DISK = /network drive is disconnected\. Connect it again/;

const HINTS: readonly (readonly [string, RegExp])[] = [
  ["exit code 3221225477", RUNTIME],
  ["exit code 3221225781", RUNTIME],
  ["exit code 3221225785", RUNTIME],
  ["exit code 3221225501", PROCESSOR],
  ["signal SIGILL", PROCESSOR],
  ["SIGILL", PROCESSOR],
  ["exit code 3221225478", DISK],
  ["signal SIGBUS", DISK],
];

const ON_WINDOWS = { isAtStart: true, platform: "win32", arch: "arm64" } as const;

describe("what helps against the end of a process", () => {
  for (const [how, hint] of HINTS) {
    it(`is known for ${how}`, () => {
      assert.match(crashHint(how, ON_WINDOWS) ?? "", hint);
    });
  }

  for (const how of [
    "signal SIGKILL",
    "SIGABRT",
    "exit code 1",
    "exit code null",
    "it hung",
    "it could not be started: EACCES",
  ]) {
    it(`is not known for ${how}`, () => {
      assert.equal(crashHint(how, ON_WINDOWS), undefined);
    });
  }

  it("is not known where the program itself may be at fault", () => {
    assert.equal(crashHint("exit code 3221225477", { ...ON_WINDOWS, isAtStart: false }), undefined);
    assert.equal(crashHint("signal SIGBUS", { ...ON_WINDOWS, platform: "darwin" }), undefined);
    assert.match(crashHint("exit code 3221225781", { ...ON_WINDOWS, isAtStart: false }) ?? "", RUNTIME);
  });
});
