import assert from "node:assert/strict";
import { FrameKeeper } from "../../../../src/engine/completion/frameKeeper";
import type { LiveText } from "../../../../src/engine/completion/liveText";
import type { PromptFrame } from "../../../../src/engine/completion/promptFrame";
import type { LanguageModel } from "../../../../src/engine/model/languageModel";
import type { TokenId } from "../../../../src/engine/model/model";
import { Cancelled, undisturbed } from "../../../../src/engine/modelAccess";
import type { DocumentOffer, TrunkState } from "../../../../src/engine/repository/offer";
import type { Snippet, SnippetRequest } from "../../../../src/engine/snippets/snippet";
import { SnippetIndex } from "../../../../src/engine/snippets/snippetIndex";
import { FakeModel } from "../../../support/fakeModel";
import { stoppedAfter } from "../../../support/stoppedAfter";

const SPECIAL = { bos: 1, eos: 2, fimPrefix: 6, fimSuffix: 8, fileSeparator: 9 };
const NAMES = new Map(Object.entries({ bos: 1, prefix: 6, suffix: 8, file: 9 }).map(([name, id]) => [id, `<${name}>`]));

/** A token for each character; control tokens below ten. */
function languageModel(fillInTheMiddle: boolean, tokenOf = (c: string) => c.charCodeAt(0) + 10): LanguageModel {
  const tokenizer = { encode: async (text: string) => [...text].map(tokenOf) };
  const about = { tokens: SPECIAL, trained: { fillInTheMiddle } };
  return { model: new FakeModel(), tokenizer, about } as unknown as LanguageModel;
}

/** The fake model has logits for 64 tokens. */
const comparing = () => languageModel(false, (c) => 10 + (c.charCodeAt(0) % 50));

const shown = (tokens: readonly TokenId[]) =>
  tokens.map((id) => NAMES.get(id) ?? String.fromCharCode(id - 10)).join("");

/** "a|b": the text before and after the cursor. */
function live(text: string): LiveText {
  const [prefix, suffix] = text.split("|") as [string, string];
  return { path: "a.ts", languageId: "typescript", prefix, suffix };
}

const SNIPPET: Snippet = { path: "b.ts", startLine: 0, endLine: 1, text: "let b;", score: 1, reason: "similar" };

interface Offered {
  trunk?: TrunkState;
  snippets?: readonly Snippet[];
  stamp?: number;
  lines?: readonly string[];
}

function repository({ trunk, snippets = [SNIPPET], stamp = 1, lines = [] }: Offered = {}): DocumentOffer {
  const has = (path: string) => snippets.some((snippet) => snippet.path === path);
  const index = { retrieve: () => snippets, has, updateOf: () => stamp, linesOf: () => lines };
  return {
    path: "a.ts",
    snippets: index as unknown as NonNullable<DocumentOffer["snippets"]>,
    ...(trunk === undefined ? {} : { trunk }),
  };
}

async function trunk(lm: LanguageModel, tokens: number, epoch = 0): Promise<TrunkState> {
  const read = Array.from({ length: tokens }, (_, i) => i % 7);
  return { state: (await lm.model.forward(read, lm.model.emptyState, [])).state, epoch, renewal: 0 };
}

/** The cursor rests until the best frame is in use. */
async function restWith(keeper: FrameKeeper, text: LiveText, context: DocumentOffer): Promise<PromptFrame> {
  const frame = await keeper.atLeisure(text, context, undisturbed);
  keeper.use(frame);
  return frame;
}

describe("a prompt's frame", () => {
  const cases: readonly { it: string; fim: boolean; context?: DocumentOffer; text: string; frame: string }[] = [
    { it: "names the file", fim: false, text: "x|y", frame: "<bos>// a.ts\n" },
    {
      it: "puts snippets before it",
      fim: false,
      context: repository(),
      text: "x|y",
      frame: "<bos>// b.ts\nlet b;\n// a.ts\n",
    },
    {
      it: "tells a model that fills in the middle what follows",
      fim: true,
      text: "x|y\n",
      frame: "<bos><file>a.ts\n<suffix>y\n<prefix>",
    },
    {
      it: "does so after the snippets",
      fim: true,
      context: repository(),
      text: "x|y\n",
      frame: "<bos><file>b.ts\nlet b;\n<file>a.ts\n<suffix>y\n<prefix>",
    },
    { it: "says that nothing follows", fim: true, text: "x|", frame: "<bos><file>a.ts\n<suffix><prefix>" },
    { it: "tells blank lines too", fim: true, text: "x|\n\n", frame: "<bos><file>a.ts\n<suffix>\n\n<prefix>" },
    {
      it: "cuts a long suffix at a line's end",
      fim: true,
      text: `|${"abc\n".repeat(300)}`,
      frame: `<bos><file>a.ts\n<suffix>${"abc\n".repeat(200)}<prefix>`,
    },
  ];
  for (const { it: title, fim, context, text, frame } of cases) {
    it(title, async () => {
      const found = await new FrameKeeper(languageModel(fim)).now(live(text), context);
      assert.equal(shown(found.tokens), frame);
    });
  }

  it("gives a file without a name one, as every file had in training", async () => {
    const { path: _, ...unnamed } = live("x|");
    const frame = await new FrameKeeper(languageModel(true)).now({ ...unnamed, path: undefined }, undefined);
    assert.equal(shown(frame.tokens), "<bos><file>untitled.ts\n<suffix><prefix>");
    const plain = await new FrameKeeper(languageModel(false)).now({ ...unnamed, path: undefined }, undefined);
    assert.equal(shown(plain.tokens), "<bos>");
  });

  it("may be used, and is true, as long as all that it draws on may be known, and above such a text only", async () => {
    const lm = languageModel(false);
    const read = await trunk(lm, 50);
    const keeper = new FrameKeeper(lm);
    assert.ok(keeper.isAllowed(undefined), "there is none");
    assert.ok(!keeper.isTrueAt(live("x|"), undefined));
    await keeper.now(live("x|"), repository({ trunk: read }));
    for (const [context, isAllowed] of [
      [repository({ trunk: read }), true],
      [repository({ trunk: { ...read, epoch: 1 } }), false],
      [repository({ trunk: read, snippets: [] }), false],
      [undefined, false],
    ] as const) {
      assert.equal(keeper.isAllowed(context), isAllowed);
      assert.equal(keeper.isTrueAt(live("xy|"), context), isAllowed);
      assert.ok(!keeper.isTrueAt(live("y|"), context));
    }
    const without = new FrameKeeper(lm);
    await without.now(live("x|"), repository());
    assert.ok(without.isAllowed(repository({ trunk: read })), "it knows nothing of the trunk");
  });

  it("goes on from the repository's state without a second beginning", async () => {
    const lm = languageModel(false);
    const read = await trunk(lm, 50);
    const frame = await new FrameKeeper(lm).now(live("x|"), repository({ trunk: read, snippets: [] }));
    assert.equal(frame.base.state, read.state);
    assert.equal(shown(frame.tokens), "// a.ts\n");
  });

  it("does not go on from a state in which attention still sees the file as it was saved", async () => {
    const lm = languageModel(false);
    const read = await trunk(lm, 50);
    for (const [last, isUsed] of [
      ["a.ts", false],
      ["b.ts", true],
    ] as const) {
      const hasLately = (path: string) => path === last;
      const context = repository({ trunk: { ...read, hasLately }, snippets: [] });
      const keeper = new FrameKeeper(lm);
      assert.equal((await keeper.now(live("x|"), context)).base.choice === "trunk", isUsed, last);
      assert.equal((await restWith(keeper, live("x|"), context)).base.choice === "trunk", isUsed, `${last}, at rest`);
    }
  });

  it("keeps the state that it goes on from when the file is saved, and that is read", async () => {
    const lm = languageModel(false);
    const [before, after] = [await trunk(lm, 50), await trunk(lm, 55)];
    const hasLately = (path: string) => path === "a.ts";
    const saved = repository({ trunk: { ...after, hasLately } });
    const keeper = new FrameKeeper(lm);
    const frame = await restWith(keeper, live("x|"), repository({ trunk: before }));
    assert.equal(frame.base.state, before.state, "it is not used: the test shows nothing");
    assert.equal(await restWith(keeper, live("x|"), saved), frame);
    const elsewhere = await keeper.fork().now(live("y|"), saved);
    assert.equal(elsewhere.base.state, before.state);
    const renewed = await keeper.now(live("x|"), repository({ trunk: { ...after, epoch: 1, hasLately } }));
    assert.equal(renewed.base.choice, "empty", "it may not be used any more");
  });

  const kept: readonly { it: string; from: string; to: string; isKept: boolean }[] = [
    { it: "stays while text is typed", from: "a|\nz\n", to: "abc|\nz\n", isKept: true },
    { it: "stays when a bracket closes itself", from: "a|\nz\n", to: "a(|)\nz\n", isKept: true },
    { it: "stays when a tag closes itself", from: "<p|\nz\n", to: "<p>|</p>\nz\n", isKept: true },
    {
      it: "is renewed when the cursor goes up",
      from: `a\n${"b\n".repeat(200)}|z\n`,
      to: `a\n|${"b\n".repeat(200)}z\n`,
      isKept: false,
    },
    { it: "is renewed when the cursor goes down", from: "a|\nz\ny\n", to: "a\nz|\ny\n", isKept: false },
    { it: "is renewed when the cursor goes up a little", from: "a\nb\n|z\n", to: "a|\nb\nz\n", isKept: false },
    { it: "is renewed when the cursor leaves the end", from: "a\nb\n|", to: "a|\nb\n", isKept: false },
    { it: "is renewed when the same line comes below", from: "a\nb|\n", to: "a|\nb\n", isKept: false },
    { it: "stays when an editor closes a block", from: "a|", to: "a {\n  |\n}", isKept: true },
    { it: "stays when an import is added above", from: "a\nb(|)\nz\n", to: "import b\na\nb(|)\nz\n", isKept: true },
    { it: "stays when the text begins further down", from: "a\nb\nc|\nz\n", to: "b\ncd|\nz\n", isKept: true },
    { it: "stays when lines are typed at the end", from: "a\n|", to: "a\nb\nc|", isKept: true },
  ];
  for (const { it: title, from, to, isKept } of kept) {
    it(title, async () => {
      const keeper = new FrameKeeper(languageModel(true));
      const before = await keeper.now(live(from), undefined);
      assert.equal((await keeper.now(live(to), undefined)) === before, isKept);
    });
  }

  it("is renewed at leisure when the text begins otherwise", async () => {
    const keeper = new FrameKeeper(languageModel(true));
    const before = await restWith(keeper, live("a\nb|\nz\n"), repository({ snippets: [] }));
    const after = await restWith(keeper, live("import b\na\nb|\nz\n"), repository({ snippets: [] }));
    assert.notEqual(after, before);
    assert.equal(after.beginning, "import b\na\nb");
  });

  it("looks for definitions in what it does not tell of the text after the cursor, and for similar code farther below", async () => {
    const text = `x|${"abc\n".repeat(300)}`;
    for (const [fim, heldSuffix] of [
      [true, "abc\n".repeat(200)],
      [false, ""],
    ] as const) {
      let asked: object | undefined;
      const retrieve = ({ heldSuffix, nearSuffix }: SnippetRequest) => {
        asked = { heldSuffix, nearSuffix };
        return [];
      };
      const snippets = { retrieve } as unknown as NonNullable<DocumentOffer["snippets"]>;
      await new FrameKeeper(languageModel(fim)).now(live(text), { path: "a.ts", snippets });
      assert.deepEqual(asked, { heldSuffix, nearSuffix: "abc\n".repeat(200) });
    }
  });

  it("looks for snippets by the document's text in the editor, of which the prompt has a part", async () => {
    let asked: string | undefined;
    const retrieve = ({ document }: SnippetRequest) => {
      asked = document;
      return [];
    };
    const snippets = { retrieve } as unknown as NonNullable<DocumentOffer["snippets"]>;
    const text = { ...live("x|y"), document: 'import "./x"\r\nxy' };
    await new FrameKeeper(languageModel(true)).now(text, { path: "a.ts", snippets });
    assert.equal(asked, 'import "./x"\nxy');
  });

  it("keeps its snippets when only the text after the cursor is another", async () => {
    const lm = languageModel(true);
    const keeper = new FrameKeeper(lm);
    await keeper.now(live("a|\nz\n"), repository());
    const other = { ...SNIPPET, path: "c.ts" };
    const frame = await keeper.now(live("a|\ny\n"), repository({ snippets: [SNIPPET, other] }));
    assert.deepEqual(frame.snippets, [SNIPPET]);
    assert.equal(frame.after, "\ny\n");
  });

  it("is renewed at once when a snippet's file or the trunk may not be used any more", async () => {
    const lm = languageModel(false);
    const read = await trunk(lm, 50);
    const uses: readonly [string, DocumentOffer, DocumentOffer | undefined][] = [
      ["snippet", repository(), repository({ snippets: [] })],
      ["trunk off", repository({ trunk: read }), repository()],
      ["trunk's epoch", repository({ trunk: read }), repository({ trunk: { ...read, epoch: 1 } })],
      ["all", repository({ trunk: read }), undefined],
    ];
    for (const [what, before, after] of uses) {
      const keeper = new FrameKeeper(lm);
      const frame = await keeper.now(live("x|"), before);
      assert.notEqual(await keeper.now(live("x|"), after), frame, what);
    }
  });

  it("keeps its trunk while somebody waits, and takes a larger one at leisure", async () => {
    const lm = languageModel(false);
    const [small, large] = [await trunk(lm, 50), await trunk(lm, 80)];
    const keeper = new FrameKeeper(lm);
    const text = live("x|");
    const first = await restWith(keeper, text, repository({ trunk: small }));
    assert.equal(await keeper.now(text, repository({ trunk: large })), first);
    const later = await restWith(keeper, text, repository({ trunk: large }));
    assert.equal(later.base.state, large.state);
  });

  it("keeps its trunk at leisure, too, until it has grown by a quarter", async () => {
    const lm = comparing();
    const { runs } = lm.model as FakeModel;
    const [first, grown, large] = [await trunk(lm, 50), await trunk(lm, 60), await trunk(lm, 63)];
    const text = live(`${"let a = b;\n".repeat(40)}|`);
    const keeper = new FrameKeeper(lm);
    const frame = await restWith(keeper, text, repository({ trunk: first }));
    runs.length = 0;
    assert.equal(await restWith(keeper, text, repository({ trunk: grown })), frame);
    assert.equal(runs.length, 0);
    await restWith(keeper, text, repository({ trunk: large }));
    assert.ok(runs.length > 0);
  });

  it("takes a trunk that was read anew at leisure, though it is no larger", async () => {
    const lm = comparing();
    const [old, renewed] = [await trunk(lm, 50), { ...(await trunk(lm, 50)), renewal: 1 }];
    const keeper = new FrameKeeper(lm);
    const text = live(`${"let a = b;\n".repeat(40)}|`);
    const first = await restWith(keeper, text, repository({ trunk: old }));
    assert.equal(first.base.choice, "trunk", "it is not used: the test shows nothing");
    const known = keeper.now(text, repository({ trunk: renewed }));
    assert.notEqual((await known).base.state, renewed.state, "not while somebody waits");
    const { base } = await restWith(keeper, text, repository({ trunk: renewed }));
    assert.equal(base.state, renewed.state);
    assert.ok(base.isCompared);
    assert.doesNotMatch(base.reason, /NaN/);
  });

  it("asks the model as soon as there is text to ask it with", async () => {
    const lm = comparing();
    const context = repository({ trunk: await trunk(lm, 50) });
    const keeper = new FrameKeeper(lm);
    const opened = await restWith(keeper, live("|x"), context);
    assert.match(opened.base.reason, /not known yet/);
    const { base } = await keeper.atLeisure(live(`${"let a = b;\n".repeat(40)}|`), context, undisturbed);
    assert.match(base.reason, /bits a token with it/);
  });

  it("takes a snippet's new text at leisure when its file has changed", async () => {
    const keeper = new FrameKeeper(languageModel(true));
    const text = live("a|\nz\n");
    const before = await restWith(keeper, text, repository());
    assert.equal(await restWith(keeper, text, repository()), before);
    const saved = repository({ snippets: [{ ...SNIPPET }], stamp: 2, lines: ["let a;", "  let b; // here"] });
    assert.equal(await restWith(keeper, text, saved), before, "it still says the same");
    const changed = repository({
      snippets: [{ ...SNIPPET, text: "let b: number;" }],
      stamp: 3,
      lines: ["let b: number;"],
    });
    assert.equal(await keeper.now(text, changed), before, "somebody waits");
    const after = await restWith(keeper, text, changed);
    assert.equal(after.snippets[0]!.text, "let b: number;");
    assert.equal(await restWith(keeper, text, changed), after);
  });

  it("takes the definitions at leisure that the code has come to use, and keeps them", async () => {
    const index = new SnippetIndex();
    await index.update("log.ts", "export function log(line: string): void {\n  console.log(line);\n}\n");
    await index.update(
      "cart.ts",
      "export class Cart {\n  addItem(item: Item): void {\n    this.all.push(item);\n  }\n}\n",
    );
    index.recordEdits("log.ts", "", [{ offset: 0, deleted: 0, inserted: "e" }]);
    const context: DocumentOffer = { path: "a.ts", snippets: index };
    const keeper = new FrameKeeper(languageModel(true));
    const pathsOf = ({ snippets }: PromptFrame) => snippets.map(({ path }) => path);
    const first = await restWith(keeper, live("// The shop.\n|"), context);
    assert.deepEqual(pathsOf(first), ["log.ts"]);
    const using = 'import { Cart } from "./cart";\nconst cart = new Cart();\ncart.|';
    const second = await restWith(keeper, live(`// The shop.\n${using}`), context);
    assert.deepEqual(pathsOf(second).sort(), ["cart.ts", "log.ts"]);
    const typed = live(`// The shop.\n${using.replace("|", "addItem(item);\nlog(cart.|")}`);
    assert.equal(await restWith(keeper, typed, context), second);
  });

  it("asks the model which state makes the last lines likelier", async () => {
    const lm = comparing();
    const text = live(`${"some text of the file\n".repeat(4)}|`);
    const choices = new Set<PromptFrame["base"]["choice"]>();
    for (let tokens = 1; tokens < 12; tokens++) {
      const read = await trunk(lm, tokens);
      const { base } = await restWith(new FrameKeeper(lm), text, repository({ trunk: read }));
      choices.add(base.choice);
      const [withTrunk, without] = [...base.reason.matchAll(/\d+\.\d+/g)].map(Number) as [number, number];
      const gain = 1 - withTrunk / without;
      if (Math.abs(gain - 0.01) > 0.005) assert.equal(base.choice === "trunk", gain > 0.01, base.reason);
      assert.equal(base.state, base.choice === "trunk" ? read.state : lm.model.emptyState);
    }
    assert.equal(choices.size, 2, "one choice only: the test shows nothing");
  });

  it("stays until a better one is put to use, which is the same for as long as it is the better one", async () => {
    const lm = languageModel(true);
    const keeper = new FrameKeeper(lm);
    const text = live("a|\nz\n");
    const before = await restWith(keeper, text, repository());
    const changed = repository({
      snippets: [{ ...SNIPPET, text: "let b: number;" }],
      stamp: 2,
      lines: ["let b: number;"],
    });
    const better = await keeper.atLeisure(text, changed, undisturbed);
    assert.notEqual(better, before);
    const typed = live("ab|\nz\n");
    assert.equal(await keeper.now(typed, changed), before);
    assert.equal(await keeper.atLeisure(typed, changed, undisturbed, better), better);
    assert.notEqual(await keeper.atLeisure(live("ab|\ny\n"), changed, undisturbed, better), better, "another suffix");
    keeper.use(better);
    assert.equal(await keeper.now(typed, changed), better);
  });

  it("takes snippets of the new place along when it is renewed at leisure", async () => {
    const keeper = new FrameKeeper(languageModel(true));
    const lines = "b\n".repeat(40);
    await keeper.now(live(`a|\n${lines}z\n`), repository());
    const other = repository({ snippets: [{ ...SNIPPET, path: "c.ts" }, SNIPPET], stamp: 1, lines: ["let b;"] });
    const near = await keeper.now(live("a\nb\n|\nz\n"), other, false);
    assert.equal(near.snippets.length, 1, "run already");
    const far = await keeper.now(live(`a\n${lines}|z\n`), other, false);
    assert.equal(far.snippets.length, 2);
  });

  it("is compared in two rests where none of them is long enough for both halves", async () => {
    const lm = comparing();
    const { runs } = lm.model as FakeModel;
    const context = repository({ trunk: await trunk(lm, 50), snippets: [] });
    const lines = "let a = b;\n".repeat(40);
    const whole = await restWith(new FrameKeeper(lm), live(`${lines}|`), context);
    assert.ok(whole.base.isCompared);
    assert.doesNotMatch(whole.base.reason, /NaN/);
    runs.length = 0;
    const keeper = new FrameKeeper(lm);
    await assert.rejects(keeper.atLeisure(live(`${lines}|`), context, stoppedAfter(6)), Cancelled);
    assert.equal(runs.length, 6, "one half");
    // Somebody has typed, and the trunk has grown a little.
    const grown = { state: (await lm.model.forward([1, 2], context.trunk!.state, [])).state, epoch: 0, renewal: 0 };
    runs.length = 0;
    const { base } = await keeper.atLeisure(live(`${lines}let|`), { ...context, trunk: grown }, stoppedAfter(6));
    assert.equal(runs.length, 6, "the other");
    assert.equal(base.reason, whole.base.reason);
  });

  it("is compared from the beginning when the trunk is another one", async () => {
    const lm = comparing();
    const { runs } = lm.model as FakeModel;
    const text = live(`${"let a = b;\n".repeat(40)}|`);
    const first = await trunk(lm, 50);
    for (const other of [await trunk(lm, 50, 1), { ...first, renewal: 1 }, await trunk(lm, 80)]) {
      const keeper = new FrameKeeper(lm);
      const began = keeper.atLeisure(text, repository({ trunk: first }), stoppedAfter(6));
      await assert.rejects(began, Cancelled);
      runs.length = 0;
      await keeper.atLeisure(text, repository({ trunk: other }), undisturbed);
      assert.equal(runs.length, 12);
    }
  });
});
