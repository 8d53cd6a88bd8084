// The model manager in the editor: a tiny checkpoint comes from a hub on this machine, through the whole way to a
// completion.

import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, truncate } from "node:fs/promises";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { GriffinApi } from "../../src/extension/main";
import type { CatalogueModel } from "../../src/extension/models/catalogue";
import type { InstalledModel } from "../../src/extension/models/modelsFolder";
import { writeBigramCheckpoint } from "../support/bigramCheckpoint";
import { FakeHub } from "../support/fakeHub";
import { until } from "../support/until";
import { askForItem, closeEverything, openEditor, readyGriffin, textWith } from "./support";

const MODEL: CatalogueModel = {
  ...{ id: "bigram", displayName: "Bigram", repository: "griffin/bigram", isInstructionTuned: false },
  ...{ downloadBytes: 4e6, storedBytes: { int8: 2e6, int4: 2e6 }, calibrationBytes: 2e6 },
};
const TOKEN = "hf_of_the_test";

describe("the model manager", () => {
  let api: GriffinApi;
  let hub: FakeHub;
  let temporary: string | undefined;
  let folder: string;

  before(async () => {
    api = await readyGriffin();
    const own = await api.modelManager.models.installed();
    assert.deepEqual(own, [], "These tests install and remove models: they run where there are none.");
    temporary = await mkdtemp(join(tmpdir(), "griffin-hub-"));
    folder = join(temporary, MODEL.id); // A converted model has its name from there.
    await writeBigramCheckpoint(folder, "quix");
    hub = await FakeHub.of(folder);
    hub.token = TOKEN;
    await configure("griffin", "models.endpoint", hub.endpoint);
  });

  after(async () => {
    if (temporary === undefined) return; // Nothing was done.
    await api.modelManager.use(undefined);
    await configure("griffin", "models.endpoint", undefined);
    await hub.stop();
    await rm(temporary, { recursive: true });
    const { models } = api.modelManager;
    for (const { folderName } of await models.installed()) await models.remove(folderName);
    await rm(models.downloadOf(MODEL.id), { recursive: true, force: true });
  });

  afterEach(async () => {
    hub.misbehave = () => false;
    await closeEverything();
  });

  it("says what is missing when there is no token", async () => {
    await assert.rejects(api.modelManager.install(MODEL, "int8"), /accepted its license \(401\)/);
    assert.deepEqual(await api.modelManager.models.installed(), []);
  });

  it("downloads, converts and uses a model, and the completion is the model's", async () => {
    const { modelManager } = api;
    await modelManager.tokens.set(modelManager.endpoint, TOKEN);
    const installed = await modelManager.install(MODEL, "int8");
    assert.deepEqual(
      (await readdir(modelManager.models.root)).filter((name) => !name.startsWith(".")),
      ["bigram-int8"],
    );
    await modelManager.use(installed);
    await untilModel("bigram");
    const editor = await openEditor("q|\n");
    assert.equal(textWith(editor.document, await askForItem(api, editor)), "quix\n");
  });

  /** One that no other test knows. */
  async function converted(name: string): Promise<InstalledModel> {
    const { modelManager } = api;
    const installed = await modelManager.installFolder(folder, name, "int8");
    return (await modelManager.models.installed()).find((model) => model.folder === installed)!;
  }

  async function isInstalled({ folder }: InstalledModel): Promise<boolean> {
    return (await api.modelManager.models.installed()).some((model) => model.folder === folder);
  }

  it("does not remove the model that the workspace's settings name", async () => {
    const { modelManager } = api;
    const model = await converted("workspace");
    await configure("griffin", "model.path", model.folder, vscode.ConfigurationTarget.Workspace);
    try {
      await assert.rejects(modelManager.remove(model), /^Fault: This workspace uses .*`griffin\.model\.path`/);
      assert.ok(await isInstalled(model));
    } finally {
      await configure("griffin", "model.path", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it("finds a damaged file, and goes back to the bundled model when the model is removed", async () => {
    const { modelManager } = api;
    const model = await converted("damaged");
    await modelManager.use(model.folder);
    await untilModel("bigram");
    assert.deepEqual(await modelManager.verify(model), []);
    await truncate(join(model.folder, "tokenizer.json"), 5);
    assert.match((await modelManager.verify(model)).join(), /^tokenizer.json has 5 bytes instead of/);
    await modelManager.remove(model);
    await untilModel("griffin-code-small");
    assert.ok(!(await isInstalled(model)));
    assert.equal(modelManager.currentFolder, (await modelManager.bundled()).folder);
  });

  it("converts a folder's checkpoint to 4 bits that are calibrated, and the completion is the model's", async () => {
    const { modelManager } = api;
    const installed = await modelManager.installFolder(folder, "known", "int4-calibrated");
    assert.equal(installed, join(modelManager.models.root, "known-int4-calibrated"));
    await modelManager.use(installed);
    await untilModel("bigram");
    const editor = await openEditor("q|\n");
    assert.equal(textWith(editor.document, await askForItem(api, editor)), "quix\n");
    await modelManager.use(undefined);
    await untilModel("griffin-code-small");
  });

  it("takes a model that is removed out of the user's settings, also where the workspace names another", async () => {
    const { modelManager } = api;
    const model = await converted("removed");
    const { folder: bundled } = await modelManager.bundled();
    await configure("griffin", "model.path", bundled, vscode.ConfigurationTarget.Workspace);
    try {
      await configure("griffin", "model.path", model.folder);
      await modelManager.remove(model);
      const values = vscode.workspace.getConfiguration("griffin").inspect("model.path");
      assert.equal(values?.globalValue, undefined);
      assert.equal(values?.workspaceValue, bundled);
      assert.ok(!(await isInstalled(model)));
    } finally {
      await configure("griffin", "model.path", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it("keeps models in the folder that the user names, and lists and uses those in VS Code's storage as before", async () => {
    const { modelManager } = api;
    const inStorage = await converted("stored");
    const kept = await mkdtemp(join(tmpdir(), "griffin-kept-"));
    try {
      await configure("griffin", "models.folder", kept);
      const installed = await modelManager.installFolder(folder, "kept", "int8");
      assert.equal(installed, join(kept, "griffin-code-models", "kept-int8"));
      const listed = await modelManager.folders.installed();
      for (const path of [installed, inStorage.folder]) assert.ok(listed.some((model) => model.folder === path));
      await modelManager.use(inStorage.folder);
      await untilModel("bigram");
      await modelManager.remove(listed.find((model) => model.folder === installed)!);
      await modelManager.remove(inStorage);
      await untilModel("griffin-code-small");
      await configure("griffin", "models.folder", join(kept, "gone"));
      await assert.rejects(modelManager.installFolder(folder, "kept", "int8"), /^Fault: There is no folder .*gone/);
      assert.deepEqual(await readdir(kept), ["griffin-code-models"]);
    } finally {
      await configure("griffin", "models.folder", undefined);
      await rm(kept, { recursive: true });
    }
  });

  it("goes through VS Code's own proxy", async () => {
    const seen: string[] = [];
    const proxy = createServer((asked, response) => {
      seen.push(asked.url ?? "");
      forward(asked, response, hub);
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const before = vscode.workspace.getConfiguration("http").inspect<string>("proxy")?.globalValue;
    try {
      await configure("http", "proxy", `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
      await configure("griffin", "models.endpoint", "http://hub.invalid");
      await api.modelManager.tokens.set("http://hub.invalid", TOKEN);
      await api.modelManager.install({ ...MODEL, id: "proxied" }, "int8");
      assert.ok(
        seen.some((url) => url.startsWith("http://hub.invalid/api/models/")),
        seen.join(),
      );
    } finally {
      await configure("http", "proxy", before);
      await configure("griffin", "models.endpoint", hub.endpoint);
      proxy.closeAllConnections();
      proxy.close();
    }
  });

  it("measures the bundled model, and offers it in the list", async () => {
    const probe = await api.modelManager.probe();
    assert.ok(probe && probe.decodeTokensPerSecond > 1 && probe.prefillTokensPerSecond > probe.decodeTokensPerSecond);
    const chosen = vscode.commands.executeCommand("griffin.chooseModel");
    // The first entry is the bundled model.
    const accept = setInterval(
      () => vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem"),
      300,
    );
    try {
      await chosen;
    } finally {
      clearInterval(accept);
    }
    assert.equal(api.modelManager.currentFolder, (await api.modelManager.bundled()).folder);
  });

  async function untilModel(name: string): Promise<void> {
    await until(`the engine has ${name}`, () => {
      const status = api.engineStatus();
      return status.type === "ready" && status.model.name === name;
    });
  }
});

async function configure(
  section: string,
  name: string,
  value: string | undefined,
  target = vscode.ConfigurationTarget.Global,
): Promise<void> {
  await vscode.workspace.getConfiguration(section).update(name, value, target);
}

/** What a proxy does, with one hub behind it whatever the host. */
function forward(asked: IncomingMessage, response: import("node:http").ServerResponse, hub: FakeHub): void {
  const { pathname, search } = new URL(asked.url ?? "");
  const { host: _, ...headers } = asked.headers;
  const onward = request(`${hub.endpoint}${pathname}${search}`, { headers, agent: false }, (answer) => {
    const location = answer.headers.location?.replace(/localhost:\d+/, "content.invalid");
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...(location && { location }) });
    answer.pipe(response);
  });
  onward.on("error", () => response.writeHead(502).end());
  onward.end();
}
