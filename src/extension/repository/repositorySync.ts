// Tells the engine which folders to read and what changes in them: everything again after a restart, and again when
// folders, settings or trust change.
//
// VS Code watches a workspace's folders anyway; this listens to what it sees. Some disks tell it nothing (a network's, a
// container's), and a system may have no watchers left: what is done in VS Code itself is known there, too, and for what git
// does elsewhere the engine looks when somebody comes back to the window.

import * as vscode from "vscode";
import type { Clock } from "../clock";
import { Emitter } from "../emitter";
import type { EngineSupervisor } from "../engineProcess/engineSupervisor";
import { folderSettings, repositoryLimits } from "../settings/config";
import { ChangeBatch } from "./changeBatch";
import { ComingBack } from "./comingBack";
import type { Reading } from "./reading";
import type { SourceChoices } from "./sourceChoices";
import { planWorkspace, type WorkspacePlan } from "./workspacePlan";

export interface RepositorySyncParts {
  readonly supervisor: EngineSupervisor;
  readonly reading: Reading;
  readonly choices: SourceChoices;
  /** Where the engine saves what it has read. */
  readonly stateFolder: string;
  readonly clock: Clock;
}

export class RepositorySync implements vscode.Disposable {
  /** The plan has changed. */
  readonly onPlan = new Emitter<void>();
  private currentPlan: WorkspacePlan;
  private readonly batch: ChangeBatch;
  /** Folders of which a watcher has told, since the engine last heard that somebody is back; whether of git's HEAD or index, too. */
  private readonly told = new Map<string, boolean>();
  private readonly subscriptions: vscode.Disposable[];
  private watchers: vscode.Disposable[] = [];

  constructor(private readonly parts: RepositorySyncParts) {
    const { supervisor, clock } = parts;
    this.batch = new ChangeBatch(clock, (paths) => supervisor.send({ type: "filesChanged", paths }));
    this.currentPlan = this.makePlan();
    const comingBack = new ComingBack(clock, () => this.lookForUntold());
    this.subscriptions = [
      comingBack,
      vscode.window.onDidChangeWindowState(({ focused }) => comingBack.windowChanged(focused)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.update()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.update()),
      vscode.workspace.onDidChangeConfiguration(
        (event) =>
          ["griffin.repository", "files.encoding"].some((name) => event.affectsConfiguration(name)) && this.update(),
      ),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => this.changed([uri])),
      vscode.workspace.onDidSaveNotebookDocument(({ uri }) => this.changed([uri])),
      vscode.workspace.onDidCreateFiles(({ files }) => this.changed(files)),
      vscode.workspace.onDidDeleteFiles(({ files }) => this.changed(files)),
      vscode.workspace.onDidRenameFiles(({ files }) =>
        this.changed(files.flatMap(({ oldUri, newUri }) => [oldUri, newUri])),
      ),
    ];
    supervisor.onReady.on(() => this.tell());
    this.watch();
    this.tell();
  }

  get plan(): WorkspacePlan {
    return this.currentPlan;
  }

  dispose(): void {
    this.batch.clear();
    for (const disposable of [...this.subscriptions, ...this.watchers]) disposable.dispose();
  }

  private update(): void {
    const plan = this.makePlan();
    if (JSON.stringify(plan) === JSON.stringify(this.currentPlan)) return;
    this.currentPlan = plan;
    this.watch();
    this.tell();
    this.onPlan.fire();
  }

  private tell(): void {
    const { supervisor, reading, choices } = this.parts;
    const { workspace, reads } = this.currentPlan;
    reading.setFolders(reads);
    const { switchedOff } = choices;
    if (supervisor.send({ type: "workspace", ...workspace, switchedOff })) reading.tellPause();
  }

  private makePlan(): WorkspacePlan {
    const onDisk = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
    return planWorkspace({
      folders: onDisk.map(({ name, uri }) => ({ name, path: uri.fsPath, ...folderSettings(uri) })),
      isTrusted: vscode.workspace.isTrusted,
      stateFolder: this.parts.stateFolder,
      settings: repositoryLimits(),
      exclude: folderSettings(undefined).exclude,
    });
  }

  /** A file that lies in nested folders is told of for the inner one: the engine tells the outer one. */
  private changed(uris: readonly vscode.Uri[]): void {
    for (const uri of uris) {
      const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
      const isRead = folder?.scheme === "file" && this.currentPlan.reads.includes(folder.fsPath);
      if (isRead) this.batch.add(folder.fsPath, uri.fsPath);
    }
  }

  private lookForUntold(): void {
    const told = [...this.told].map(([path, isGitTold]) => ({ path, isGitTold }));
    if (this.parts.supervisor.send({ type: "cameBack", told })) this.told.clear();
  }

  private watch(): void {
    for (const watcher of this.watchers) watcher.dispose();
    this.watchers = this.currentPlan.reads.map((path) => this.watchFolder(path));
  }

  private watchFolder(folder: string): vscode.Disposable {
    const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), "**/*");
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const add = ({ fsPath }: vscode.Uri): void => {
      this.told.set(folder, this.told.get(folder) === true || GIT_FILES.test(fsPath.slice(folder.length)));
      this.batch.add(folder, fsPath);
    };
    // The watcher's listeners end with it.
    watcher.onDidCreate(add);
    watcher.onDidChange(add);
    watcher.onDidDelete(add);
    return watcher;
  }
}

/** Those that a pull or a checkout changes; in the folder. */
const GIT_FILES = /^[\\/]\.git[\\/](?:HEAD|index)$/;
