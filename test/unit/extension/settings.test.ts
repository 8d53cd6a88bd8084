// What package.json promises of the settings: who may set what leads out of this machine, or to another model.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

interface Setting {
  readonly scope: string;
  readonly default: unknown;
}

const { contributes, capabilities } = JSON.parse(readFileSync("package.json", "utf8"));
const settings: Readonly<Record<string, Setting>> = Object.assign(
  {},
  ...contributes.configuration.map(({ properties }: { readonly properties: object }) => properties),
);
const restricted: readonly string[] = capabilities.untrustedWorkspaces.restrictedConfigurations;

describe("settings", () => {
  it("that choose who answers are not an untrusted workspace's, and name nobody by themselves", () => {
    for (const name of ["griffin.model.path", "griffin.chat.endpoint", "griffin.chat.endpointModel"]) {
      assert.equal(settings[name]?.scope, "machine-overridable", name);
      assert.equal(settings[name]?.default, "", name);
      assert.ok(restricted.includes(name), name);
    }
  });

  it("that restrict a workspace exist", () => {
    for (const name of restricted) assert.ok(name in settings, name);
  });

  it("are all read, and all that is read is there", () => {
    const read = [...readFileSync("src/extension/config.ts", "utf8").matchAll(/(?:read|inspect<.*>)\("([\w.]+)"/g)];
    assert.deepEqual(new Set(read.map(([, name]) => `griffin.${name}`)), new Set(Object.keys(settings)));
  });
});
