// What is shipped is named in .vscodeignore. A name that fits nothing any more would be left out without a word.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

describe("what .vscodeignore lets into a VSIX", () => {
  const lines = readFileSync(".vscodeignore", "utf8").split("\n");
  for (const pattern of lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1))) {
    it(`is there: ${pattern}`, () => {
      const folder = dirname(pattern);
      const fitting = new RegExp(`^${pattern.replaceAll(".", "\\.").replace(/\*+/g, ".*")}$`);
      const paths = readdirSync(folder).map((name) => (folder === "." ? name : `${folder}/${name}`));
      assert.ok(paths.some((path) => fitting.test(path)));
    });
  }
});
