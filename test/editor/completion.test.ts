import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { GriffinApi } from "../../src/extension/main";
import { until } from "../support/until";
import {
  ask,
  askForItem,
  closeEverything,
  openEditor,
  openFile,
  openFileOutside,
  readyGriffin,
  textWith,
  type,
  UNFINISHED,
} from "./support";

describe("completion", () => {
  let api: GriffinApi;

  before(async () => {
    api = await readyGriffin();
  });

  afterEach(closeEverything);

  it("comes from the model, in a buffer that was never saved", async () => {
    const editor = await openEditor(UNFINISHED);
    const [before, after] = UNFINISHED.split("|");
    const completed = textWith(editor.document, await askForItem(api, editor));
    assert.ok(completed.startsWith(before!) && completed.endsWith(after!), completed);
    assert.match(completed.slice(before!.length, -after!.length), /\S/);
  });

  it("comes in a file of the workspace", async () => {
    await askForItem(api, await openFile("subtract.py", UNFINISHED));
  });

  it("is drawn, and accepted with VS Code's own command", async () => {
    const editor = await openEditor(UNFINISHED);
    const completed = textWith(editor.document, await askForItem(api, editor));
    await vscode.commands.executeCommand("griffin.complete");
    await until("the ghost text can be accepted", () => {
      void vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
      return editor.document.getText() === completed;
    });
  });

  it("is accepted word by word with VS Code's own command, and the rest stays without asking the engine", async () => {
    const editor = await openEditor(UNFINISHED);
    const item = await askForItem(api, editor);
    const completed = textWith(editor.document, item);
    const [word] = /^\w+/.exec(String(item.insertText)) ?? assert.fail(String(item.insertText));
    const [before, after] = UNFINISHED.split("|");
    await vscode.commands.executeCommand("griffin.complete");
    await until("a word of the ghost text is accepted", async () => {
      // Before the ghost text is drawn, this does nothing.
      await vscode.commands.executeCommand("editor.action.inlineSuggest.acceptNextWord");
      return editor.document.getText() !== before! + after!;
    });
    assert.equal(editor.document.getText(), before! + word + after!);
    const items = ask(api, editor);
    assert.ok(Array.isArray(items), "an answer that is not a promise");
    assert.equal(textWith(editor.document, items[0]!), completed);
    await until("the rest of the ghost text is accepted", () => {
      void vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
      return editor.document.getText() === completed;
    });
  });

  it("is tried in an example, for the walkthrough", async () => {
    await vscode.commands.executeCommand("griffin.tryCompletion");
    const { document } = vscode.window.activeTextEditor!;
    const example = document.getText();
    assert.match(example, /return $/);
    await until("the ghost text is accepted", () => {
      void vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
      return document.getText() !== example && document.getText().startsWith(example);
    });
  });

  it("has others behind it for who asks, and VS Code's own command goes on to the next", async () => {
    const editor = await openEditor(UNFINISHED);
    const completed = textWith(editor.document, await askForItem(api, editor));
    let texts: string[] = [];
    await until("there are alternatives", async () => {
      const items = await ask(api, editor, { trigger: vscode.InlineCompletionTriggerKind.Invoke });
      texts = items.map((item) => textWith(editor.document, item));
      return texts.length > 1;
    });
    assert.equal(texts[0], completed);
    assert.equal(new Set(texts).size, texts.length);
    await vscode.commands.executeCommand("griffin.complete");
    await until("one of the others can be accepted", async () => {
      await vscode.commands.executeCommand("editor.action.inlineSuggest.showNext");
      await vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
      const text = editor.document.getText();
      // Too early, it was the first one.
      if (text === texts[0]) await vscode.commands.executeCommand("undo");
      return texts.indexOf(text) > 0;
    });
  });

  it("answers what is typed as suggested at once, without the engine", async () => {
    const editor = await openEditor(UNFINISHED);
    const item = await askForItem(api, editor);
    const completed = textWith(editor.document, item);
    // No bracket, which VS Code would close.
    const [keys] = /^[\w ]{1,3}/.exec(String(item.insertText)) ?? assert.fail(String(item.insertText));
    for (const key of keys) {
      await type(key);
      const items = ask(api, editor);
      assert.ok(Array.isArray(items), "an answer that is not a promise");
      assert.equal(textWith(editor.document, items[0]!), completed);
    }
  });

  it("begins at the word that is being typed, so that it stays valid while VS Code sees it typed", async () => {
    const lines = ["first", "second"].map((name) => `${name} = np.array(${name}_values)\n`);
    const editor = await openEditor(`import numpy as np\n\n${lines.join("")}third = np.arr|`);
    const { insertText, range } = await askForItem(api, editor);
    assert.match(String(insertText), /^arr./);
    assert.equal(editor.document.getText(range), "arr");
  });

  it("goes on when VS Code closes a bracket by itself, and is accepted over it", async () => {
    const calls = ["first", "second", "third"].map((name) => `${name} = compute_sum(a, b)\n`);
    const editor = await openFile("brackets.py", `${calls.join("")}fourth = compute|`);
    const completed = textWith(editor.document, await askForItem(api, editor));
    assert.match(completed, /fourth = compute_sum\(.+\)$/);
    for (const key of "_sum(") await type(key);
    assert.match(editor.document.getText(), /fourth = compute_sum\(\)$/, "VS Code has closed it");
    const items = ask(api, editor);
    assert.ok(Array.isArray(items), "answered at once");
    assert.equal(textWith(editor.document, items[0]!), completed);
    await vscode.commands.executeCommand("griffin.complete");
    await until("the ghost text is accepted", () => {
      void vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
      return editor.document.getText() === completed;
    });
  });

  it("finds its place in a file with \\r\\n, through edits of several lines", async () => {
    const editor = await openFileOutside("crlf.py", UNFINISHED.replaceAll("\n", "\r\n"));
    assert.equal(editor.document.eol, vscode.EndOfLine.CRLF);
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(0, 0), "# one\n# two\n\n");
      edit.replace(new vscode.Range(1, 11, 1, 16), "b + a\n");
    });
    assert.ok(api.isMirrored(editor.document));
    await askForItem(api, editor);
    await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.LF));
    assert.ok(api.isMirrored(editor.document), "also when the line ends change");
    await askForItem(api, editor);
  });

  it("of several lines gets the document's line ends", async () => {
    // Not in the workspace, where the files of other tests end in the middle of a line.
    const text = "def one(x):\r\n    return x\r\n\r\n\r\ndef two(x):\r\n    return x\r\n\r\n\r\ndef three(x):|\r\n";
    const editor = await openFileOutside("crlf-block.py", text);
    const [, line] = /^\n {4}(\S.*)/.exec(String((await askForItem(api, editor)).insertText)) ?? [];
    assert.ok(line, "one line more, in the text's own form");
    await vscode.commands.executeCommand("griffin.complete");
    await until("the ghost text can be accepted", () => {
      void vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
      return editor.document.getText().includes(`three(x):\r\n    ${line}`);
    });
    assert.ok(api.isMirrored(editor.document));
  });

  it("stays in step through undo and redo", async () => {
    const editor = await openEditor(UNFINISHED);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "# note 😀\n"));
    await vscode.commands.executeCommand("undo");
    await vscode.commands.executeCommand("redo");
    await vscode.commands.executeCommand("undo");
    assert.ok(api.isMirrored(editor.document));
    await askForItem(api, editor);
  });

  it("extends the entry that is chosen in the suggestion list, over exactly its range, or says nothing", async () => {
    const editor = await openEditor(UNFINISHED);
    const { active } = editor.selection;
    const range = new vscode.Range(active, active);
    const item = await askForItem(api, editor, { selected: { range, text: "a" } });
    assert.match(String(item.insertText), /^a./);
    assert.ok(item.range!.isEqual(range));
  });

  it("is not given where it is off, over a selection, or in the middle of other text", async () => {
    assert.deepEqual(await ask(api, await openEditor("The quick brown |", "plaintext")), []);
    assert.deepEqual(await ask(api, await openEditor("x = | + 1")), []);
    const editor = await openEditor(UNFINISHED);
    editor.selection = new vscode.Selection(0, 0, 0, 3);
    assert.deepEqual(await ask(api, editor), []);
  });

  it("is not given in a huge document, which says so, and the editor stays usable", async () => {
    const editor = await openFile("huge.json", `{"data": "${"x".repeat(3_000_000)}"}\n|`);
    assert.deepEqual(await ask(api, editor), []);
    assert.match(api.refusalOf(editor.document)!, /3\.0 million characters, and the limit is 2\.0/);
    await type("x");
    assert.match(editor.document.getText().slice(-2), /x/);
  });

  it("survives several cursors", async () => {
    const editor = await openEditor(`${UNFINISHED}\n\ndef multiply(a, b):\n    return \n`);
    const end = editor.document.lineAt(editor.document.lineCount - 2).range.end;
    editor.selections = [editor.selection, new vscode.Selection(end, end)];
    await type("a");
    assert.ok(api.isMirrored(editor.document));
    assert.ok(Array.isArray(await ask(api, editor)));
  });
});

describe("completion in a notebook", () => {
  it("comes in a cell", async () => {
    const api = await readyGriffin();
    const cell = (value: string): vscode.NotebookCellData =>
      new vscode.NotebookCellData(vscode.NotebookCellKind.Code, value, "python");
    const notebook = await vscode.workspace.openNotebookDocument(
      "jupyter-notebook",
      new vscode.NotebookData([cell("def add(a, b):\n    return a + b\n"), cell("def subtract(a, b):\n    return ")]),
    );
    const document = notebook.cellAt(1).document;
    const position = document.lineAt(1).range.end;
    const context = { triggerKind: vscode.InlineCompletionTriggerKind.Invoke, selectedCompletionInfo: undefined };
    const { token } = new vscode.CancellationTokenSource();
    const [item] = await api.provider.provideInlineCompletionItems(document, position, context, token);
    assert.ok(item);
    assert.match(String(item.insertText), /\S/);
  });
});
