// The view of what the model saw: asks the engine for its report while somebody looks, and draws it as a tree.

import * as vscode from "vscode";
import type { ContextReport } from "../../protocol/engine";
import type { Clock } from "../clock";
import type { EngineClient } from "../engineProcess/engineClient";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import type { Log } from "../log";
import { openPlace } from "../openPlace";
import { Throttle } from "../throttle";
import type { ContextNode } from "./contextNode";
import { contextNodes } from "./contextNodes";
import type { RepositorySync } from "./repositorySync";
import type { SourceChoices } from "./sourceChoices";

/** A report of a large repository is a large message. */
const REFRESH_INTERVAL_MS = 1000;

/** "3 minutes ago" grows old. */
const REDRAW_INTERVAL_MS = 60_000;

/** Run by a click on a node. Not in the command palette. */
const OPEN_PLACE_COMMAND = "griffin.openContextPlace";

export interface ContextViewParts {
  readonly client: EngineClient;
  readonly choices: SourceChoices;
  readonly repository: RepositorySync;
  readonly supervisor: EngineSupervisor;
  readonly clock: Clock;
  readonly log: Log;
}

export class ContextView implements vscode.TreeDataProvider<ContextNode>, vscode.Disposable {
  static readonly id = "griffin.context";
  readonly onDidChangeTreeData: vscode.Event<undefined>;
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly view: vscode.TreeView<ContextNode>;
  private readonly refreshing: Throttle;
  private readonly subscriptions: vscode.Disposable[];
  private report: ContextReport | undefined;
  private cancelRedraw = () => {};

  constructor(private readonly parts: ContextViewParts) {
    const { repository, clock, supervisor } = parts;
    this.onDidChangeTreeData = this.changed.event;
    this.view = vscode.window.createTreeView(ContextView.id, {
      treeDataProvider: this,
      showCollapseAll: true,
      // A file that is off says nothing of its directory.
      manageCheckboxStateManually: true,
    });
    this.refreshing = new Throttle(clock, REFRESH_INTERVAL_MS, () => void this.refresh());
    const refresh = (): void => {
      if (this.view.visible) this.refreshing.request();
    };
    this.subscriptions = [
      this.view,
      this.changed,
      this.refreshing,
      this.view.onDidChangeVisibility(refresh),
      this.view.onDidChangeCheckboxState(({ items }) => this.check(items)),
      vscode.commands.registerCommand(
        OPEN_PLACE_COMMAND,
        ({ place }: ContextNode) => place && openPlace(place, parts.log),
      ),
    ];
    supervisor.onMessage.on((message) => {
      const isNews = message.type === "result" && message.of === "complete" && message.result.type === "success";
      if (isNews || message.type === "reading") refresh();
    });
    supervisor.onStatus.on(({ type }) => type === "ready" && refresh());
    repository.onPlan.on(() => this.showRefusal());
    this.showRefusal();
    this.redrawLater();
  }

  dispose(): void {
    this.cancelRedraw();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Asks the engine, and draws what it says. An engine that is not there leaves what was drawn. */
  async refresh(): Promise<ContextReport | undefined> {
    const result = await this.parts.client.report();
    if (result.type !== "success") return undefined;
    this.report = result.report;
    this.changed.fire(undefined);
    return result.report;
  }

  getChildren(node?: ContextNode): ContextNode[] {
    return node ? [...(node.children?.() ?? [])] : this.roots();
  }

  getTreeItem(node: ContextNode): vscode.TreeItem {
    const item = new vscode.TreeItem(node.label, collapsibleState(node));
    item.id = node.id;
    item.description = node.description ?? false;
    // The side bar is narrow.
    item.tooltip = node.tooltip ?? [node.label, ...(node.description ? [node.description] : [])].join(": ");
    item.accessibilityInformation = { label: spoken(node) };
    if (node.icon) item.iconPath = new vscode.ThemeIcon(node.icon);
    if (node.place) {
      const { folder, path } = node.place;
      if (!node.icon) item.iconPath = vscode.ThemeIcon.File;
      if (folder !== undefined) item.resourceUri = vscode.Uri.joinPath(vscode.Uri.file(folder), path);
      item.command = { command: OPEN_PLACE_COMMAND, title: "Open", arguments: [node] };
    }
    if (node.source) {
      const { Checked, Unchecked } = vscode.TreeItemCheckboxState;
      const isEnabled = this.parts.choices.isEnabled(node.source);
      item.checkboxState = {
        state: isEnabled ? Checked : Unchecked,
        tooltip: isEnabled ? "Completions may use this" : "Completions do not use this",
        accessibilityInformation: { label: `Use ${node.label}` },
      };
    }
    return item;
  }

  /** Switches sources on and off, as a click on a check mark does. */
  check(items: readonly (readonly [ContextNode, vscode.TreeItemCheckboxState])[]): void {
    for (const [{ source }, state] of items) {
      if (source) this.parts.choices.use(source, state === vscode.TreeItemCheckboxState.Checked);
    }
    // A file may have several nodes, and an engine that is not there draws none of them anew.
    this.changed.fire(undefined);
    void this.refresh();
  }

  private roots(): ContextNode[] {
    if (!this.report) return [];
    const folders = this.parts.repository.plan.workspace.folders.map(({ name, path }) => [path, name]);
    return contextNodes(this.report, Date.now(), Object.fromEntries(folders));
  }

  private redrawLater(): void {
    this.cancelRedraw = this.parts.clock.after(REDRAW_INTERVAL_MS, () => {
      if (this.view.visible) this.changed.fire(undefined);
      this.redrawLater();
    });
  }

  private showRefusal(): void {
    this.view.message = this.parts.repository.plan.refusal ?? "";
  }
}

/** VS Code has a screen reader say a tooltip in the place of all else. */
function spoken({ label, description, tooltip }: ContextNode): string {
  return [...new Set([label, description, tooltip])].filter((words) => words !== undefined).join(", ");
}

function collapsibleState(node: ContextNode): vscode.TreeItemCollapsibleState {
  if (!node.children) return vscode.TreeItemCollapsibleState.None;
  return node.isOpen ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}
