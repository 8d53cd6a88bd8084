import assert from "node:assert/strict";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Documents } from "../../../src/engine/documents";
import { Cancelled } from "../../../src/engine/modelAccess";
import { OpenTexts } from "../../../src/engine/openTexts";
import { stoppedAfter } from "../../support/stoppedAfter";

describe("the texts of open documents", () => {
  function setUp() {
    const documents = new Documents();
    const texts = new OpenTexts(documents, 1);
    const told: string[] = [];
    const known = new Set(["a", "b"]);
    const taker = {
      useOpenText: async (uri: string, text: string) => {
        if (known.has(uri)) told.push(`${uri}: ${text}`);
        return known.has(uri);
      },
    };
    const open = (uri: string) => {
      documents.open({ uri, version: 1, languageId: "plaintext", text: "" });
      texts.changed(uri);
    };
    const edit = (uri: string, inserted: string) => {
      documents.get(uri)!.change(2, [{ offset: 0, deleted: 0, inserted }]);
      texts.changed(uri);
    };
    /** What is told when somebody asks. */
    const ask = async (but?: string) => {
      told.length = 0;
      if (but === undefined) await texts.tell(taker);
      else await texts.tellInPassing(taker, but);
      return [...told];
    };
    /** What is told while the cursor rests, until so many turns are over. */
    const rest = async (uri: string, turns = Infinity, howMuch: "some" | "all" = "all") => {
      told.length = 0;
      const end = texts.tellAtRest(taker, uri, howMuch, stoppedAfter(turns));
      if (turns === Infinity) await end;
      else await assert.rejects(end, Cancelled);
      return [...told];
    };
    return { documents, texts, taker, told, known, open, edit, ask, rest };
  }

  it("are told when the user is elsewhere, each once, as they are then", async () => {
    const { open, edit, ask } = setUp();
    for (const uri of ["a", "b"]) open(uri);
    await ask();
    edit("a", "1");
    edit("a", "2");
    assert.deepEqual(await ask("a"), []);
    assert.deepEqual(await ask("b"), ["a: 21"]);
    assert.deepEqual(await ask("b"), []);
  });

  it("are told of the document itself when the cursor rests, unless it is long", async () => {
    const { open, edit, ask, rest } = setUp();
    for (const uri of ["a", "b"]) open(uri);
    await ask();
    edit("a", "1");
    edit("b", "2");
    assert.deepEqual(await rest("a"), ["b: 2", "a: 1"]);
    assert.deepEqual(await rest("a"), []);
    edit("a", "1".repeat(50_000));
    edit("b", "3");
    assert.deepEqual(await rest("a"), ["b: 32"]);
  });

  it("are told one at a time when the cursor rests, the newest first: what a key leaves is told at the next rest", async () => {
    const { open, edit, rest } = setUp();
    for (const uri of ["a", "b"]) open(uri);
    edit("a", "1");
    assert.deepEqual(await rest("c", 1), ["a: 1"]);
    assert.deepEqual(await rest("c", 0), []);
    assert.deepEqual(await rest("c"), ["b: "]);
  });

  it("are told before a completion elsewhere, unless they are long: those are told when the cursor rests, and for a chat", async () => {
    const { open, edit, ask, rest } = setUp();
    for (const uri of ["a", "b"]) open(uri);
    await ask();
    for (const askLater of [() => rest("b"), () => ask()]) {
      edit("a", "1".repeat(50_001));
      assert.deepEqual(await ask("b"), []);
      assert.equal((await askLater()).length, 1);
      assert.deepEqual(await askLater(), []);
    }
  });

  it("are told before a completion as far as that takes no time, the newest first: all others when the cursor rests", async () => {
    const { open, edit, ask, rest, known } = setUp();
    for (const uri of ["c", "d", "a", "b", "unknown"]) open(uri);
    for (const uri of ["c", "d"]) known.add(uri);
    edit("unknown", "4".repeat(20_000));
    edit("c", "3".repeat(100));
    edit("a", "1".repeat(20_000));
    const names = (told: readonly string[]) => told.map((one) => one.slice(0, 1));
    assert.deepEqual(names(await ask("e")), ["a"]);
    edit("a", "1");
    assert.deepEqual(names(await ask("a")), ["c", "b", "d"]);
    edit("d", "2".repeat(6_000));
    edit("c", "3".repeat(6_000));
    edit("b", "2");
    assert.deepEqual(names(await ask("a")), ["b", "c"]);
    assert.deepEqual(names(await rest("a")), ["d", "a"]);
  });

  it("are told before the cursor's rest is used as far as that takes no time, the document itself last", async () => {
    const { open, edit, rest, known } = setUp();
    for (const uri of ["c", "d", "a", "b"]) open(uri);
    for (const uri of ["c", "d"]) known.add(uri);
    edit("d", "4".repeat(50_001));
    edit("c", "3".repeat(6_000));
    edit("b", "2".repeat(6_000));
    edit("a", "1");
    const some = async (uri: string) => (await rest(uri, Infinity, "some")).map((one) => one.slice(0, 1));
    assert.deepEqual(await some("a"), ["b", "c"]);
    assert.deepEqual(await some("a"), ["a"]);
    assert.deepEqual(await some("d"), []);
    assert.equal((await rest("a")).length, 1);
  });

  it("are told once their file is known", async () => {
    const { open, edit, ask, known } = setUp();
    open("c");
    edit("c", "1");
    assert.deepEqual(await ask(), []);
    known.add("c");
    assert.deepEqual(await ask(), ["c: 1"]);
  });

  it("keep nobody waiting for a disk that does not answer", async () => {
    const { texts, taker, open, told } = setUp();
    for (const uri of ["a", "b"]) open(uri);
    const useOpenText = (uri: string, text: string) =>
      uri === "a" ? new Promise<never>(() => {}) : taker.useOpenText(uri, text);
    await texts.tell({ ...taker, useOpenText });
    assert.deepEqual(told, ["b: "]);
  });

  it("are told again when the repository has taken the saved one", async () => {
    const { texts, open, edit, ask, known } = setUp();
    const uri = pathToFileURL("a.ts").href;
    known.add(uri);
    open(uri);
    edit(uri, "1");
    await ask();
    texts.savedTextTaken(resolve("a.ts"));
    texts.savedTextTaken(resolve("b.ts"));
    assert.deepEqual(await ask(), [`${uri}: 1`]);
  });

  it("are forgotten when they are closed", async () => {
    const { documents, open, edit, ask } = setUp();
    for (const uri of ["a", "b"]) open(uri);
    edit("a", "1");
    await ask();
    edit("b", "2");
    documents.close("b");
    assert.deepEqual(await ask(), []);
  });
});
