import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { binariesOf, TARGETS } from "../../../../tools/vsix/targets.mjs";

/** What the binding names of the libraries beside it. */
const LOADED = /libonnxruntime[.\d]*(?:\.so|\.dylib)[.\d]*|onnxruntime\.dll/g;

describe("the native binaries of a VSIX", () => {
  for (const target of TARGETS) {
    it(`are all that the binding loads, once: ${target.name}`, () => {
      const patterns = binariesOf(target);
      for (const pattern of patterns) assert.notDeepEqual(filesOf(pattern), [], pattern);
      const files = patterns.flatMap(filesOf);
      const names = files.map((file) => basename(file));
      const binding = files.find((file) => file.endsWith("onnxruntime_binding.node"))!;
      const loaded = readFileSync(binding, "latin1").match(LOADED);
      assert.ok(loaded, "the binding names no library");
      for (const name of loaded) assert.ok(names.includes(name), name);
      const sizes = files.map((file) => statSync(file).size);
      assert.equal(new Set(sizes).size, sizes.length, "the same file under two names");
    });
  }
});

/** The only wildcard is a star before an ending. */
function filesOf(pattern: string): string[] {
  const [exact, ending] = basename(pattern).split("*") as [string, string?];
  const names = readdirSync(dirname(pattern));
  const fitting = names.filter((name) => (ending === undefined ? name === exact : name.endsWith(ending)));
  return fitting.map((name) => `${dirname(pattern)}/${name}`);
}
