import assert from "node:assert/strict";
import { DocumentMirror, type MirrorSource } from "../../../src/extension/documents/documentMirror";
import { EngineClient } from "../../../src/extension/engineProcess/engineClient";
import { EngineSupervisor } from "../../../src/extension/engineProcess/engineSupervisor";
import type { CompletionQuestion, SelectedEntry } from "../../../src/ghostText/completionQuestion";
import type { Suggestion } from "../../../src/ghostText/followedCompletion";
import { GhostText } from "../../../src/ghostText/ghostText";
import { cursorAfterKey } from "../../../src/ghostText/typedKey";
import type { CompleteResult } from "../../../src/protocol/engine";
import { applyEdit, type TextEdit } from "../../../src/text/edit";
import { FakeClock, settled } from "../../support/fakeClock";
import { FakeEngineProcess, success } from "../../support/fakeEngineProcess";
import { FakeLog } from "../../support/fakeLog";

/**
 * An editor with ghost text, a fake engine behind it, and a record of all that its user saw. As VS Code does, it asks
 * after each change, cancels the question before, and draws only what it is told for the present state.
 */
class FakeEditor {
  readonly clock = new FakeClock();
  readonly log = new FakeLog();
  /** What was on the screen, whenever that changed. Ghost text is in brackets. */
  readonly timeline: string[] = [];
  engine = new FakeEngineProcess();
  /** Asked and not answered. */
  openQuestions = 0;
  mode: "automatic" | "manual" = "automatic";
  hasSelection = false;
  isOnBattery = false;
  /** When VS Code gives up. */
  answerBy: number | undefined;
  /** Each change of why the last completion failed. */
  readonly failures: (string | undefined)[] = [];
  private text = "";
  private version = 1;
  private ghost = "";
  private question = new AbortController();
  private readonly supervisor: EngineSupervisor;
  private readonly mirror: DocumentMirror;
  private readonly ghostText: GhostText;

  constructor(isReady = true) {
    this.supervisor = new EngineSupervisor(
      () => {
        this.engine = new FakeEngineProcess();
        return this.engine;
      },
      () => ({ modelFolder: "", threads: 0 }),
      this.clock,
      this.log,
    );
    this.ghostText = new GhostText(
      new EngineClient(this.supervisor),
      this.clock,
      this.log,
      () => this.failures.push(this.ghostText.failure),
      () => this.isOnBattery,
    );
    this.mirror = new DocumentMirror(this.supervisor, this.log);
    this.supervisor.onReady.on(() => this.mirror.resendAll());
    this.supervisor.onReady.on(() => this.ghostText.engineStarted());
    this.mirror.open(sourceOf(() => ({ text: this.text, version: this.version })));
    this.supervisor.start();
    if (isReady) this.engine.getReady();
    this.draw();
  }

  /** Types one piece of text, as one edit, and lets no time pass. */
  type(inserted: string, selected?: Omit<SelectedEntry, "offset">): void {
    this.change({ offset: this.text.length, deleted: 0, inserted });
    this.ghost = "";
    this.ask(selected);
    this.draw();
  }

  /** Types, and waits for as long as the engine is not asked. */
  async typeAndRest(inserted: string, selected?: Omit<SelectedEntry, "offset">): Promise<void> {
    this.type(inserted, selected);
    await this.clock.advance(100);
  }

  /** Presses Enter between brackets, of which the closing one is not drawn: it comes to stand on the next line. */
  pressEnterBetweenBrackets(): void {
    this.change({ offset: this.text.length, deleted: 0, inserted: "\n  \n" });
    this.text = this.text.slice(0, -1);
    this.ghost = "";
    this.ask();
    this.draw();
  }

  /** Accepts the ghost text. */
  accept(): void {
    this.type(this.ghost);
  }

  /** Accepts the ghost text as VS Code writes it when the item begins `word` units before the cursor. */
  acceptFromWord(word: number): void {
    const offset = this.text.length - word;
    this.change({ offset, deleted: word, inserted: this.text.slice(offset) + this.ghost });
    this.ghost = "";
    this.ask();
    this.draw();
  }

  /** Closes the document and opens it again: it has become another, as long as the first, and VS Code counts anew. */
  reopen(text: string): void {
    this.leave();
    this.mirror.close(URI);
    this.ghostText.documentClosed(URI);
    this.text = text;
    this.ghost = "";
    this.mirror.open(sourceOf(() => ({ text: this.text, version: this.version })));
    this.ask();
    this.draw();
  }

  /** Switches a source off or on in the view. */
  switchSource(): void {
    this.ghostText.forget();
  }

  /** The cursor goes elsewhere: the question is cancelled and none comes. */
  leave(): void {
    this.question.abort();
  }

  /** The cursor comes to rest somewhere. */
  rest(offset: number): void {
    this.ghostText.cursorRests({ uri: URI, version: this.version, offset });
  }

  /** Changes the document without asking for a completion, as another extension may. */
  changeSilently(inserted: string, offset = 0): void {
    this.change({ offset, deleted: 0, inserted });
  }

  /** Changes another document, which nobody is looking at. */
  changeElsewhere(): void {
    this.ghostText.documentChanged("file:///b.ts", 7, [{ offset: 0, deleted: 0, inserted: "x" }]);
  }

  /** Types a key in another document, and VS Code has not asked yet. */
  pressKeyElsewhere(): void {
    this.changeElsewhere();
    const question = this.questionFor(undefined, "automatic");
    this.ghostText.keyTyped({ ...question, place: { uri: "file:///b.ts", version: 7, offset: 1 } });
  }

  /** Types, and VS Code has not asked yet. */
  changeAsTyped(inserted: string): void {
    this.leave();
    this.changeSilently(inserted, this.text.length);
  }

  /** Types a key, and VS Code has not asked yet: it tells of the change 50 ms before. */
  pressKey(inserted: string): void {
    const edit = { offset: this.text.length, deleted: 0, inserted };
    this.changeAsTyped(inserted);
    if (cursorAfterKey([edit]) !== undefined) this.ghostText.keyTyped(this.questionFor(undefined, "automatic"));
  }

  ask(selected?: Omit<SelectedEntry, "offset">, trigger: "automatic" | "invoke" = "automatic"): void {
    this.question.abort();
    this.question = new AbortController();
    const { signal } = this.question;
    const answer = this.ghostText.complete(this.questionFor(selected, trigger), signal);
    if (answer instanceof Promise) {
      this.openQuestions++;
      void answer.then((suggestion) => {
        this.openQuestions--;
        if (!signal.aborted) this.show(suggestion);
      });
    } else this.show(answer);
  }

  /** The engine has written all of this, and what follows from it has happened. */
  async answer(...written: Parameters<FakeEngineProcess["answer"]>): Promise<void> {
    this.engine.answer(...written);
    await settled();
  }

  /** Other suggestions are shown with the one that was asked for. */
  showBeside(...texts: string[]): void {
    this.ghostText.shownBeside(this.questionFor(undefined, "invoke"), texts);
  }

  private change(edit: TextEdit): void {
    this.text = applyEdit(this.text, edit);
    this.version++;
    this.mirror.change(URI, [edit]);
    this.ghostText.documentChanged(URI, this.version, [edit]);
  }

  private questionFor(
    selected: Omit<SelectedEntry, "offset"> | undefined,
    trigger: "automatic" | "invoke",
  ): CompletionQuestion {
    const version = this.version;
    const offset = this.text.length;
    return {
      trigger,
      mode: this.mode,
      isEnabled: true,
      hasSelection: this.hasSelection,
      lineBefore: this.text,
      lineAfter: "",
      place: { uri: URI, version, offset },
      ...(selected && { selected: { ...selected, offset: offset - selected.typed.length } }),
      ...(this.answerBy !== undefined && { answerBy: this.answerBy }),
      currentVersion: () => this.version,
      isMirrored: () => this.mirror.isMirrored(URI, version),
    };
  }

  private show(suggestion: Suggestion | undefined): void {
    this.ghost = suggestion?.text ?? "";
    this.draw();
  }

  private draw(): void {
    const drawn = this.ghost ? `${this.text}[${this.ghost}]` : this.text;
    if (drawn !== this.timeline.at(-1)) this.timeline.push(drawn);
  }
}

const URI = "file:///a.ts";

/** The text has been typed, and the engine was asked what comes behind it. */
async function asked(text = "foo", selected?: Omit<SelectedEntry, "offset">): Promise<FakeEditor> {
  const editor = new FakeEditor();
  await editor.typeAndRest(text, selected);
  return editor;
}

/** "foo" has been typed, and `text` stands behind it. */
async function suggested(text = "bar"): Promise<FakeEditor> {
  const editor = await asked();
  await editor.answer(text);
  return editor;
}

/** "foo" has been typed, and "bar" stands behind it, because it was asked for. */
async function suggestedOnRequest(mode: FakeEditor["mode"]): Promise<FakeEditor> {
  const editor = new FakeEditor();
  editor.mode = mode;
  editor.type("foo");
  editor.ask(undefined, "invoke");
  await editor.clock.advance(0);
  await editor.answer("bar");
  return editor;
}

function sourceOf(now: () => { text: string; version: number }): MirrorSource {
  return {
    uri: URI,
    languageId: "typescript",
    judgedPath: "a.ts",
    get version() {
      return now().version;
    },
    get length() {
      return now().text.length;
    },
    getText: () => now().text,
  };
}

describe("GhostText, as the user sees it", () => {
  it("asks, shows, follows what is typed as suggested, and asks again after something else", async () => {
    const editor = await suggested();
    editor.type("b");
    await editor.typeAndRest("i");
    await editor.answer("zz");
    assert.deepEqual(editor.timeline, ["", "foo", "foo[bar]", "foob[ar]", "foobi", "foobi[zz]"]);
    assert.equal(editor.engine.requests, 2);
  });

  it("answers what is typed as suggested at once and without the engine", async () => {
    const editor = await asked();
    await editor.answer("bar baz");
    for (const key of "bar b") editor.type(key);
    assert.equal(editor.timeline.at(-1), "foobar b[az]");
    await editor.clock.advance(1000);
    assert.equal(editor.engine.requests, 1);
  });

  describe("before VS Code asks", () => {
    /** "foo" is typed and asked about, and the user has looked at it. */
    async function resting(): Promise<FakeEditor> {
      const editor = await asked();
      editor.engine.answerNothing();
      await editor.clock.advance(2000);
      return editor;
    }

    for (const key of [".", " ", "()", "\n    "]) {
      it(`asks the engine at once after ${JSON.stringify(key)}, and once`, async () => {
        const editor = await resting();
        editor.pressKey(key);
        assert.equal(editor.engine.requests, 2);
        await editor.clock.advance(50);
        editor.ask();
        await editor.clock.advance(100);
        assert.equal(editor.engine.requests, 2);
        await editor.answer("bar");
        assert.equal(editor.timeline.at(-1), `foo${key}[bar]`);
      });
    }

    it("shows at once what is written by then", async () => {
      const editor = await resting();
      editor.pressKey(".");
      await editor.clock.advance(0);
      editor.engine.answer("bar");
      await editor.clock.advance(50);
      editor.ask();
      assert.equal(editor.timeline.at(-1), "foo.[bar]");
      assert.equal(editor.engine.requests, 2);
    });

    it("asks again where the engine failed", async () => {
      const editor = await resting();
      editor.pressKey(".");
      const result = { type: "failed", message: "Out of memory." } as const;
      editor.engine.say({ type: "result", of: "complete", id: editor.engine.asked!.id, result });
      await editor.clock.advance(50);
      editor.ask();
      await editor.clock.advance(100);
      assert.equal(editor.engine.requests, 3);
    });

    it("asks once where nothing comes of it", async () => {
      const editor = await resting();
      editor.pressKey(".");
      editor.engine.answerNothing();
      await editor.clock.advance(50);
      editor.ask();
      await editor.clock.advance(1000);
      assert.equal(editor.engine.requests, 2);
      assert.equal(editor.openQuestions, 0);
    });

    it("asks at once after the next key, too, where nothing came of one", async () => {
      const editor = await resting();
      for (const key of [".", " "]) {
        editor.pressKey(key);
        editor.engine.answerNothing();
        await editor.clock.advance(50);
        editor.ask();
        await editor.clock.advance(2000);
      }
      assert.equal(editor.engine.requests, 3);
    });

    it("asks at once after a key in another document, where nothing came of the one before", async () => {
      const editor = await resting();
      editor.pressKey(".");
      editor.engine.answerNothing();
      await editor.clock.advance(50);
      editor.ask();
      await editor.clock.advance(2000);
      editor.pressKeyElsewhere();
      assert.equal(editor.engine.requests, 3);
    });

    it("waits for what the user has asked for himself, where nothing came of it", async () => {
      const editor = await resting();
      editor.pressKey(".");
      editor.engine.answerNothing();
      await settled();
      editor.ask(undefined, "invoke");
      await editor.clock.advance(0);
      editor.engine.write("ba");
      editor.ask();
      await editor.clock.advance(1000);
      await editor.answer("bar");
      assert.equal(editor.timeline.at(-1), "foo.[bar]");
      assert.equal(editor.engine.requests, 3);
    });

    it("asks again where nothing came of it in a document that was closed and opened as another", async () => {
      const editor = await resting();
      editor.pressKey(".");
      editor.engine.answerNothing();
      await settled();
      editor.reopen("qux.");
      await editor.clock.advance(100);
      await editor.answer("bar");
      assert.equal(editor.timeline.at(-1), "qux.[bar]");
    });

    it("asks anew for the entry that the suggestion list has chosen by then", async () => {
      const editor = await resting();
      editor.pressKey(".");
      editor.ask({ deleted: 0, text: "map", typed: "" });
      await editor.clock.advance(100);
      assert.equal(editor.engine.requests, 3);
      assert.equal(editor.engine.asked?.params.selected?.text, "map");
    });

    it("asks nothing while what was asked for before may still say what is typed", async () => {
      const editor = await asked();
      editor.pressKey(".");
      assert.equal(editor.engine.requests, 1);
    });

    it("asks nothing within a word", async () => {
      const editor = await resting();
      editor.pressKey("x");
      assert.equal(editor.engine.requests, 1);
    });

    it("asks nothing where completions come by hand", async () => {
      const editor = await resting();
      editor.mode = "manual";
      editor.pressKey(".");
      assert.equal(editor.engine.requests, 1);
    });

    for (const [where, isOnBattery, asked] of [
      ["asks at once after a fast typist's key", false, 1],
      ["asks nothing after a fast typist's key on battery", true, 0],
    ] as const) {
      it(where, async () => {
        const editor = await resting();
        editor.isOnBattery = isOnBattery;
        for (const key of "abcdef") {
          editor.type(key);
          await editor.clock.advance(50);
          editor.engine.answerNothing();
        }
        const { requests } = editor.engine;
        editor.pressKey(".");
        assert.equal(editor.engine.requests, requests + asked);
        await editor.clock.advance(50);
        editor.ask();
        await editor.clock.advance(100);
        assert.equal(editor.engine.requests, requests + 1);
      });
    }

    it("asks nothing where VS Code has not asked after the key before", async () => {
      const editor = await resting();
      editor.pressKey(".");
      await editor.clock.advance(2000);
      editor.pressKey(" ");
      assert.equal(editor.engine.requests, 2);
    });
  });

  it("does not say in a document that was closed and opened again what it said before", async () => {
    const editor = await suggested();
    editor.reopen("qux");
    await editor.clock.advance(100);
    await editor.answer("!");
    assert.deepEqual(editor.timeline, ["", "foo", "foo[bar]", "qux", "qux[!]"]);
  });

  it("waits for a fast typist, and asks once at the end", async () => {
    const editor = new FakeEditor();
    for (const key of "const ") {
      editor.type(key);
      await editor.clock.advance(50);
    }
    assert.equal(editor.engine.requests, 1, "for the first key, before there was a pace");
    await editor.clock.advance(100);
    assert.equal(editor.engine.requests, 2);
    assert.equal(editor.engine.asked!.params.offset, 6);
  });

  it("does not wait when it was asked for", async () => {
    const editor = new FakeEditor();
    editor.type("foo");
    editor.ask(undefined, "invoke");
    await editor.clock.advance(0);
    assert.equal(editor.engine.asked!.params.trigger, "invoke");
  });

  it("keeps in sight what was asked for while it is typed, also where nothing comes by itself", async () => {
    const editor = await suggestedOnRequest("manual");
    assert.equal(editor.engine.askedAhead, undefined, "nothing would show it");
    editor.type("b");
    editor.type("x");
    assert.deepEqual(editor.timeline, ["", "foo", "foo[bar]", "foob[ar]", "foobx"]);
    assert.equal(editor.engine.requests, 1);
  });

  it("waits for what was asked for and is still being written when a key agrees with it", async () => {
    for (const [text, shown] of [
      ["bar", "foob[ar]"],
      ["car", "foob"],
    ]) {
      const editor = new FakeEditor();
      editor.mode = "manual";
      editor.type("foo");
      editor.ask(undefined, "invoke");
      await editor.clock.advance(0);
      editor.type("b");
      await editor.answer(text!);
      assert.equal(editor.timeline.at(-1), shown);
      assert.equal(editor.openQuestions, 0);
      assert.equal(editor.engine.requests, 1);
    }
  });

  it("goes on with what is shown beside it when the user does", async () => {
    const editor = await suggestedOnRequest("manual");
    editor.showBeside("car", "cats", "dog");
    for (const key of "catsx") editor.type(key);
    assert.deepEqual(editor.timeline.slice(2), [
      "foo[bar]",
      "fooc[ar]",
      "fooca[r]",
      "foocat[s]",
      "foocats",
      "foocatsx",
    ]);
    assert.equal(editor.engine.requests, 1);
  });

  it("does not go on with what was written ahead when what is shown beside it is accepted", async () => {
    const editor = await suggestedOnRequest("automatic");
    editor.showBeside("car");
    assert.equal(editor.engine.askedAhead?.params.selected?.text, "bar");
    editor.type("car");
    assert.equal(editor.engine.askedAhead, undefined);
    await editor.clock.advance(100);
    assert.equal(editor.engine.asked!.params.offset, 6);
  });

  it("follows nothing that was shown at another place", async () => {
    const editor = await suggestedOnRequest("manual");
    editor.changeSilently("// note\n");
    editor.showBeside("car");
    editor.type("c");
    assert.equal(editor.timeline.at(-1), "// note\nfooc");
  });

  it("goes on with what is shown when another document changes", async () => {
    const editor = await suggestedOnRequest("manual");
    editor.changeElsewhere();
    editor.type("b");
    assert.equal(editor.timeline.at(-1), "foob[ar]");
  });

  it("shows nothing of what came by itself where text is selected", async () => {
    const editor = await suggested();
    editor.hasSelection = true;
    editor.ask();
    assert.deepEqual(editor.timeline, ["", "foo", "foo[bar]", "foo"]);
  });

  it("sends the edit before the request that sees it", async () => {
    const editor = await asked();
    const { params } = editor.engine.asked!;
    assert.deepEqual(editor.engine.documents.get(URI), { version: params.version, text: "foo" });
  });

  it("drops an answer for a version that is gone", async () => {
    const editor = await asked();
    const request = editor.engine.asked!;
    editor.changeSilently("// note\n");
    assert.equal(editor.engine.asked, undefined, "it goes on with an answer that nobody can use");
    await editor.answer("bar", request);
    assert.deepEqual(editor.timeline, ["", "foo", "// note\nfoo"]);
  });

  it("shows nothing while the engine is starting, and asks when it is there", async () => {
    const editor = new FakeEditor(false);
    await editor.typeAndRest("foo");
    editor.engine.getReady();
    await editor.typeAndRest("l");
    await editor.answer("low");
    assert.deepEqual(editor.timeline, ["", "foo", "fool", "fool[low]"]);
  });

  it("lives through the engine's death: nothing shown, documents sent again, and the next key is answered", async () => {
    const editor = await asked();
    editor.engine.exit("signal SIGKILL");
    await editor.clock.advance(100);
    editor.engine.getReady();
    assert.deepEqual(editor.engine.documents.get(URI), { version: 2, text: "foo" });
    await editor.typeAndRest("d");
    await editor.answer(".eat()");
    assert.deepEqual(editor.timeline, ["", "foo", "food", "food[.eat()]"]);
  });

  it("offers nothing again of what the engine before said, which may have been another model", async () => {
    const editor = await suggested();
    editor.engine.exit("signal SIGKILL");
    await editor.clock.advance(100);
    editor.engine.getReady();
    await editor.typeAndRest("b");
    await editor.answer("ird");
    assert.deepEqual(editor.timeline, ["", "foo", "foo[bar]", "foob", "foob[ird]"]);
  });

  it("has nothing written ahead while there is no engine", async () => {
    const editor = await asked();
    editor.changeAsTyped("b");
    await editor.answer("bar");
    editor.engine.exit("signal SIGKILL");
    editor.ask();
    await settled();
    assert.equal(editor.timeline.at(-1), "foob[ar]");
    assert.deepEqual(editor.failures, []);
  });

  it("tells why the last completion failed, and logs it once, until one does not, or there is another engine", async () => {
    const editor = new FakeEditor();
    const end = async (result: CompleteResult) => {
      editor.type("x");
      await editor.clock.advance(1500);
      editor.engine.say({ type: "result", of: "complete", id: editor.engine.asked!.id, result });
      await settled();
    };
    const failed = { type: "failed", message: "Out of memory." } as const;
    await end(failed);
    await end(failed);
    assert.deepEqual(editor.failures, ["Out of memory."]);
    await end({ type: "empty", reason: "the model ended at once" });
    await end(failed);
    await end(success("bar"));
    await end(failed);
    editor.engine.exit("signal SIGKILL");
    await editor.clock.advance(10_000);
    editor.engine.getReady();
    const told = ["Out of memory.", undefined];
    assert.deepEqual(editor.failures, [...told, ...told, ...told]);
    const warnings = editor.log.lines.filter((line) => line.startsWith("warn: Completion"));
    assert.deepEqual(warnings, new Array(3).fill("warn: Completion failed: Out of memory."));
  });

  it("keeps the document's text out of the log", async () => {
    const editor = new FakeEditor();
    await editor.typeAndRest("secretWord");
    await editor.answer("otherSecret");
    assert.deepEqual(
      editor.log.lines.filter((line) => /secret/i.test(line)),
      [],
    );
  });

  describe("while the engine is writing", () => {
    /** An editor with `foo`, and an engine that has written `written` behind it. */
    async function writing(written: string): Promise<FakeEditor> {
      const editor = await asked();
      if (written !== "") editor.engine.write(written);
      return editor;
    }

    it("goes on when that is what the user types, and answers the new question", async () => {
      const editor = await writing("bar");
      editor.type("b");
      await editor.typeAndRest("a");
      editor.engine.write("(x)");
      await editor.answer("bar(x)");
      assert.deepEqual(editor.timeline, ["", "foo", "foob", "fooba", "fooba[r(x)]"]);
      assert.equal(editor.engine.requests, 1);
    });

    it("goes on for as long as it takes, for the question that replaces another at once", async () => {
      const editor = await writing("bar");
      editor.type("b");
      await editor.clock.advance(1000);
      await editor.answer("bar");
      assert.equal(editor.timeline.at(-1), "foob[ar]");
      assert.equal(editor.engine.requests, 1);
    });

    it("shows at once what was finished between two keys", async () => {
      const editor = await writing("bar");
      editor.changeAsTyped("b");
      await editor.answer("bar(x)");
      editor.ask();
      assert.deepEqual(editor.timeline, ["", "foo", "foob[ar(x)]"]);
      assert.equal(editor.engine.requests, 1);
      assert.equal(editor.engine.askedAhead?.params.selected?.text, "ar(x)");
    });

    it("ends at once when the user types something else", async () => {
      const editor = await writing("bar");
      editor.type("x");
      assert.equal(editor.engine.asked, undefined);
      assert.equal(editor.engine.receivedTypes().at(-1), "cancel");
      await editor.clock.advance(100);
      await editor.answer("yz");
      assert.deepEqual(editor.timeline, ["", "foo", "foox", "foox[yz]"]);
    });

    it("ends as soon as it writes something else than was typed meanwhile", async () => {
      const editor = await writing("");
      editor.changeAsTyped("x");
      assert.notEqual(editor.engine.asked, undefined, "nothing is known yet");
      editor.engine.write("b");
      assert.equal(editor.engine.asked, undefined);
    });

    it("waits for what is written while it waits for a fast typist anyway", async () => {
      const editor = await writing("");
      for (const key of "bar") {
        editor.type(key);
        await editor.clock.advance(50);
      }
      editor.engine.write("bar(");
      await editor.clock.advance(50);
      await editor.answer("bar(x)");
      assert.equal(editor.timeline.at(-1), "foobar[(x)]");
      assert.equal(editor.engine.requests, 1);
    });

    it("goes on when Enter is pressed between brackets, and leaves the last line break to the editor", async () => {
      const editor = await writing("\n  a");
      editor.pressEnterBetweenBrackets();
      await editor.answer("\n  a;\n");
      assert.equal(editor.timeline.at(-1), "foo\n  [a;]");
      assert.equal(editor.engine.requests, 1);
    });

    it("asks anew when the user is ahead of what is written", async () => {
      const editor = await writing("b");
      await editor.typeAndRest("ba");
      assert.equal(editor.engine.requests, 2);
      assert.equal(editor.engine.asked!.params.offset, 5);
      await editor.answer("r");
      assert.equal(editor.timeline.at(-1), "fooba[r]");
    });

    it("asks anew when in the end less is offered than was typed", async () => {
      const editor = await writing("bar # note");
      await editor.typeAndRest("bar");
      editor.engine.answer("bar");
      await editor.clock.advance(0);
      assert.equal(editor.engine.requests, 2);
      await editor.answer("()");
      assert.equal(editor.timeline.at(-1), "foobar[()]");
    });

    it("ends when nobody asks for it any more", async () => {
      const editor = await writing("bar");
      editor.leave();
      await editor.clock.advance(400);
      assert.notEqual(editor.engine.asked, undefined);
      await editor.clock.advance(200);
      assert.equal(editor.engine.asked, undefined);
    });

    it("ends when the cursor comes to rest elsewhere, and not while somebody waits for it", async () => {
      const editor = await writing("bar");
      editor.rest(0);
      assert.notEqual(editor.engine.asked, undefined);
      editor.leave();
      await settled();
      editor.rest(0);
      assert.equal(editor.engine.asked, undefined);
    });

    it("asks for nothing more when the cursor goes elsewhere", async () => {
      const editor = await writing("bar");
      await editor.typeAndRest("b");
      editor.leave();
      await editor.clock.advance(1000);
      assert.equal(editor.engine.requests, 1);
    });

    it("begins again when the user asks for it", async () => {
      const editor = await writing("bar");
      editor.ask(undefined, "invoke");
      await editor.clock.advance(0);
      assert.equal(editor.engine.requests, 2);
      assert.equal(editor.engine.asked!.params.trigger, "invoke");
    });

    it("answers each question once, also when the engine dies", async () => {
      const editor = await writing("bar");
      await editor.typeAndRest("b");
      editor.engine.exit("signal SIGKILL");
      await settled();
      assert.equal(editor.openQuestions, 0);
    });
  });

  describe("while VS Code holds its list of suggestions back", () => {
    /** The engine has been asked behind "foo", by a question that waits until then. */
    async function askedUntil(answerBy: number | undefined): Promise<FakeEditor> {
      const editor = new FakeEditor();
      editor.answerBy = answerBy;
      await editor.typeAndRest("foo");
      return editor;
    }

    const hurried = (editor: FakeEditor) => editor.engine.received.filter(({ type }) => type === "hurry");

    it("says until when an answer is of use", async () => {
      const editor = await askedUntil(500);
      assert.equal(editor.engine.asked!.params.answerBy, 500);
      assert.deepEqual(hurried(editor), []);
    });

    it("says so anew for what is being written when the user types on, and also that there is no hurry any more", async () => {
      const editor = await askedUntil(500);
      const { id } = editor.engine.asked!;
      editor.engine.write("bar");
      editor.answerBy = 600;
      await editor.typeAndRest("b");
      editor.answerBy = undefined;
      await editor.typeAndRest("a");
      assert.deepEqual(hurried(editor), [
        { type: "hurry", id, answerBy: 600 },
        { type: "hurry", id },
      ]);
    });

    it("says nothing where there is no hurry", async () => {
      const editor = await askedUntil(undefined);
      editor.engine.write("ba");
      await editor.typeAndRest("b");
      assert.deepEqual(hurried(editor), []);
    });

    it("shows what was written in time, and with the next key what was written since", async () => {
      const editor = await askedUntil(500);
      await editor.answer("bar", undefined, { isCutShort: true });
      assert.equal(editor.timeline.at(-1), "foo[bar]");
      await editor.answer("(x) + baz", editor.engine.askedAhead);
      editor.type("b");
      assert.equal(editor.timeline.at(-1), "foob[ar(x) + baz]");
      // What comes after all of that is not known yet.
      assert.equal(editor.engine.askedAhead!.params.selected!.text, "ar(x) + baz");
      for (const key of "ar(x") editor.type(key);
      assert.equal(editor.timeline.at(-1), "foobar(x[) + baz]");
      assert.equal(editor.engine.requests, 1);
    });

    it("shows a whole line as it is, whatever was written after it", async () => {
      const editor = await askedUntil(500);
      await editor.answer("bar");
      await editor.answer("\nbaz", editor.engine.askedAhead);
      editor.type("b");
      assert.equal(editor.timeline.at(-1), "foob[ar]");
    });

    it("has for the next key what came after VS Code had given up", async () => {
      const editor = await askedUntil(500);
      const { id } = editor.engine.asked!;
      await editor.clock.advance(650);
      editor.leave();
      await settled();
      assert.deepEqual(hurried(editor), [{ type: "hurry", id }], "all of it is written then");
      await editor.clock.advance(2000);
      await editor.answer("bar");
      assert.equal(editor.timeline.at(-1), "foo");
      editor.type("b");
      assert.equal(editor.timeline.at(-1), "foob[ar]");
      assert.equal(editor.engine.requests, 1);
    });

    it("asks for more than what was cut short when the user asks", async () => {
      const editor = await askedUntil(500);
      await editor.answer("bar", undefined, { isCutShort: true });
      editor.ask(undefined, "invoke");
      await editor.clock.advance(0);
      await editor.answer("bar(x) + baz");
      assert.equal(editor.timeline.at(-1), "foo[bar(x) + baz]");
      assert.equal(editor.engine.requests, 2);
    });

    it("does not cut short what the user has asked for, nor what the editor has closed a bracket behind", async () => {
      for (const [isAsked, key] of [
        [true, "b"],
        [false, "()"],
      ] as const) {
        const editor = await askedUntil(undefined);
        if (isAsked) editor.ask(undefined, "invoke");
        await editor.clock.advance(0);
        editor.engine.write(isAsked ? "bar" : "(x)");
        editor.answerBy = 600;
        await editor.typeAndRest(key);
        assert.deepEqual(hurried(editor), []);
      }
    });
  });

  describe("once it has suggested something", () => {
    it("lets the engine write what comes after it, for when nothing else is to be done", async () => {
      const editor = await suggested();
      const { params } = editor.engine.askedAhead!;
      assert.deepEqual(params.selected, { offset: 3, deleted: 0, text: "bar" });
      assert.equal(params.isSpeculative, true);
    });

    it("shows that at once when the suggestion is accepted", async () => {
      const editor = await suggested();
      await editor.answer("(x)", editor.engine.askedAhead);
      editor.accept();
      assert.deepEqual(editor.timeline, ["", "foo", "foo[bar]", "foobar[(x)]"]);
      assert.equal(editor.engine.requests, 1);
    });

    it("does so also in the middle of a word, which the accepted item repeats", async () => {
      const editor = await suggested();
      await editor.answer("(x)", editor.engine.askedAhead);
      editor.acceptFromWord(3);
      assert.deepEqual(editor.timeline, ["", "foo", "foo[bar]", "foobar[(x)]"]);
      assert.equal(editor.engine.requests, 1);
    });

    for (const word of [0, 3]) {
      it(`does so also when it is just a pair of brackets, accepted ${word} before the cursor`, async () => {
        const editor = await suggested("()");
        await editor.answer(";", editor.engine.askedAhead);
        editor.acceptFromWord(word);
        assert.deepEqual(editor.timeline, ["", "foo", "foo[()]", "foo()[;]"]);
        assert.equal(editor.engine.requests, 1);
      });
    }

    it("knows a pair of brackets as accepted also by what is typed behind it", async () => {
      const editor = await suggested("()");
      await editor.answer(";x", editor.engine.askedAhead);
      editor.changeAsTyped("()");
      editor.type(";");
      assert.deepEqual(editor.timeline.at(-1), "foo();[x]");
      assert.equal(editor.engine.requests, 1);
    });

    it("does so also when it was typed, and finished only then", async () => {
      const editor = await suggested();
      for (const key of "bar") editor.type(key);
      await editor.answer("(x)", editor.engine.askedAhead);
      editor.ask();
      assert.deepEqual(editor.timeline.slice(-3), ["fooba[r]", "foobar", "foobar[(x)]"]);
      assert.equal(editor.engine.requests, 1);
    });

    it("does so also when it is typed beyond, and finished only then", async () => {
      const editor = await suggested();
      for (const key of "bar(") editor.type(key);
      await editor.answer("(x)", editor.engine.askedAhead);
      editor.ask();
      assert.equal(editor.timeline.at(-1), "foobar([x)]");
    });

    it("shows it after no other suggestion", async () => {
      const editor = await suggested();
      await editor.answer("(x)", editor.engine.askedAhead);
      await editor.typeAndRest("l", { deleted: 1, text: "log", typed: "l" });
      await editor.answer(";");
      editor.type("og;");
      assert.equal(editor.timeline.at(-1), "foolog;");
    });

    for (const written of ["", "(x"]) {
      it(`waits for it where it is accepted when ${written.length} characters of it are written, and has it hurried`, async () => {
        const editor = await suggested();
        const ahead = editor.engine.askedAhead!;
        if (written !== "") editor.engine.write(written, ahead);
        editor.accept();
        assert.deepEqual(editor.engine.received.at(-1), { type: "hurry", id: ahead.id });
        await editor.clock.advance(1000);
        await editor.answer("(x)", ahead);
        assert.equal(editor.timeline.at(-1), "foobar[(x)]");
        assert.equal(editor.engine.requests, 1);
      });
    }

    it("asks no more where nothing came of it", async () => {
      const editor = await suggested();
      editor.engine.answerNothing(editor.engine.askedAhead);
      editor.accept();
      await editor.clock.advance(1000);
      assert.equal(editor.openQuestions, 0);
      assert.equal(editor.engine.requests, 1);
    });

    /** It is accepted, and nothing comes after it. */
    async function complete(text: string, isOnBattery = false): Promise<FakeEditor> {
      const editor = await suggested(text);
      editor.isOnBattery = isOnBattery;
      editor.engine.answerNothing(editor.engine.askedAhead);
      editor.accept();
      await settled();
      return editor;
    }

    it("lets the engine write the next line where nothing comes after it, and shows that at once after Enter", async () => {
      const editor = await complete("bar();");
      const ahead = editor.engine.askedAhead!;
      assert.deepEqual(ahead.params.selected, { offset: 9, deleted: 0, text: "\n" });
      assert.equal(ahead.params.extent.multiline, true);
      editor.ask();
      await editor.answer("baz();", ahead);
      editor.pressKey("\n");
      editor.ask();
      assert.equal(editor.timeline.at(-1), "foobar();\n[baz();]");
      assert.equal(editor.engine.requests, 1);
    });

    it("waits for the next line where Enter comes before it is written", async () => {
      const editor = await complete("bar();");
      const ahead = editor.engine.askedAhead!;
      editor.pressKey("\n");
      assert.deepEqual(editor.engine.received.at(-1), { type: "hurry", id: ahead.id });
      editor.ask();
      await editor.answer("baz();", ahead);
      assert.equal(editor.timeline.at(-1), "foobar();\n[baz();]");
      assert.equal(editor.engine.requests, 1);
    });

    it("ends the next line when something else is typed, also where the editor indents otherwise", async () => {
      for (const typed of [" ", "\n    "]) {
        const editor = await complete("bar();");
        editor.pressKey(typed);
        assert.equal(editor.engine.askedAhead, undefined);
        editor.ask();
        await editor.clock.advance(100);
        assert.equal(editor.engine.asked!.params.offset, 9 + typed.length);
      }
    });

    it("ends the next line when a key is typed in another document", async () => {
      const editor = await complete("bar();");
      assert.notEqual(editor.engine.askedAhead, undefined);
      editor.pressKeyElsewhere();
      assert.equal(editor.engine.askedAhead, undefined);
      assert.equal(editor.engine.asked!.params.uri, "file:///b.ts");
    });

    it("has no next line written after an open bracket, nor on battery", async () => {
      for (const editor of [await complete("bar("), await complete("bar();", true)]) {
        assert.deepEqual(editor.engine.askedAhead?.params.selected?.offset, 3);
      }
    });

    it("ends it when Enter between brackets puts a line break behind the suggestion, which stays, and asks for it anew", async () => {
      const editor = await suggested("\n  a;\n");
      assert.equal(editor.engine.askedAhead?.params.selected?.text, "\n  a;\n");
      editor.pressEnterBetweenBrackets();
      assert.equal(editor.timeline.at(-1), "foo\n  [a;]");
      assert.equal(editor.engine.askedAhead?.params.selected?.text, "a;");
      assert.equal(editor.engine.requests, 1);
    });

    it("ends it when something else is typed", async () => {
      const editor = await suggested();
      editor.type("x");
      assert.equal(editor.engine.askedAhead, undefined);
    });

    it("keeps it while the suggestion is typed, and asks for it once", async () => {
      const editor = await suggested();
      editor.type("b");
      editor.type("a");
      assert.equal(editor.engine.receivedTypes().filter((type) => type === "complete").length, 2);
      assert.notEqual(editor.engine.askedAhead, undefined);
    });
  });

  describe("when completions draw on something else", () => {
    it("asks again for what it has suggested, and for what it wrote ahead", async () => {
      const editor = await suggested();
      editor.switchSource();
      assert.equal(editor.engine.askedAhead, undefined);
      editor.ask();
      await editor.clock.advance(100);
      await editor.answer("baz");
      assert.deepEqual(editor.timeline, ["", "foo", "foo[bar]", "foo[baz]"]);
    });

    it("asks again where nothing came of the last key", async () => {
      const editor = new FakeEditor();
      editor.type("foo");
      await editor.clock.advance(1000);
      editor.engine.answerNothing();
      await settled();
      editor.pressKey(".");
      editor.engine.answerNothing();
      await settled();
      editor.switchSource();
      editor.ask();
      await editor.clock.advance(100);
      await editor.answer("bar");
      assert.equal(editor.timeline.at(-1), "foo.[bar]");
    });
  });

  describe("with the suggestion list open", () => {
    it("asks as if the chosen entry had been accepted, and offers what comes behind it", async () => {
      const editor = new FakeEditor();
      editor.type("console.");
      await editor.typeAndRest("l", { deleted: 1, text: "log", typed: "l" });
      assert.deepEqual(editor.engine.asked!.params.selected, { offset: 8, deleted: 1, text: "log" });
      await editor.answer("(x)");
      assert.equal(editor.timeline.at(-1), "console.l[(x)]");
    });

    it("answers at once when the entry says what the ghost text says", async () => {
      const editor = await asked("console.");
      await editor.answer("log(x)");
      editor.type("l", { deleted: 1, text: "log", typed: "l" });
      assert.equal(editor.timeline.at(-1), "console.l[(x)]");
      assert.equal(editor.engine.requests, 1);
    });

    for (const [what, entry] of [
      ["another word", { deleted: 1, text: "lag", typed: "l" }],
      ["all of it", { deleted: 1, text: "log", typed: "l" }],
      ["what is typed in other letters", { deleted: 1, text: "Log", typed: "l" }],
    ] as const) {
      it(`asks anew when the entry says ${what}`, async () => {
        const editor = await asked("console.");
        await editor.answer("log");
        await editor.typeAndRest("l", entry);
        assert.deepEqual(editor.engine.asked?.params.selected, { offset: 8, deleted: 1, text: entry.text });
        assert.equal(editor.timeline.at(-1), "console.l");
      });
    }

    it("answers once when the entry replaces what is typed", async () => {
      const editor = await asked("console.L", { deleted: 1, text: "log", typed: "L" });
      await editor.answer("(x)");
      assert.equal(editor.timeline.at(-1), "console.L[(x)]");
      editor.ask();
      await editor.clock.advance(100);
      assert.equal(editor.engine.requests, 2, "what was written for another text is no answer");
    });

    it("follows typing while what extends an entry is written", async () => {
      const editor = await asked("console.l", { deleted: 1, text: "log", typed: "l" });
      editor.engine.write("(x");
      await editor.typeAndRest("o");
      await editor.answer("(x)");
      assert.equal(editor.timeline.at(-1), "console.lo[g(x)]");
      assert.equal(editor.engine.requests, 1);
    });

    it("follows typing after an answer that extended an entry", async () => {
      const editor = await asked("console.l", { deleted: 1, text: "log", typed: "l" });
      await editor.answer("(x)");
      editor.type("o");
      assert.equal(editor.timeline.at(-1), "console.lo[g(x)]");
      assert.equal(editor.engine.requests, 1);
    });
  });
});
