import assert from "node:assert/strict";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import type { ToChat } from "../../src/extension/chat/chat";
import type { FilePlace } from "../../src/protocol/engine";
import type { AnswerEntry, ToPage } from "../../src/protocol/webview";
import { until } from "../support/until";
import { closeEverything, openFile, readyGriffin } from "./support";

const SHAPES = `/** The area of a trapezoid. */
export function trapezoidArea(a: number, b: number, height: number) {
  return ((a + b) / 2) * height;
}
`;

describe("chat view", () => {
  let api: Awaited<ReturnType<typeof readyGriffin>>;
  const told: ToPage[] = [];

  before(async () => {
    api = await readyGriffin();
    api.chat.onToPage.on((message) => told.push(message));
  });
  beforeEach(async () => {
    await vscode.commands.executeCommand("griffin.clearChat");
    told.length = 0;
  });
  afterEach(closeEverything);

  const send = (message: ToChat): void => api.chat.onFromPage.fire(message);

  function lastEntry(): AnswerEntry {
    api.chat.tellState();
    const state = told.at(-1)!;
    assert(state.type === "state");
    return state.entries.at(-1) as AnswerEntry;
  }

  /** A file of the workspace that the engine has read. */
  async function readFile(name: string, text: string): Promise<FilePlace> {
    await openFile(name, `${text}|`);
    await until(`${name} is known to the engine`, () => {
      send({ type: "findFiles", query: name });
      return told.some((message) => message.type === "files" && message.files.some(({ path }) => path.endsWith(name)));
    });
    const folder = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
    return { folder, path: `griffin-editor-tests/${name}`, startLine: 2, endLine: 3 };
  }

  it("opens, loads only its own files, and streams an answer", async () => {
    let isPageReady = false;
    api.chat.onFromPage.on(({ type }) => {
      isPageReady ||= type === "ready";
    });
    await vscode.commands.executeCommand("griffin.openChat");
    await until("the page's script has run", () => isPageReady);
    told.length = 0;
    await api.chat.ask("What does `return a + b` do?");
    assert.equal(told[0]!.type, "state");
    const last = told.at(-1)!;
    assert.ok(last.type === "answer" && !last.answering);
    assert.notEqual(last.entry.text.trim(), "");
  });

  it("finds what the question is about in the workspace, and opens it at the line", async () => {
    const place = await readFile("trapezoid.ts", SHAPES);
    // The engine knows of a file a moment before it has looked into it.
    await until("the place is found", async () => {
      const asked = api.chat.ask("How is the area of a trapezoid computed?");
      await until("the sources are there", () => lastEntry().sources.length > 0);
      api.chat.conversation.stop();
      await asked;
      return lastEntry().sources[0]!.path === place.path;
    });
    const [source] = lastEntry().sources;
    assert.match(source!.text!, /\/ 2\) \* height/);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    send({ type: "openPlace", place });
    await until("the file is open at the place", () => {
      const editor = vscode.window.activeTextEditor;
      return editor?.document.uri.fsPath.endsWith("trapezoid.ts") === true && editor.selection.start.line === 1;
    });
  });

  it("opens nothing outside of the workspace", async () => {
    const { folder } = await readFile("inside.ts", "export const inside = 1;\n");
    const allowed = await readFile("allowed.ts", "export const allowed = 1;\n");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    const outside = await mkdtemp(join(tmpdir(), "griffin-outside-"));
    await writeFile(join(outside, "outside.ts"), "outside");
    // On Windows, a link to a file takes rights that few users have.
    if (process.platform !== "win32") {
      await symlink(join(outside, "outside.ts"), join(folder!, "griffin-editor-tests", "link.ts"));
    }
    const at = { startLine: 1, endLine: 1 };
    const settings = vscode.workspace.getConfiguration("workbench.editor");
    // Otherwise one place would take the tab of another, and nobody could see that it was opened.
    await settings.update("enablePreview", false, vscode.ConfigurationTarget.Global);
    try {
      for (const place of [
        { folder: folder!, path: `../${basename(folder!)}/griffin-editor-tests/inside.ts`, ...at },
        { folder: folder!, path: "griffin-editor-tests/link.ts", ...at },
        { folder: outside, path: "outside.ts", ...at },
        { path: "/etc/hostname", ...at },
        allowed,
      ]) {
        send({ type: "openPlace", place });
      }
      const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
      await until("the allowed one is open", () => tabs().includes("allowed.ts"));
      assert.deepEqual(tabs(), ["allowed.ts"]);
    } finally {
      await settings.update("enablePreview", undefined, vscode.ConfigurationTarget.Global);
      await rm(outside, { recursive: true });
    }
  });

  it("refuses an ignored file that is attached by hand, and takes the selection", async () => {
    const { folder } = await readFile("trapezoid.ts", SHAPES);
    await vscode.workspace.fs.writeFile(
      vscode.Uri.file(join(folder!, "griffin-editor-tests/.env")),
      Buffer.from("A=1"),
    );
    const path = "griffin-editor-tests/.env";
    send({ type: "attachFile", file: { folder: folder!, path, name: path } });
    const editor = await openFile("select.ts", "|export const first = 1;\nexport const second = 2;\n");
    editor.selection = new vscode.Selection(1, 0, 2, 0);
    await vscode.commands.executeCommand("griffin.addSelectionToChat");
    const asked = api.chat.ask("What is this?");
    await until("the sources are there", () => lastEntry().sources.length > 0);
    api.chat.conversation.stop();
    await asked;
    const { refusals, sources } = lastEntry();
    assert.deepEqual(refusals, [
      `${path} was not used: its name looks like that of a key, credentials or another secret.`,
    ]);
    assert.equal(sources[0]!.text, "export const second = 2;");
    assert.deepEqual([sources[0]!.startLine, sources[0]!.reason], [2, "attached selection"]);
    api.chat.tellState();
    const state = told.at(-1)!;
    assert(state.type === "state");
    for (const { id } of state.chips.attachments) send({ type: "detach", id });
  });

  it("copies and inserts a block of code", async () => {
    const editor = await openFile("insert.ts", "const a = 1;\n|\n");
    send({ type: "copyCode", code: "const b = 2;" });
    await until("the code is copied", async () => (await vscode.env.clipboard.readText()) === "const b = 2;");
    send({ type: "insertCode", code: "const b = 2;\n" });
    await until("the code is inserted", () => editor.document.getText() === "const a = 1;\nconst b = 2;\n");
    assert.ok(editor.document.isDirty, "nothing is saved by itself");
  });

  it("inserts code into the notebook's cell that was worked on, and not into a file beside it", async () => {
    const beside = await openFile("beside.ts", "const a = 1;\n|");
    const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, "a = 1\n", "python");
    const notebook = await vscode.workspace.openNotebookDocument("jupyter-notebook", new vscode.NotebookData([cell]));
    await vscode.window.showNotebookDocument(notebook, { viewColumn: vscode.ViewColumn.Two });
    await vscode.commands.executeCommand("notebook.cell.edit");
    const { document } = notebook.cellAt(0);
    await until("the cell is edited", () => vscode.window.activeTextEditor?.document === document);
    await vscode.commands.executeCommand("griffin.openChat");
    send({ type: "insertCode", code: "b = 2\n" });
    await until("the code is inserted", () => document.getText().includes("b = 2"));
    send({ type: "applyCode", code: "b = 3\n" });
    // The engine answers in order: what was applied before would be shown before.
    const column = beside.viewColumn ?? vscode.ViewColumn.One;
    const { document: file } = await vscode.window.showTextDocument(beside.document, column);
    send({ type: "applyCode", code: "const b = 3;\n" });
    const changes = () =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .flatMap(({ input }) => (input instanceof vscode.TabInputTextDiff ? [input.original.toString()] : []));
    await until("a change of the file is shown", () => changes().length > 0);
    assert.deepEqual(changes(), [file.uri.toString()]);
    assert.equal(file.getText(), "const a = 1;\n");
    await vscode.window.showNotebookDocument(notebook, { viewColumn: vscode.ViewColumn.Two });
  });

  it("does not show a change that is not kept any more as an empty file", async () => {
    const change = vscode.Uri.from({ scheme: "griffin-proposed", path: "/a.ts", query: "999" });
    await assert.rejects(async () => vscode.workspace.openTextDocument(change));
  });

  it("shows a block of code as a change, and writes it when it is accepted", async () => {
    const editor = await openFile("apply.ts", `${SHAPES.replace("/ 2", "/ 3")}|`);
    const before = editor.document.getText();
    const diff = () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff;
    const code = SHAPES.split("\n").slice(1, 4).join("\n");

    send({ type: "applyCode", code });
    await until("the difference is shown", diff);
    assert.equal(editor.document.getText(), before, "nothing is written yet");
    await vscode.commands.executeCommand("griffin.discardChange");
    await until("the difference is closed", () => !diff());
    assert.equal(editor.document.getText(), before);

    await vscode.window.showTextDocument(editor.document);
    send({ type: "applyCode", code });
    await until("the difference is shown again", diff);
    await vscode.commands.executeCommand("griffin.acceptChange");
    await until("the change is written", () => editor.document.getText() === SHAPES);
    assert.ok(editor.document.isDirty, "nothing is saved by itself");
    await until("the difference is closed again", () => !diff());
    await vscode.commands.executeCommand("undo");
    await until("it can be undone", () => editor.document.getText() === before);
  });

  it("writes a change also when the language of what is shown was chosen anew", async () => {
    const editor = await openFile("language.ts", "const a = 1;\n|");
    const proposed = () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputTextDiff ? input.modified : undefined;
    };
    send({ type: "applyCode", code: "const b = 2;" });
    await until("the difference is shown", () => proposed() !== undefined);
    await vscode.languages.setTextDocumentLanguage(await vscode.workspace.openTextDocument(proposed()!), "plaintext");
    await vscode.commands.executeCommand("griffin.acceptChange");
    await until("the change is written", () => editor.document.getText().includes("const b = 2;"));
  });

  it("does not write a change of a text that is not there any more", async () => {
    const editor = await openFile("stale.ts", "const a = 1;\n|");
    send({ type: "applyCode", code: "const b = 2;" });
    await until(
      "the difference is shown",
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff,
    );
    const edit = new vscode.WorkspaceEdit();
    edit.insert(editor.document.uri, new vscode.Position(0, 0), "// newer\n");
    await vscode.workspace.applyEdit(edit);
    await vscode.commands.executeCommand("griffin.acceptChange");
    assert.equal(editor.document.getText(), "// newer\nconst a = 1;\n");
  });
});

describe("the model for VS Code's own chat", () => {
  it("answers, counts tokens and stops, as VS Code asks for it", async () => {
    const { languageModels } = await readyGriffin();
    const [model] = await languageModels.provideLanguageModelChatInformation({ silent: true });
    assert.equal(model!.name, "Griffin Code Small");
    assert.ok(model!.maxInputTokens > 0);
    const message = (text: string, role = vscode.LanguageModelChatMessageRole.User) => {
      return { role, name: undefined, content: [new vscode.LanguageModelTextPart(text)] };
    };
    assert.equal(await languageModels.provideTokenCount(model!, ""), 0);
    const count = await languageModels.provideTokenCount(model!, message("def add(a, b):"));
    assert.ok(count > 3 && count < 14, `${count}`);

    const source = new vscode.CancellationTokenSource();
    let text = "";
    const progress = {
      report: (part: unknown) => {
        assert.ok(part instanceof vscode.LanguageModelTextPart);
        text += part.value;
        // Enough seen.
        source.cancel();
      },
    };
    const messages = [message("What is a list?"), message("In Python.")];
    const options = { toolMode: vscode.LanguageModelChatToolMode.Auto };
    await languageModels.provideLanguageModelChatResponse(model!, messages, options, progress, source.token);
    assert.notEqual(text.trim(), "");
  });

  it("is in VS Code's list, where VS Code has one", async function () {
    if (vscode.lm?.registerLanguageModelChatProvider === undefined) this.skip();
    await readyGriffin();
    const names = async () => (await vscode.lm.selectChatModels({ vendor: "griffin-code" })).map(({ name }) => name);
    await until("it is listed", async () => (await names()).includes("Griffin Code Small"));
  });
});
