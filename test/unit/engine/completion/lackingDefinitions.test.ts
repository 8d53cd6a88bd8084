import assert from "node:assert/strict";
import { lacksDefinitions } from "../../../../src/engine/completion/lackingDefinitions";
import type { Snippet, SnippetReason } from "../../../../src/engine/snippets/snippet";

/** "path score text", the lines of the text separated by "/". */
function snippet(described: string, reason: SnippetReason = "definition"): Snippet {
  const [, path, score, text] = /^(\S+) (\S+) (.*)$/.exec(described) as unknown as [string, string, string, string];
  return { path, startLine: 0, endLine: 1, text: text.replaceAll("/", "\n"), score: Number(score), reason };
}

const CART = "cart.ts 2 class Cart/    add(item)/    remove(item)/    clear()";

interface Case {
  readonly it: string;
  readonly held: readonly Snippet[];
  readonly related: readonly Snippet[];
  readonly line?: string;
  readonly lacks: boolean;
}

describe("a prompt's snippets lack definitions", () => {
  const cases: readonly Case[] = [
    {
      it: "where they have none of them",
      held: [snippet("log.ts 1 log()", "recently edited")],
      related: [snippet(CART)],
      lacks: true,
    },
    {
      it: "not where none are used",
      held: [snippet(CART)],
      related: [snippet("log.ts 1 log()", "similar")],
      lacks: false,
    },
    {
      it: "not for one that is only imported, or far away",
      held: [snippet(CART)],
      related: [snippet(CART), snippet("log.ts 0.5 log()", "import")],
      line: "cart.",
      lacks: false,
    },
    {
      it: "where those that they have are far away now",
      held: [snippet("log.ts 2 log()")],
      related: [snippet(CART), snippet("log.ts 0.5 log()")],
      lacks: true,
    },
    {
      it: "not for one more",
      held: [snippet(CART)],
      related: [snippet(CART), snippet("log.ts 2 log()")],
      lacks: false,
    },
    {
      it: "for one more after a dot, which may lead to it",
      held: [snippet(CART)],
      related: [snippet(CART), snippet("log.ts 2 log()")],
      line: "log.",
      lacks: true,
    },
    {
      it: "for one more after a dot in a line of its own",
      held: [snippet(CART)],
      related: [snippet(CART), snippet("log.ts 2 log()")],
      line: "log()\n  .",
      lacks: true,
    },
    {
      it: "not for one that is less likely after a dot",
      held: [snippet(CART)],
      related: [snippet(CART), snippet("log.ts 1 log()")],
      line: "log.",
      lacks: false,
    },
    {
      it: "not for another choice of a class's members",
      held: [snippet(CART)],
      related: [snippet("cart.ts 2 class Cart/    add(item)/    clear()/    total()")],
      line: "cart.",
      lacks: false,
    },
    {
      it: "for the members of a class of which only the name was told",
      held: [snippet("cart.ts 1 class Cart", "import")],
      related: [snippet(CART)],
      lacks: true,
    },
    {
      it: "not where similar code has them",
      held: [snippet("log.ts 1 export function log() {/  print();/}", "similar")],
      related: [snippet("log.ts 1 export function log()")],
      lacks: false,
    },
  ];
  for (const { it: title, held, related, line = "", lacks } of cases) {
    it(title, () => {
      const live = { path: "a.ts", languageId: "typescript", prefix: `a.b\n${line}`, suffix: "" };
      assert.equal(lacksDefinitions(held, related, live), lacks);
    });
  }
});
