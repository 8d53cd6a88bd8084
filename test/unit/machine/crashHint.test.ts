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

describe("what helps against the end of a process", () => {
  for (const [how, hint] of HINTS) {
    it(`is known for ${how}`, () => {
      assert.match(crashHint(how, "arm64") ?? "", hint);
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
      assert.equal(crashHint(how), undefined);
    });
  }
});
