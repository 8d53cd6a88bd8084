import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { GriffinApi } from "../../src/extension/main";
import type { ContextNode } from "../../src/extension/repository/contextNode";
import type { ContextReport, FileReport } from "../../src/protocol/engine";
import { until } from "../support/until";
import { ask, askForItem, closeEverything, openFile, readyGriffin, UNFINISHED, untilReady } from "./support";

const SECRET = "hunter2-7f3a9c";

describe("the repository, as completions know it", () => {
  let api: GriffinApi;
  const root = vscode.workspace.workspaceFolders![0]!.uri;
  /** What may not be read, and beside it what may: when that is read, the others were looked at too. */
  const planted: Readonly<Record<string, string>> = {
    ".griffinignore": "plans/\n",
    ".env": `PASSWORD=${SECRET}\n`,
    id_rsa: `${SECRET}\n`,
    "keys/server.pem": `${SECRET}\n`,
    "plans/merger.py": `code_name = "${SECRET}"\n`,
    "planted.py": "def planted():\n    return 1\n",
  };

  before(async () => {
    // Before the engine reads anything, where this file is the first one; through the watcher, where it is not.
    for (const [path, text] of Object.entries(planted)) {
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(root, path), Buffer.from(text));
    }
    api = await readyGriffin();
  });

  afterEach(closeEverything);

  after(async () => {
    for (const path of Object.keys(planted)) await vscode.workspace.fs.delete(vscode.Uri.joinPath(root, path));
  });

  it("is read in the background, but for secrets", async () => {
    const pathsOf = ({ folders }: ContextReport): string[] => folders.flatMap(({ files }) => files.map((f) => f.path));
    const hasPlanted = (report: ContextReport): boolean => isRead(report) && pathsOf(report).includes("planted.py");
    const report = await untilReport(api, "the folder is read", hasPlanted);
    const paths = pathsOf(report);
    for (const path of ["geometry/shapes.py", "garden/watering.ts", "wordcount/main.go"]) {
      assert.ok(paths.includes(path), `${path} is among ${paths.join(", ")}`);
    }
    const everything = JSON.stringify(report);
    for (const hidden of [".env", "id_rsa", "server.pem", "merger", SECRET])
      assert.ok(!everything.includes(hidden), hidden);
  });

  it("is shown with what the last completion drew on", async () => {
    await askForItem(api, await openFile("subtract.py", UNFINISHED));
    const report = await untilReport(api, "there is a completion", ({ completion }) => completion !== undefined);
    assert.match(report.completion!.path ?? "", /subtract\.py$/);
    await vscode.commands.executeCommand("griffin.showContext");
    const [completion, sources, ...folders] = api.contextView.getChildren();
    assert.deepEqual([completion?.label, sources?.label, folders.length], ["Last completion", "Sources", 1]);
    const texts = textsOf(api, api.contextView.getChildren());
    assert.ok(
      texts.some((text) => /^shapes\.py \d+ tokens · read /.test(text)),
      texts.join("\n"),
    );
    assert.ok(!texts.join("\n").includes(SECRET) && !texts.some((text) => text.includes(".env")));
    // The chat came with it, and its own test waits for a page that loads.
    await vscode.commands.executeCommand("workbench.action.closeSidebar");
  });

  it("follows files that appear, change and go", async () => {
    const uri = vscode.Uri.joinPath(root, "geometry", "volumes.py");
    const write = (text: string) => vscode.workspace.fs.writeFile(uri, Buffer.from(text));
    const find = (report: ContextReport): FileReport | undefined =>
      report.folders[0]?.files.findLast(({ path }) => path === "geometry/volumes.py");
    await write("def cube_volume(side):\n    return side**3\n");
    const tokens = find(await untilReport(api, "the file is read", (report) => find(report) !== undefined))!.tokens;
    await write("def cube_volume(side):\n    return side**3\n\n\ndef box_volume(a, b, c):\n    return a * b * c\n");
    await untilReport(api, "the change is known", (report) => {
      const file = find(report);
      return file !== undefined && (file.isStale || file.tokens > tokens);
    });
    await vscode.workspace.fs.delete(uri);
    await untilReport(api, "the file has gone", (report) => isRead(report) && (find(report)?.isStale ?? true));
  });

  it("gives up a source that is switched off in the view, also after a restart, until it is switched on", async () => {
    const { Checked, Unchecked } = vscode.TreeItemCheckboxState;
    const check = (label: string, state: vscode.TreeItemCheckboxState): void => {
      const node = findNode(api, api.contextView.getChildren(), label);
      api.contextView.check([[node, state]]);
    };
    let asked = 0;
    /** Of a completion in a new file each time, to which no earlier one is of use; undefined where none came. */
    const snippets = async (): Promise<readonly string[] | undefined> => {
      const name = `griffin-editor-tests/doubled${++asked}.py`;
      await ask(
        api,
        await openFile(`doubled${asked}.py`, "from geometry.shapes import Rectangle\n\n\nx = Rectangle(|"),
      );
      const report = await api.contextView.refresh();
      return report?.completion?.path === name ? report.completion.snippets.map(({ path }) => path) : undefined;
    };
    const drawsOnShapes = async (): Promise<boolean> => (await snippets())?.includes("geometry/shapes.py") === true;
    const drawsOnNothing = async (): Promise<boolean> => (await snippets())?.length === 0;
    const tokensOfShapes = ({ folders }: ContextReport): number | undefined =>
      folders[0]?.files.find(({ path }) => path === "geometry/shapes.py")?.tokens;
    const isOff = (report: ContextReport): boolean => isRead(report) && tokensOfShapes(report) === 0;
    await untilReport(api, "the folder is read", isRead);
    // A completion does not wait for the grammar, which may have to be loaded first.
    await until("a completion draws on the file", drawsOnShapes);
    const labels = ["Related snippets", "shapes.py"];
    for (const label of labels) check(label, Unchecked);
    try {
      await untilReport(api, "the file is off", isOff);
      await until("a completion draws on no snippets", drawsOnNothing);
      await vscode.commands.executeCommand("griffin.restartEngine");
      await untilReady(api);
      await untilReport(api, "it is off in the next engine", isOff);
      await until("a completion draws on none in the next engine", drawsOnNothing);
      const node = findNode(api, api.contextView.getChildren(), "shapes.py");
      assert.deepEqual(api.contextView.getTreeItem(node).checkboxState, {
        state: Unchecked,
        tooltip: "Completions do not use this",
        accessibilityInformation: { label: "Use shapes.py" },
      });
    } finally {
      for (const label of labels) check(label, Checked);
    }
    await untilReport(api, "the file is on", (report) => isRead(report) && tokensOfShapes(report)! > 0);
    await until("a completion draws on the file again", drawsOnShapes);
  });

  it("opens a file that the model saw", async () => {
    await untilReport(api, "the folder is read", isRead);
    const item = api.contextView.getTreeItem(findNode(api, api.contextView.getChildren(), "shapes.py"));
    await vscode.commands.executeCommand(item.command!.command, ...item.command!.arguments!);
    await until("it is open", () => /shapes\.py$/.test(vscode.window.activeTextEditor?.document.fileName ?? ""));
  });
});

function isRead({ folders }: ContextReport): boolean {
  return folders.length === 1 && folders[0]!.progress.phase === "done";
}

async function untilReport(
  api: GriffinApi,
  what: string,
  isTrue: (report: ContextReport) => boolean,
): Promise<ContextReport> {
  const isWanted = (report: ContextReport | undefined) => report !== undefined && isTrue(report);
  return (await until(what, () => api.contextView.refresh(), isWanted))!;
}

/** What the view's lines say, with everything open. */
function textsOf(api: GriffinApi, nodes: readonly ContextNode[]): string[] {
  return nodes.flatMap((node) => {
    const { label, description } = api.contextView.getTreeItem(node);
    return [`${label} ${description ?? ""}`, ...textsOf(api, api.contextView.getChildren(node))];
  });
}

function findNode(api: GriffinApi, nodes: readonly ContextNode[], label: string): ContextNode {
  const search = (among: readonly ContextNode[]): ContextNode | undefined => {
    for (const node of among) {
      const found = node.label === label ? node : search(api.contextView.getChildren(node));
      if (found) return found;
    }
    return undefined;
  };
  const found = search(nodes);
  assert.ok(found, `${label} is in the view`);
  return found;
}
