// The walkthrough's steps lead somewhere: commands, views and pictures exist.

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { declaredCommands, manifest } from "../../support/manifest";

interface Step {
  readonly id: string;
  readonly description: string;
  readonly media: { readonly svg: string; readonly altText: string };
  readonly completionEvents: readonly string[];
}

const { contributes } = manifest;
const steps: readonly Step[] = contributes.walkthroughs.flatMap((one: { steps: readonly Step[] }) => one.steps);
const views = new Set<string>(contributes.views.griffin.map(({ id }: { id: string }) => id));
/** Not in the palette: runs when a completion is accepted. */
const ACCEPTED = /ACCEPTED_COMMAND = "([^"]+)"/.exec(
  readFileSync("src/extension/completion/completionProvider.ts", "utf8"),
)![1]!;

describe("the walkthrough", () => {
  it("shows the first completion, what the model saw, the chat and the choice of a model", () => {
    assert.deepEqual(
      steps.map(({ id }) => id),
      ["complete", "context", "chat", "model"],
    );
  });

  for (const { id, description, media, completionEvents } of steps) {
    it(`names only commands and views that exist: ${id}`, () => {
      const named = [...description.matchAll(/\(command:(?:toSide:)?([^)]+)\)/g)].map(([, command]) => command!);
      assert.ok(named.length > 0, "a step has something to click on");
      for (const command of named) assert.ok(declaredCommands.has(command), command);
      assert.ok(completionEvents.length > 0, "a step comes to its end");
      for (const event of completionEvents) {
        const [kind, what] = event.split(":") as [string, string];
        if (kind === "onCommand") assert.ok(declaredCommands.has(what) || what === ACCEPTED, event);
        else assert.ok(kind === "onView" && views.has(what), event);
      }
    });

    it(`has a small picture of its own: ${id}`, () => {
      assert.ok(statSync(media.svg).size < 10_000);
      const svg = readFileSync(media.svg, "utf8");
      assert.ok(svg.includes(`<title>${media.altText}</title>`));
      assert.ok(!/<script|href=|url\(|<image/.test(svg), "it loads nothing");
    });
  }

  it("takes the first step as done when a completion is accepted, and shows the example that it opens", () => {
    const { completionEvents, media } = steps.find(({ id }) => id === "complete")!;
    assert.deepEqual(completionEvents, [`onCommand:${ACCEPTED}`]);
    const example = /EXAMPLE = `([^`]+)`/.exec(
      readFileSync("src/extension/completion/completionCommands.ts", "utf8"),
    )![1]!;
    const drawn = readFileSync(media.svg, "utf8").replaceAll("&#160;", " ");
    for (const line of example.split("\n")) assert.ok(drawn.includes(line), line);
  });

  it("is in the package", () => assert.match(readFileSync(".vscodeignore", "utf8"), /^!media\/walkthrough\/\*$/m));
});
