import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import fs, { cp, mkdir, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { EngineSupervisor } from "../../../../src/extension/engineProcess/engineSupervisor";
import { type CatalogueModel, folderNameOf, type ModelForm } from "../../../../src/extension/models/catalogue";
import { Fault } from "../../../../src/extension/models/faults";
import { withLock } from "../../../../src/extension/models/lock";
import { offerInterrupted, registerModelCommands } from "../../../../src/extension/models/modelCommands";
import { ModelManager, type ModelManagerParts } from "../../../../src/extension/models/modelManager";
import { type InstalledModel, ModelsFolder, type NamedModel } from "../../../../src/extension/models/modelsFolder";
import { ModelsFolders } from "../../../../src/extension/models/modelsFolders";
import type { ModelJob } from "../../../../src/protocol/modelJobs";
import { FakeClock } from "../../../support/fakeClock";
import { FakeEngineProcess } from "../../../support/fakeEngineProcess";
import { FakeLog } from "../../../support/fakeLog";
import { FakeWindow, FakeWorkspace, registeredCommands } from "../../../support/fakeVscode";
import { withReplaced } from "../../../support/replaced";
import { useTemporaryFolder } from "../../../support/temporaryFolder";
import { until } from "../../../support/until";

const MACHINE = {
  totalMemoryBytes: 1e11,
  availableMemoryBytes: 1e11,
  freeDiskBytes: 1e12,
  downloadedBytes: {},
  convertedBytes: {},
};

/** A window in which the user answers as `answers` says. */
function setUp(answers: object = {}) {
  const workspace = new FakeWorkspace();
  const window = Object.assign(new FakeWindow(), {
    withProgress: (_: unknown, work: (...args: unknown[]) => unknown) =>
      work({ report: () => {} }, { onCancellationRequested: () => {} }),
    ...answers,
  });
  const log = new FakeLog();
  const settings = () => ({ modelFolder: "", threads: 0 });
  const supervisor = new EngineSupervisor(() => new FakeEngineProcess(), settings, new FakeClock(), log);
  return {
    ...{ workspace, window, log, supervisor },
    run: (id: string) => registeredCommands.get(id)!() as Promise<void>,
    register: (manager: object) => registerModelCommands(manager as ModelManager, supervisor, log),
    /** Of the models in `own` and in the folder that the user has chosen, with `changes` in the place of its own methods. */
    newManager(own: string, changes: object = {}, { chosen = "", ...more }: NewManager = {}): ModelManager {
      const context = { globalStorageUri: "", asAbsolutePath: (path: string) => path };
      const manager = new ModelManager({ context, supervisor, log, ...more } as unknown as ModelManagerParts);
      return Object.assign(manager, { folders: new ModelsFolders(own, () => chosen), ...changes });
    },
  };
}

interface NewManager {
  readonly chosen?: string;
  readonly runJob?: (job: ModelJob<"convert">, options: { readonly signal: AbortSignal }) => Promise<void>;
}

/** The measurement is not the test's. */
const UNMEASURED = { machine: async () => MACHINE, probe: async () => undefined };

const withoutSize = (text: string) => text.replace(/[\d.]+ [kMG]B/, "1 GB");

it("a model that is chosen is loaded where the one before was unloaded, and not where nothing has needed one", async () => {
  const folder = resolve("test/fixtures/tiny-griffin");
  const { supervisor, window, register, run } = setUp({ showOpenDialog: async () => [{ fsPath: folder }] });
  const used: string[] = [];
  register({ use: async (model: string) => used.push(model) });
  for (const [why, status] of [
    ["notNeeded", "stopped"],
    ["unloaded", "starting"],
  ] as const) {
    await supervisor.stop(why);
    await run("griffin.addModelFromFolder");
    assert.deepEqual([used.splice(0), window.messages], [[folder], []]);
    assert.equal(supervisor.status.type, status);
  }
});

it("who adds a checkpoint sees at once that something is asked, while the machine's speed is still measured", async () => {
  const shown: unknown[] = [];
  const { register, run } = setUp({
    showOpenDialog: async () => [{ fsPath: resolve("test/fixtures/tiny/bfloat16") }],
    showQuickPick: async (items: unknown) => void shown.push(items),
  });
  const never = () => new Promise(() => {});
  register({ folders: { installed: never, writable: async () => {} }, machine: never, probe: never });
  await run("griffin.addModelFromFolder");
  assert.equal(shown.length, 1);
});

it("a model that another window has begun to use while this one waited for it is not offered", async () => {
  const { window, register, run } = setUp({
    showOpenDialog: async () => [{ fsPath: resolve("test/fixtures/tiny/bfloat16") }],
    showQuickPick: async (items: Promise<readonly unknown[]>) => (await items)[0],
  });
  const used: string[] = [];
  const manager = {
    ...{ currentFolder: "/bundled", ...UNMEASURED },
    use: async (model: string) => used.push(model),
    folders: { installed: async () => [], writable: async () => {} },
    async installFolder() {
      manager.currentFolder = "/models/bfloat16-int8";
      return "/models/bfloat16-int8";
    },
  };
  register(manager);
  await run("griffin.addModelFromFolder");
  assert.deepEqual([used, window.messages], [["/models/bfloat16-int8"], []]);
});

it("who goes to the model's page, because a token is refused, is then asked again whether to try", async () => {
  const { window, register, run } = setUp();
  const asked = { repository: "google/tiny", host: "hub.example", origin: "https://hub.example" };
  let tries = 0;
  const installed = async () => {
    if (++tries === 1) throw new Fault("noAccess", asked);
    return [];
  };
  register({ folders: { installed, leftovers: async () => [], isBusy: async () => false } });
  const done = run("griffin.removeModel");
  const answer = async (button: string) => {
    await until("there is a message", () => window.messages.length > 0);
    window.messages.pop()!.choose(button);
  };
  await answer("Open the Model's Page");
  await answer("Try Again");
  await done;
  assert.deepEqual(window.openedOutside, ["https://huggingface.co/google/tiny"]);
  assert.equal(tries, 2);
});

it("a token that the store for secrets does not give is neither a bad hub nor a bad disk", async () => {
  const secrets = { get: () => Promise.reject(new Error("Cannot get password")) };
  const context = { globalStorageUri: "", asAbsolutePath: (path: string) => path, secrets };
  const manager = new ModelManager({ context } as unknown as ModelManagerParts);
  await assert.rejects(manager.tokenOf("https://hub.example"), { kind: "noSecrets" });
});

it("a form that is installed is used, without a download or a question", async () => {
  const { window, register, run } = setUp({
    showQuickPick: async (items: Promise<readonly { readonly type?: string }[]>) =>
      (await items).find(({ type = "catalogue" }) => type === "catalogue"),
  });
  const folder = resolve("test/fixtures/tiny-griffin");
  const folders = { installed: async () => [], leftovers: async () => [], usable: async () => folder };
  const used: string[] = [];
  register({
    ...{ folders, ...UNMEASURED, own: async () => undefined },
    bundled: async () => ({ folder: "/bundled", folderName: "bundled", displayName: "Small", bytes: 1 }),
    ...{ currentFolder: "/bundled", endpoint: "https://hub.example" },
    use: async (model: string) => used.push(model),
  });
  await run("griffin.chooseModel");
  assert.deepEqual([used, window.messages], [[folder], []]);
});

describe("a checkpoint of the user's, where models lie in two folders", () => {
  const folder = useTemporaryFolder();
  const [OWN, CHOSEN] = ["own", join("disk", "griffin-code-models")];
  beforeEach(async () => {
    for (const path of [OWN, CHOSEN]) await mkdir(folder(path), { recursive: true });
  });

  it("is told from another one of its name where one is removed, checked or repaired", async () => {
    const asked: string[] = [];
    const inList: string[] = [];
    const { newManager, register, run } = setUp({
      showQuickPick: async (items: readonly { readonly label: string; readonly description: string }[]) => {
        inList.push(...items.map(({ label, description }) => `${label}: ${withoutSize(description)}`));
        return items[0];
      },
      showWarningMessage: async (question: string) => void asked.push(withoutSize(question)),
    });
    for (const one of [OWN, CHOSEN]) {
      await cp("test/fixtures/tiny-gemma", folder(one, "mine-int8"), { recursive: true });
      await mkdir(folder(one, ".downloads", "recurrentgemma-2b"), { recursive: true });
    }
    await cp("test/fixtures/tiny-gemma", folder(OWN, "other-int8"), { recursive: true });
    register(newManager(folder(OWN), { repair: async () => {} }, { chosen: folder("disk") }));
    await run("griffin.removeModel");
    const name = "Random weights for tests";
    const [inChosen, inOwn] = [folder(CHOSEN), folder(OWN)];
    assert.deepEqual(inList.splice(0), [
      `${name}: mine-int8, in ${inChosen}, 1 GB`,
      `${name}: mine-int8, in ${inOwn}, 1 GB`,
      `${name}: other-int8, 1 GB`,
      `download of recurrentgemma-2b: no usable model, in ${join(inChosen, ".downloads")}, 1 GB`,
      `download of recurrentgemma-2b: no usable model, in ${join(inOwn, ".downloads")}, 1 GB`,
    ]);
    assert.deepEqual(asked, [`Remove ${name} (mine-int8, in ${inChosen}, 1 GB)?`]);
    await run("griffin.repairModel");
    assert.deepEqual(inList, [
      `${name}: mine-int8, in ${inChosen}`,
      `${name}: mine-int8, in ${inOwn}`,
      `${name}: other-int8`,
    ]);
  });

  it("can be removed where only a part of one is left, in either folder", async () => {
    const listed: string[] = [];
    const { newManager, register, run } = setUp({
      showQuickPick: async (items: Promise<readonly { readonly type?: string }[]>) =>
        void listed.push(...(await items).map(({ type = "" }) => type).slice(-2)),
    });
    register(newManager(folder(OWN), UNMEASURED, { chosen: folder("disk") }));
    await run("griffin.chooseModel");
    assert.deepEqual(listed.splice(0), ["separator", "add"]);
    await mkdir(folder(OWN, ".downloads", "recurrentgemma-2b"), { recursive: true });
    await run("griffin.chooseModel");
    assert.deepEqual(listed, ["add", "remove"]);
  });

  const note = (one: string, checkpoints: Readonly<Record<string, string>>) =>
    writeFile(folder(one, ".checkpoints.json"), JSON.stringify(checkpoints));

  it("is the one of the same folder when a model is repaired", async () => {
    for (const [one, checkpoint] of [
      [OWN, "a"],
      [CHOSEN, "b"],
    ] as const) {
      await mkdir(folder(checkpoint));
      await writeFile(folder(checkpoint, "config.json"), "{}");
      await mkdir(folder(one, "mine-int8"));
      await note(one, { mine: folder(checkpoint) });
    }
    const converted: string[] = [];
    const runJob = async (job: ModelJob<"convert">) => {
      converted.push(job.checkpointDir);
      await mkdir(job.outDir);
    };
    const manager = setUp().newManager(folder(OWN), {}, { chosen: folder("disk"), runJob });
    const modelIn = (one: string): NamedModel => {
      return { folder: folder(one, "mine-int8"), folderName: "mine-int8", displayName: "Mine" };
    };
    for (const one of [OWN, CHOSEN]) await manager.repair(modelIn(one));
    assert.deepEqual(converted, [folder("a"), folder("b")]);
    await note(CHOSEN, {});
    assert.equal(await manager.canRepair(modelIn(CHOSEN)), false);
  });
});

describe("what ended with its window", () => {
  const folder = useTemporaryFolder();

  /** @returns what is gone on with */
  async function start(chosen = ""): Promise<string[]> {
    const { window, log, supervisor, newManager } = setUp();
    const seen: string[] = [];
    const changes = {
      use: async () => {},
      install: async (model: CatalogueModel, form: ModelForm) => seen.push(folderNameOf(model.id, form)),
      repair: async (model: NamedModel) => seen.push(`repair ${model.folder}`),
    };
    let isDone = false;
    const offered = offerInterrupted(newManager(folder(), changes, { chosen }), supervisor, log).finally(() => {
      isDone = true;
    });
    await until("it asks or is done", () => window.messages.length > 0 || isDone);
    for (const { choose } of window.messages.splice(0)) choose("Go On");
    await offered;
    return seen;
  }

  it("is offered once", async () => {
    await writeFile(folder(".installing"), "recurrentgemma-2b-int4");
    assert.deepEqual(await start(), ["recurrentgemma-2b-int4"]);
    assert.deepEqual(await start(), []);
  });

  it("is not begun anew in another folder of models, where it was an installation", async () => {
    await writeFile(folder(".installing"), "recurrentgemma-2b-int4");
    assert.deepEqual(await start(folder("chosen")), []);
    assert.deepEqual(await start(), ["recurrentgemma-2b-int4"]);
  });

  for (const name of ["recurrentgemma-2b-int4", "mine-int8"])
    it(`is a repair though the model looks whole, wherever it is, and not where that is gone: ${name}`, async () => {
      const model = folder(name);
      const checkpoint = folder("checkpoint");
      await cp("test/fixtures/tiny-gemma", model, { recursive: true });
      await mkdir(checkpoint);
      await writeFile(join(checkpoint, "config.json"), "{}");
      await writeFile(folder(".checkpoints.json"), JSON.stringify({ mine: checkpoint }));
      const interrupt = () => writeFile(folder(".installing"), `${name}\nrepair`);
      for (const chosen of ["", folder("chosen")]) {
        await interrupt();
        assert.deepEqual(await start(chosen), [`repair ${model}`]);
        assert.deepEqual(await start(chosen), []);
      }
      await rename(model, folder(`.${name}.new`));
      await interrupt();
      assert.deepEqual(await start(), [`repair ${model}`], "stopped between its two renames");
      await rm(folder(`.${name}.new`), { recursive: true });
      await interrupt();
      assert.deepEqual(await start(), []);
    });

  it("is no repair where the user's checkpoint is gone", async () => {
    await cp("test/fixtures/tiny-gemma", folder("mine-int8"), { recursive: true });
    await writeFile(folder(".installing"), "mine-int8\nrepair");
    assert.deepEqual(await start(), []);
  });
});

describe("a model that is damaged", () => {
  const at = useTemporaryFolder();
  let models: ModelsFolder;
  beforeEach(async () => {
    models = new ModelsFolder(at());
    await cp("test/fixtures/tiny-gemma", models.pathOf("torn"), { recursive: true });
    await writeFile(join(models.pathOf("torn"), "model.json"), "\0");
  });

  /** @returns the folder of a checkpoint of the user's, from which models of the name `mine` were made */
  async function addCheckpoint(): Promise<string> {
    const checkpoint = join(models.root, ".checkpoint");
    await mkdir(checkpoint);
    await writeFile(join(checkpoint, "config.json"), "{}");
    await writeFile(join(models.root, ".checkpoints.json"), JSON.stringify({ mine: checkpoint }));
    return checkpoint;
  }

  it("is repaired where it comes from the hub, also when it does not say any more what it is", async () => {
    const listed: unknown[] = [];
    const { newManager, register, run } = setUp({
      showQuickPick: async (items: readonly { label: string }[]) =>
        void listed.push(...items.map(({ label }) => label)),
    });
    await cp(models.pathOf("torn"), models.pathOf("recurrentgemma-2b-int8"), { recursive: true });
    register(newManager(models.root));
    await run("griffin.repairModel");
    assert.deepEqual(listed, ["RecurrentGemma 2B"]);
  });

  it("is repaired from the user's checkpoint that it came from, as long as that is there", async () => {
    const asked: unknown[] = [];
    const runJob = async (job: ModelJob<"convert">, { signal }: { readonly signal: AbortSignal }) => {
      signal.throwIfAborted();
      asked.push(job);
      await mkdir(job.outDir);
    };
    const { window, newManager } = setUp();
    const manager = newManager(models.root, {}, { runJob });
    await rename(models.pathOf("torn"), models.pathOf("mine-int4-calibrated"));
    assert.deepEqual(await manager.unreadable(), []);
    const checkpoint = await addCheckpoint();
    const [model] = await manager.unreadable();
    assert.deepEqual([model?.displayName, await manager.canRepair(model!)], ["mine-int4-calibrated", true]);
    await manager.repair(model!);
    const outDir = models.replacementOf("mine-int4-calibrated");
    assert.deepEqual(asked, [
      { type: "convert", checkpointDir: checkpoint, outDir, weights: "int4", isCalibrated: true },
    ]);
    Object.assign(window, {
      withProgress: (_: unknown, work: (...args: unknown[]) => unknown) =>
        work({ report: () => {} }, { onCancellationRequested: (cancel: () => void) => cancel() }),
    });
    await assert.rejects(manager.repair(model!), { message: /^Stopped\. What has already been converted/ });
    await rm(checkpoint, { recursive: true });
    await assert.rejects(manager.repair(model!), { kind: "notOfHub" });
    assert.deepEqual(window.messages, []);
  });

  it("is let go of by this window's engine while the new one takes its place, also where it was chosen only meanwhile", async () => {
    const { workspace, supervisor, newManager } = setUp();
    const folder = models.pathOf("mine-int8");
    await addCheckpoint();
    const model = { folder, folderName: "mine-int8", displayName: "Mine" };
    const seen = new Set<string>();
    supervisor.onStatus.on(({ type }) => seen.add(type));
    const repair = async (chosen: string): Promise<string[]> => {
      workspace.set("griffin.model.path", undefined);
      const runJob = async (job: ModelJob<"convert">) => {
        await mkdir(job.outDir);
        workspace.set("griffin.model.path", chosen);
      };
      seen.clear();
      await newManager(models.root, {}, { runJob }).repair(model);
      return [...seen];
    };
    assert.deepEqual(await repair(folder), ["stopped"], "nobody had needed an engine");
    await supervisor.stop("unloaded");
    await repair(folder);
    assert.ok(supervisor.isStopped("unloaded"));
    supervisor.start();
    assert.deepEqual(await repair(models.pathOf("other-int8")), []);
    assert.deepEqual(await repair(folder), ["stopped", "starting"]);
    const busy = () => Promise.reject(Object.assign(new Error("EBUSY: resource busy"), { code: "EBUSY" }));
    await withReplaced(fs, { rename: busy }, () => assert.rejects(repair(folder), { kind: "inUse" }));
    assert.deepEqual([...seen], ["stopped", "starting"], "the engine goes on with the old files");
  });

  it("is said to be in use by other windows once it is repaired, where it may be", async () => {
    const { workspace, window, newManager, register, run } = setUp({
      showQuickPick: async ([first]: readonly unknown[]) => first,
    });
    const folder = models.pathOf("recurrentgemma-2b-int8");
    await cp(models.pathOf("torn"), folder, { recursive: true });
    register(newManager(models.root, { repair: async () => {} }));
    await run("griffin.repairModel");
    workspace.set("griffin.model.path", folder);
    await run("griffin.repairModel");
    const repaired = "Griffin: RecurrentGemma 2B has been repaired.";
    assert.deepEqual(
      window.messages.map(({ text }) => text),
      [repaired, `${repaired} Run "Griffin: Restart Engine" in other windows that use it.`],
    );
  });

  it("is not put into use: what comes from the hub is repaired first, and of another it is said what is wrong", async () => {
    const { window, newManager, register, run } = setUp();
    await cp("test/fixtures/tiny-gemma", models.pathOf("mine-int8"), { recursive: true });
    await cp("test/fixtures/tiny-gemma", models.pathOf("recurrentgemma-2b-int8"), { recursive: true });
    const whole = await models.installed();
    const seen: unknown[] = [];
    const changes = {
      ...UNMEASURED,
      use: async (folder: string) => seen.push(["use", folder]),
      repair: async ({ folder }: InstalledModel) => seen.push(["repair", folder]),
    };
    register(newManager(models.root, changes));
    for (const { folder, folderName } of whole) {
      await truncate(join(folder, "tokenizer.json"), 3);
      Object.assign(window, {
        showQuickPick: async (items: Promise<readonly { readonly model?: InstalledModel }[]>) =>
          (await items).find(({ model }) => model?.folderName === folderName),
      });
      const done = run("griffin.chooseModel");
      await until("there is a message", () => window.messages.length > 0);
      const { text, buttons, choose } = window.messages.pop()!;
      assert.match(text, /damaged: tokenizer.json has 3 bytes instead of \d+\. Run "Griffin: Repair a Model"/);
      choose(buttons.find((button) => button === "Repair") as string | undefined);
      await done;
    }
    const fromHub = models.pathOf("recurrentgemma-2b-int8");
    assert.deepEqual(seen, [
      ["repair", fromHub],
      ["use", fromHub],
    ]);
  });

  const options = { clock: new FakeClock(), signal: new AbortController().signal, onWait: () => {} };

  it("is listed for a repair also while a window works on models, and who would remove something is told so", async () => {
    const { window, newManager, register, run } = setUp();
    await rename(models.pathOf("torn"), models.pathOf("recurrentgemma-2b-int8"));
    const manager = newManager(models.root);
    register(manager);
    await withLock(models.lockPath, options, async () => {
      assert.deepEqual(
        (await manager.unreadable()).map(({ displayName }) => displayName),
        ["RecurrentGemma 2B"],
      );
      await run("griffin.removeModel");
    });
    assert.match(window.messages[0]!.text, /A window is working on models just now/);
  });

  it("is not removed while another window works on models", async () => {
    const [leftover] = await models.leftovers();
    await withLock(models.lockPath, options, async () => {
      await assert.rejects(setUp().newManager(models.root).removeLeftover(leftover!), /Try again when it has finished/);
    });
    assert.ok(existsSync(models.pathOf("torn")));
  });

  for (const name of ["recurrentgemma-2b-int8", "mine-int8"])
    it(`is neither offered to be removed nor removed while it is repaired; others are: ${name}`, async () => {
      for (const one of [name, "other-int8"])
        await cp("test/fixtures/tiny-gemma", models.pathOf(one), { recursive: true });
      const listed: string[] = [];
      const { newManager, register, run } = setUp({
        showQuickPick: async (items: readonly { description: string }[]) =>
          void listed.push(...items.map(({ description }) => description.split(",")[0]!)),
      });
      const manager = newManager(models.root);
      register(manager);
      const installed = await models.installed();
      const [repaired, other] = [name, "other-int8"].map(
        (one) => installed.find(({ folderName }) => folderName === one)!,
      );
      await withLock(models.lockPath, options, () =>
        models.notes.whileMaking({ folderName: name, isRepair: true }, async () => {
          await run("griffin.removeModel");
          assert.deepEqual(listed, ["other-int8"]);
          await assert.rejects(manager.remove(repaired!), /is being repaired just now\. Stop that, or try again/);
          await manager.remove(other!);
        }),
      );
      assert.deepEqual(await models.installed(), [repaired]);
    });

  it("stays where the system does not let go of it, in a sentence", async () => {
    const [leftover] = await models.leftovers();
    const left = { ...leftover!, folder: `${leftover!.folder}.converting` };
    const busy = () => Promise.reject(Object.assign(new Error("EBUSY: resource busy"), { code: "EBUSY" }));
    await withReplaced(fs, { rm: busy }, () =>
      assert.rejects(
        setUp().newManager(models.root).removeLeftover(left),
        /^Fault: torn cannot be moved \(EBUSY\): another program or window/,
      ),
    );
  });

  it("is removed as any other: the bundled one takes its place where it is in use", async () => {
    const asked: unknown[] = [];
    const { workspace, newManager, register, run } = setUp({
      showQuickPick: async ([first]: readonly unknown[]) => first,
      showWarningMessage: async (question: string, { detail }: { readonly detail: string }, remove: string) => {
        asked.push([withoutSize(question), detail]);
        return remove;
      },
    });
    register(newManager(models.root));
    workspace.set("griffin.model.path", models.pathOf("torn"));
    await run("griffin.removeModel");
    const inUse = "It is in use. The bundled model takes its place, in all windows.";
    assert.deepEqual(asked, [["Remove torn (no usable model, 1 GB)?", inUse]]);
    assert.equal(workspace.getConfiguration("griffin").get("model.path"), "");
    assert.ok(!existsSync(models.pathOf("torn")));
  });
});
