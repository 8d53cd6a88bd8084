// README.md is read in the repository and on the extension's page in VS Code, which shows the pictures that are shipped and
// opens addresses on the web and places on the page, but no files.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

const text = readFileSync("README.md", "utf8");
const links = [...text.matchAll(/(!?)\[([^\]]+)\]\(([^)]+)\)/g)].map(([, mark, words, target]) => {
  return { isPicture: mark === "!", words: words!, target: target! };
});
const toFiles = links.filter(({ target }) => !/^(https?:|#)/.test(target));

describe("README.md", () => {
  it("leads to files that are there", () => {
    assert.ok(toFiles.length > 5);
    assert.deepEqual(
      toFiles.filter(({ target }) => !existsSync(target)),
      [],
    );
  });

  it("names the files that it leads to, for where they cannot be opened", () => {
    assert.deepEqual(
      toFiles.filter(({ isPicture, words, target }) => !isPicture && words !== target),
      [],
    );
  });

  it("shows pictures that are shipped", () => {
    const shipped = readFileSync(".vscodeignore", "utf8").split("\n");
    const pictures = toFiles.filter(({ isPicture }) => isPicture);
    assert.ok(pictures.length > 0);
    assert.deepEqual(
      pictures.filter(({ target }) => !shipped.includes(`!${dirname(target)}/*`)),
      [],
    );
  });

  it("names every command and every setting, and no others", () => {
    const { commands, configuration } = JSON.parse(readFileSync("package.json", "utf8")).contributes;
    const titles = commands.map(({ category, title }: Record<string, string>) => `${category}: ${title}`);
    const settings = configuration.flatMap(({ properties }: { properties: object }) => Object.keys(properties));
    const cells = [...text.matchAll(/^\| ((?:Griffin: |`griffin\.).+?) \|/gm)].flatMap(([, cell]) => cell!.split(", "));
    assert.deepEqual(cells.map((cell) => cell.replaceAll("`", "")).sort(), [...titles, ...settings].sort());
  });

  it("leads to headings that it has", () => {
    const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, words]) => anchorOf(words!));
    const targets = links.filter(({ target }) => target.startsWith("#")).map(({ target }) => target.slice(1));
    assert.ok(targets.length > 0);
    assert.deepEqual(
      targets.filter((target) => !headings.includes(target)),
      [],
    );
  });
});

/** As GitHub and VS Code make it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}
