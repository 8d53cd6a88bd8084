// README.md is read in the repository and on the extension's page in VS Code, which shows pictures from the web alone, and
// opens addresses on the web and places on the page, but no files.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { packagedReadme } from "../../tools/vsix/packagedReadme.mjs";

const COMPANIONS = ["ARCHITECTURE.md", "CONTRIBUTING.md", "NUMBERS.md"];
const text = readFileSync("README.md", "utf8");
const links = linksIn(text);
const toFiles = links.filter(leadsToFile);

describe("README.md", () => {
  it("leads to files that are there", () => {
    assert.ok(toFiles.length > 5);
    assert.deepEqual(
      toFiles.filter(({ target }) => !existsSync(target)),
      [],
    );
  });

  it("has companions that lead to files that are there", () => {
    const targets = COMPANIONS.flatMap((file) => linksIn(readFileSync(file, "utf8")).filter(leadsToFile));
    assert.ok(targets.length > 5);
    assert.deepEqual(
      targets.filter(({ target }) => !existsSync(target)),
      [],
    );
  });

  it("names the files that it leads to, for where they cannot be opened", () => {
    assert.deepEqual(
      toFiles.filter(({ isPicture, words, target }) => !isPicture && words !== target),
      [],
    );
  });

  it("and other Markdown show every backslash, which Markdown drops before punctuation outside of code", () => {
    const manifest = JSON.parse(readFileSync("package.json", "utf8"));
    const markdown = [
      ...["README.md", "CHANGELOG.md", ...COMPANIONS].map((file) => readFileSync(file, "utf8")),
      ...markdownIn(manifest.contributes),
    ];
    assert.ok(markdown.length > 20);
    const withoutCode = markdown.map((each) => each.replace(/^```.*?^```|(`+).+?\1/gms, ""));
    assert.deepEqual(
      withoutCode.flatMap((each) => each.match(/^.*\\[\p{P}\p{S}\s].*$/gmu) ?? []),
      [],
    );
  });

  it("is shipped without pictures and links to files, and says so in its last line", () => {
    const shipped = packagedReadme(text);
    assert.ok(links.some(({ isPicture }) => isPicture));
    assert.deepEqual(linksIn(shipped).filter(leadsToFile), []);
    const wordsOf = (lines: string) => lines.split("\n").filter((line) => line !== "" && !line.startsWith("!"));
    const words = wordsOf(shipped);
    assert.match(words.pop()!, /^\*The files/);
    const unlinked = toFiles.reduce((all, { words, target }) => all.replace(`[${words}](${target})`, words), text);
    assert.deepEqual(words, wordsOf(unlinked), "nothing else is missing");
    assert.doesNotMatch(readFileSync(".vscodeignore", "utf8"), /screenshots|^!media\/\*|^!README/m);
  });

  it("names every command and every setting, and no others", () => {
    const { commands, configuration } = JSON.parse(readFileSync("package.json", "utf8")).contributes;
    const titles = commands.map(({ category, title }: Record<string, string>) => `${category}: ${title}`);
    const settings = configuration.flatMap(({ properties }: { properties: object }) => Object.keys(properties));
    const cells = [...text.matchAll(/^\| ((?:Griffin: |`griffin\.).+?) \|/gm)].flatMap(([, cell]) => cell!.split(", "));
    assert.deepEqual(cells.map((cell) => cell.replaceAll("`", "")).sort(), [...titles, ...settings].sort());
  });

  it("tells the defaults of numbers, switches and words as package.json has them", () => {
    const { configuration } = JSON.parse(readFileSync("package.json", "utf8")).contributes;
    const settings: [string, { default: unknown }][] = configuration.flatMap(({ properties }: { properties: object }) =>
      Object.entries(properties),
    );
    const told = settings.filter(([, { default: value }]) => typeof value !== "object" && value !== "");
    assert.ok(told.length > 5);
    const rows = told.map(([name, { default: value }]) => {
      return `| \`${name}\` | ${typeof value === "number" ? value.toLocaleString("en") : `\`${value}\``} | `;
    });
    assert.deepEqual(
      rows.filter((row) => !text.includes(`\n${row}`)),
      [],
    );
  });

  it("asks for the versions that package.json does", () => {
    const { engines } = JSON.parse(readFileSync("package.json", "utf8"));
    assert.ok(text.includes(`VS Code ${engines.vscode.replace(/^\^|\.0$/g, "")} or newer`));
    const [older, newer] = engines.node.match(/\d+\.\d+(?=\.0)/g);
    assert.ok(text.includes(`Node (${older}, or ${newer} or newer)`));
  });

  it("describes every subcommand of griffin, and no others", () => {
    const files = readdirSync("src/cli").filter((name) => name.endsWith(".ts"));
    const subcommands = files.flatMap((name) => namesIn(readFileSync(`src/cli/${name}`, "utf8"), /\.command\("(\w+)/g));
    const inTerminal = text.slice(text.indexOf("\n## In a terminal\n"), text.indexOf("\n## For developers\n"));
    assert.deepEqual(namesIn(inTerminal, /^griffin (\w+)/gm).sort(), subcommands.sort());
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

function linksIn(markdown: string) {
  return [...markdown.matchAll(/(!?)\[([^\]]+)\]\(([^)]+)\)/g)].map(([, mark, words, target]) => {
    return { isPicture: mark === "!", words: words!, target: target! };
  });
}

/** What package.json has VS Code show as Markdown; a walkthrough's steps have it in a plain `description`. */
function markdownIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const isMarkdown = /^markdown|^description$|^contents$/.test(key);
    return isMarkdown ? [inner].flat().filter((one) => typeof one === "string") : markdownIn(inner);
  });
}

function namesIn(lines: string, pattern: RegExp): string[] {
  return [...lines.matchAll(pattern)].map(([, name]) => name!);
}

function leadsToFile({ target }: { readonly target: string }): boolean {
  return !/^(https?:|#)/.test(target);
}

/** As GitHub and VS Code make it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}
