import assert from "node:assert/strict";
import { DocumentMirror, type MirrorSource } from "../../../src/extension/documentMirror";
import { EngineClient } from "../../../src/extension/engineClient";
import { EngineSupervisor } from "../../../src/extension/engineSupervisor";
import {
  Completer,
  type CompletionQuestion,
  type SelectedEntry,
  type Suggestion,
} from "../../../src/ghostText/completer";
import { applyEdit } from "../../../src/text/edit";
import { FakeClock, settled } from "../../support/fakeClock";
import { FakeEngineProcess } from "../../support/fakeEngineProcess";
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
  private text = "";
  private version = 1;
  private ghost = "";
  private question = new AbortController();
  private readonly supervisor: EngineSupervisor;
  private readonly mirror: DocumentMirror;
  private readonly completer: Completer;

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
    this.completer = new Completer(new EngineClient(this.supervisor), this.clock, this.log);
    this.mirror = new DocumentMirror((message) => this.supervisor.send(message), this.log);
    this.supervisor.onStatus.on(({ type }) => type === "ready" && this.mirror.resendAll());
    this.mirror.open(sourceOf(() => ({ text: this.text, version: this.version })));
    this.supervisor.start();
    if (isReady) this.engine.getReady();
    this.draw();
  }

  /** Types one piece of text, as one edit, and lets no time pass. */
  type(inserted: string, selected?: Omit<SelectedEntry, "offset">): void {
    const edit = { offset: this.text.length, deleted: 0, inserted };
    this.text = applyEdit(this.text, edit);
    this.version++;
    this.mirror.change(URI, [edit]);
    this.completer.documentChanged(URI, this.version, [edit]);
    this.ghost = "";
    this.ask(selected);
    this.draw();
  }

  /** Changes the document without asking for a completion, as another extension may. */
  changeSilently(inserted: string): void {
    const edit = { offset: 0, deleted: 0, inserted };
    this.text = applyEdit(this.text, edit);
    this.version++;
    this.mirror.change(URI, [edit]);
    this.completer.documentChanged(URI, this.version, [edit]);
  }

  ask(selected?: Omit<SelectedEntry, "offset">, trigger: "automatic" | "invoke" = "automatic"): void {
    this.question.abort();
    this.question = new AbortController();
    const { signal } = this.question;
    const answer = this.completer.complete(this.questionFor(selected, trigger), signal);
    if (answer instanceof Promise) void answer.then((suggestion) => !signal.aborted && this.show(suggestion));
    else this.show(answer);
  }

  private questionFor(
    selected: Omit<SelectedEntry, "offset"> | undefined,
    trigger: "automatic" | "invoke",
  ): CompletionQuestion {
    const version = this.version;
    const offset = this.text.length;
    return {
      trigger,
      mode: "automatic",
      isEnabled: true,
      hasSelection: false,
      lineBefore: this.text,
      lineAfter: "",
      place: { uri: URI, version, offset },
      ...(selected && { selected: { ...selected, offset: offset - selected.typed.length } }),
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

function sourceOf(now: () => { text: string; version: number }): MirrorSource {
  return {
    uri: URI,
    languageId: "typescript",
    get version() {
      return now().version;
    },
    get length() {
      return now().text.length;
    },
    getText: () => now().text,
  };
}

const requests = (engine: FakeEngineProcess): number =>
  engine.receivedTypes().filter((type) => type === "complete").length;

describe("Completer, as the user sees it", () => {
  it("asks, shows, follows what is typed as suggested, and asks again after something else", async () => {
    const editor = new FakeEditor();
    editor.type("foo");
    await editor.clock.advance(100);
    editor.engine.answer("bar");
    await settled();
    editor.type("b");
    editor.type("i");
    await editor.clock.advance(100);
    editor.engine.answer("zz");
    await settled();
    assert.deepEqual(editor.timeline, ["", "foo", "foo[bar]", "foob[ar]", "foobi", "foobi[zz]"]);
    assert.equal(requests(editor.engine), 2);
  });

  it("answers what is typed as suggested at once and without the engine", async () => {
    const editor = new FakeEditor();
    editor.type("foo");
    await editor.clock.advance(100);
    editor.engine.answer("bar baz");
    await settled();
    for (const key of "bar b") editor.type(key);
    assert.equal(editor.timeline.at(-1), "foobar b[az]");
    await editor.clock.advance(1000);
    assert.equal(requests(editor.engine), 1);
  });

  it("waits for a fast typist, and asks once at the end", async () => {
    const editor = new FakeEditor();
    for (const key of "const ") {
      editor.type(key);
      await editor.clock.advance(50);
    }
    assert.equal(requests(editor.engine), 1, "for the first key, before there was a pace");
    await editor.clock.advance(100);
    assert.equal(requests(editor.engine), 2);
    assert.equal(editor.engine.asked!.params.offset, 6);
  });

  it("does not wait when it was asked for", async () => {
    const editor = new FakeEditor();
    editor.type("foo");
    editor.ask(undefined, "invoke");
    await editor.clock.advance(0);
    assert.equal(editor.engine.asked!.params.trigger, "invoke");
  });

  it("cancels the request under way when the user types on", async () => {
    const editor = new FakeEditor();
    editor.type("foo");
    await editor.clock.advance(100);
    editor.type("x");
    assert.equal(editor.engine.asked, undefined);
    assert.equal(editor.engine.receivedTypes().at(-1), "cancel");
  });

  it("sends the edit before the request that sees it", async () => {
    const editor = new FakeEditor();
    editor.type("foo");
    await editor.clock.advance(100);
    const { params } = editor.engine.asked!;
    assert.deepEqual(editor.engine.documents.get(URI), { version: params.version, text: "foo" });
  });

  it("drops an answer for a version that is gone", async () => {
    const editor = new FakeEditor();
    editor.type("foo");
    await editor.clock.advance(100);
    editor.changeSilently("// note\n");
    editor.engine.answer("bar");
    await settled();
    assert.deepEqual(editor.timeline, ["", "foo", "// note\nfoo"]);
  });

  it("shows nothing while the engine is starting, and asks when it is there", async () => {
    const editor = new FakeEditor(false);
    editor.type("foo");
    await editor.clock.advance(100);
    editor.engine.getReady();
    editor.type("l");
    await editor.clock.advance(100);
    editor.engine.answer("low");
    await settled();
    assert.deepEqual(editor.timeline, ["", "foo", "fool", "fool[low]"]);
  });

  it("lives through the engine's death: nothing shown, documents sent again, and the next key is answered", async () => {
    const editor = new FakeEditor();
    editor.type("foo");
    await editor.clock.advance(100);
    editor.engine.exit("signal SIGKILL");
    await editor.clock.advance(100);
    editor.engine.getReady();
    assert.deepEqual(editor.engine.documents.get(URI), { version: 2, text: "foo" });
    editor.type("d");
    await editor.clock.advance(100);
    editor.engine.answer(".eat()");
    await settled();
    assert.deepEqual(editor.timeline, ["", "foo", "food", "food[.eat()]"]);
  });

  it("logs the same failure once, not with every key", async () => {
    const editor = new FakeEditor();
    for (const key of "abc") {
      editor.type(key);
      await editor.clock.advance(1500);
      const { id } = editor.engine.asked!;
      editor.engine.say({ type: "completeResult", id, result: { type: "failed", message: "out of memory" } });
    }
    await settled();
    assert.deepEqual(
      editor.log.lines.filter((line) => line.startsWith("warn")),
      ["warn: Completion failed: out of memory"],
    );
  });

  it("keeps the document's text out of the log", async () => {
    const editor = new FakeEditor();
    editor.type("secretWord");
    await editor.clock.advance(100);
    editor.engine.answer("otherSecret");
    await settled();
    assert.deepEqual(
      editor.log.lines.filter((line) => /secret/i.test(line)),
      [],
    );
  });

  describe("with the suggestion list open", () => {
    it("asks as if the chosen entry had been accepted, and offers what comes behind it", async () => {
      const editor = new FakeEditor();
      editor.type("console.");
      editor.type("l", { deleted: 1, text: "log", typed: "l" });
      await editor.clock.advance(100);
      assert.deepEqual(editor.engine.asked!.params.selected, { offset: 8, deleted: 1, text: "log" });
      editor.engine.answer("(x)");
      await settled();
      assert.equal(editor.timeline.at(-1), "console.l[(x)]");
    });

    it("answers at once when the entry says what the ghost text says", async () => {
      const editor = new FakeEditor();
      editor.type("console.");
      await editor.clock.advance(100);
      editor.engine.answer("log(x)");
      await settled();
      editor.type("l", { deleted: 1, text: "log", typed: "l" });
      assert.equal(editor.timeline.at(-1), "console.l[(x)]");
      assert.equal(requests(editor.engine), 1);
    });

    it("follows typing after an answer that extended an entry", async () => {
      const editor = new FakeEditor();
      editor.type("console.l", { deleted: 1, text: "log", typed: "l" });
      await editor.clock.advance(100);
      editor.engine.answer("(x)");
      await settled();
      editor.type("o");
      assert.equal(editor.timeline.at(-1), "console.lo[g(x)]");
      assert.equal(requests(editor.engine), 1);
    });
  });
});
