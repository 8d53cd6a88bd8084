import assert from "node:assert/strict";
import dns from "node:dns";
import fs, { existsSync, readFileSync } from "node:fs";
import files, { cp, mkdir, readdir, readFile, rm, stat, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { readModelFolder, verifyModelFolder } from "../../../../src/engine/model/modelFolder";
import { Fault, swapFault } from "../../../../src/extension/models/faults";
import type { Making } from "../../../../src/extension/models/folderNotes";
import { Hub } from "../../../../src/extension/models/hub";
import {
  type FolderInstall,
  type HubInstall,
  makeFromFolder,
  makeFromHub,
} from "../../../../src/extension/models/install";
import type { RunJob } from "../../../../src/extension/models/modelJob";
import { ModelsFolder } from "../../../../src/extension/models/modelsFolder";
import { PATIENCE, retrying } from "../../../../src/extension/models/retrying";
import { EndedEarly, JobFailed } from "../../../../src/machine/runInChild";
import type { ModelJob } from "../../../../src/protocol/modelJobs";
import { FakeHub, sendContent } from "../../../support/fakeHub";
import { withReplaced } from "../../../support/replaced";
import { withSilence } from "../../../support/silence";
import { useUnknownNames } from "../../../support/unknownNames";
import { until } from "../../../support/until";
import {
  type Answer,
  always,
  first,
  HurriedClock,
  type Installation,
  jobsHere,
  newInstallation,
  on,
  onContent,
  SILENCE,
  status,
  TINY,
  tokenOf,
  WEIGHTS,
} from "./support";

const CHECKPOINT = "test/fixtures/tiny/sharded";
const WEIGHTS_BYTES = 54_512;

const repairFromHub = (options: HubInstall) => makeFromHub({ ...options, how: "repair" });
const repairFromFolder = (options: FolderInstall) => makeFromFolder({ ...options, how: "repair" });

describe("installation", () => {
  useUnknownNames();
  let hub: FakeHub;
  let installation: Installation;
  beforeEach(async () => {
    hub = await FakeHub.of(CHECKPOINT);
    installation = await newInstallation(hub);
  });
  afterEach(async () => {
    await installation.cleanUp();
    await hub.stop();
  });

  const download = () => installation.models.downloadOf("tiny");
  const rangesOf = (file: string) =>
    hub.requests.filter((asked) => asked.file === file && asked.isContent).map(({ range }) => range);

  /** To where no network leads. */
  const gone = onContent(status(302, { location: "http://griffin-files.invalid/weights" }));
  const outOfOrder = status(503);

  const pausesSeen = () => installation.seen.filter(({ phase }) => phase === "pausing");

  const leftoverNames = async () => (await installation.models.leftovers()).map(({ name }) => name);
  const installedNames = async () => (await installation.models.installed()).map(({ folderName }) => folderName);
  const filesAsked = () => hub.requests.map(({ file }) => file);

  async function assertWhole(folder: string): Promise<void> {
    await verifyModelFolder(await readModelFolder(folder));
  }

  async function writeCheckpoint(folder: string): Promise<void> {
    await mkdir(folder);
    for (const [name, content] of hub.files) await writeFile(join(folder, name), content);
  }

  /** The folder of models, in which another window holds fast what is to be replaced. */
  function held(): ModelsFolder {
    const models = new ModelsFolder(installation.models.root);
    models.replace = async (name) => {
      throw swapFault(Object.assign(new Error(), { code: "EBUSY" }), name);
    };
    return models;
  }

  /** Resolves when so many bytes of the weights lie on the disk: what is on its way when a line is cut may be lost. */
  async function whenFetched(bytes: number): Promise<void> {
    const part = join(download(), `${WEIGHTS}.part`);
    const size = async () => (await stat(part).catch(() => undefined))?.size;
    await until(`${bytes} bytes are fetched`, size, (seen) => seen === bytes);
  }

  it("downloads, converts, and leaves nothing else", async () => {
    const folder = await makeFromHub(installation);
    assert.equal(folder, installation.models.pathOf("tiny-int8"));
    await assertWhole(folder);
    assert.deepEqual(await readdir(installation.models.root), [".downloads", "tiny-int8"]);
    assert.deepEqual(await installation.models.leftovers(), []);
    const [model] = await installation.models.installed();
    assert.equal(model?.displayName, "tiny");
    const phases = installation.seen.map(({ phase }) => phase);
    assert.deepEqual([...new Set(phases)], ["listing", "downloading", "checkingDownload", "converting"]);
    for (const progress of installation.seen) {
      if ("doneBytes" in progress) assert.ok(progress.doneBytes <= progress.totalBytes, JSON.stringify(progress));
    }
    const last = installation.seen.filter((progress) => progress.phase === "downloading").at(-1);
    assert.ok(last && "doneBytes" in last && last.doneBytes === last.totalBytes, "every byte was counted once");
  });

  it("takes nothing that a conversion does not need", async () => {
    for (const name of ["pytorch_model.bin", "model.gguf", "README.md"]) hub.files.set(name, Buffer.from("x"));
    await makeFromHub(installation);
    const asked = new Set(filesAsked());
    for (const name of ["pytorch_model.bin", "model.gguf", "README.md", "logits.f32"])
      assert.ok(!asked.has(name), name);
  });

  it("fetches several files at once", async () => {
    const waiting: (() => void)[] = [];
    hub.misbehave = ({ isContent, range }, response, content) => {
      if (!isContent) return false;
      // None is answered before three have asked; the tokenizer comes with the small files, before them.
      if (content.length < 10_000) return false;
      waiting.push(() => sendContent(response, content, range));
      if (waiting.length === 3) for (const answer of waiting) answer();
      return true;
    };
    await makeFromHub(installation);
    assert.equal(waiting.length, 3);
  });

  it("goes on after a cut connection with what is missing, and only with that", async () => {
    const cut = onContent((response, content) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 20_000));
      void whenFetched(20_000).then(() => response.destroy());
    });
    hub.misbehave = first(1, cut);
    await makeFromHub(installation);
    assert.deepEqual(rangesOf(WEIGHTS), [undefined, "bytes=20000-"]);
    assert.deepEqual(installation.clock.pauses, [1000]);
  });

  it("waits for a network that goes for a moment: after a sleep, or in a tunnel", async () => {
    hub.misbehave = first(2, gone);
    await makeFromHub(installation);
    assert.deepEqual(installation.clock.pauses, [1000, 2000]);
  });

  it("waits as long for one that knows the host's address and finds no way there, and not for a host that refuses", async () => {
    const OFTEN = [1000, 2000, 4000, 8000, 15_000, 15_000, 15_000];
    for (const [code, isGone] of [
      ["EHOSTUNREACH", true],
      ["ETIMEDOUT", true],
      ["ECONNREFUSED", false],
    ] as const) {
      hub.misbehave = first(OFTEN.length, gone);
      installation.clock.pauses.splice(0);
      const { lookup } = dns;
      const failing = (host: string, options: dns.LookupAllOptions, done: (error: Error | null) => void) => {
        if (!host.endsWith(".invalid")) return lookup(host, options, done);
        process.nextTick(done, Object.assign(new Error(`connect ${code} 192.0.2.1:80`), { code, syscall: "connect" }));
      };
      await withReplaced(dns, { lookup: failing as unknown as typeof lookup }, async () => {
        if (!isGone) return assert.rejects(makeFromHub(installation), { kind: "refused" });
        await makeFromHub(installation);
        assert.deepEqual(installation.clock.pauses, OFTEN, code);
        await installation.models.remove("tiny-int8");
      });
    }
  });

  it("waits until a virus scanner lets go of a new file, and of a new model, and another window of the old one", async () => {
    const { rename } = files;
    const { models } = installation;
    for (const [held, make] of [
      [join(download(), `${WEIGHTS}.part`), makeFromHub],
      [models.replacementOf("tiny-int8"), repairFromHub],
      [models.pathOf("tiny-int8"), repairFromHub],
    ] as const) {
      let asked = 0;
      const renameLater: typeof rename = async (from, to) => {
        if (from !== held || ++asked > 2) return rename(from, to);
        throw Object.assign(new Error("EPERM"), { code: "EPERM" });
      };
      await withReplaced(files, { rename: renameLater }, () => make(installation));
      assert.equal(asked, 3, held);
    }
  });

  it("goes on the next day, and takes a whole file only when it is the right one", async () => {
    await mkdir(download(), { recursive: true });
    const content = await readFile(join(CHECKPOINT, WEIGHTS));
    await writeFile(join(download(), `${WEIGHTS}.part`), content.subarray(0, 30_000));
    await writeFile(join(download(), "config.json"), hub.files.get("config.json")!);
    await writeFile(join(download(), "model-00001-of-00003.safetensors"), "something else");
    await makeFromHub(installation);
    assert.deepEqual(rangesOf(WEIGHTS), ["bytes=30000-"]);
    assert.ok(!hub.requests.some(({ file }) => file === "config.json"));
    assert.deepEqual(rangesOf("model-00001-of-00003.safetensors"), [undefined]);
  });

  it("fetches a file again when its beginning turns out to be another's, and when it is too long", async () => {
    await mkdir(download(), { recursive: true });
    await writeFile(join(download(), `${WEIGHTS}.part`), Buffer.alloc(30_000, 7));
    await writeFile(join(download(), "config.json.part"), Buffer.alloc(30_000, 7));
    await makeFromHub(installation);
    assert.deepEqual(rangesOf(WEIGHTS), ["bytes=30000-", undefined]);
  });

  it("begins a file anew when the server sends all of it, or says that the range is wrong", async () => {
    await mkdir(download(), { recursive: true });
    await writeFile(join(download(), `${WEIGHTS}.part`), Buffer.alloc(30_000, 7));
    await writeFile(join(download(), "tokenizer.json.part"), Buffer.alloc(10, 7));
    hub.misbehave = ({ file, isContent, range }, response, content) => {
      if (!isContent || range === undefined) return false;
      if (file === "tokenizer.json") response.writeHead(416).end();
      else sendContent(response, content, undefined);
      return true;
    };
    await assertWhole(await makeFromHub(installation));
  });

  it("waits as long as the server asks for, in both of the header's forms", async () => {
    const headers = ["7", new Date(Date.now() + 30_000).toUTCString()];
    const refuse = on("config.json", (response) => response.writeHead(429, { "retry-after": headers.shift() }).end());
    hub.misbehave = first(2, refuse);
    await makeFromHub(installation);
    const [seconds, date] = installation.clock.pauses;
    assert.equal(seconds, 7000);
    assert.ok(date! > 20_000 && date! <= 30_000, String(date));
  });

  it("waits for the end of the hub's window when it has asked too often, though the hub says nothing of when to retry", async () => {
    const headers = {
      ratelimit: '"resolvers";r=0;t=299',
      "ratelimit-policy": '"fixed window";"resolvers";q=3000;w=300',
    };
    hub.misbehave = first(1, on("config.json", status(429, headers)));
    await makeFromHub({ ...installation, patience: PATIENCE });
    assert.deepEqual(installation.clock.pauses, [300_000]);
    assert.deepEqual(pausesSeen(), [{ phase: "pausing", host: new URL(hub.endpoint).host, pauseMs: 300_000 }]);
  });

  it("shows that it waits, and that it goes on, also while files are listed", async () => {
    hub.misbehave = first(1, on("tree", outOfOrder));
    await makeFromHub(installation);
    assert.deepEqual(
      installation.seen.slice(0, 4).map(({ phase }) => phase),
      ["listing", "pausing", "listing", "downloading"],
    );
  });

  it("waits longer each time, and begins to count anew after progress", async () => {
    const big = Buffer.alloc(3 * 2 ** 20, 1);
    hub.files.set("model-00004-of-00003.safetensors", big);
    let cuts = 0;
    const cut = onContent((response, content, range) => {
      const start = Number(/\d+/.exec(range ?? "0")![0]);
      // Two attempts that bring nothing, then two that bring a megabyte: never three in a row.
      const bytes = cuts++ < 2 ? 0 : 2 ** 20;
      if (range) response.writeHead(206, { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` });
      // Without a length, so that the end looks like one.
      response.write(content.subarray(start, start + bytes), () => response.end());
    }, "model-00004-of-00003.safetensors");
    hub.misbehave = first(4, cut);
    await makeFromHub({ ...installation, keepDownload: true });
    assert.deepEqual(installation.clock.pauses, [1000, 2000, 1000, 1000]);
    assert.equal((await stat(join(download(), "model-00004-of-00003.safetensors"))).size, big.length);
  });

  it("gives its token to the hub alone, and not to where the large files lie", async () => {
    hub.token = "hf_secret";
    const tokens = async () => "hf_secret";
    await makeFromHub({ ...installation, hub: new Hub(hub.endpoint, { tokenOf: tokens, silence: SILENCE }) });
    const content = hub.requests.filter(({ isContent }) => isContent);
    assert.ok(content.length >= 4);
    for (const { authorization } of content) assert.equal(authorization, undefined);
  });

  async function mirrorOf({ endpoint }: FakeHub): Promise<FakeHub> {
    const mirror = await FakeHub.of(CHECKPOINT);
    mirror.misbehave = ({ file }, response) => {
      const path = file === "tree" ? "api/models/google/tiny/tree/main" : `google/tiny/resolve/main/${file}`;
      response.writeHead(308, { location: `${endpoint}/${path}` }).end();
      return true;
    };
    return mirror;
  }

  it("follows a mirror to the hub, each with its own token", async () => {
    const mirror = await mirrorOf(hub);
    const endpoint = `http://localhost:${mirror.port}`;
    hub.token = "hf_hub";
    const behind = (tokens: Readonly<Record<string, string>>): Installation => ({
      ...installation,
      hub: new Hub(endpoint, { tokenOf: tokenOf(tokens), silence: SILENCE, hubOrigin: hub.endpoint }),
    });
    try {
      await assert.rejects(makeFromHub(behind({ [endpoint]: "hf_mirror" })), { kind: "passedOn" });
      const old = { [endpoint]: "hf_mirror", [hub.endpoint]: "hf_old" };
      await assert.rejects(makeFromHub(behind(old)), { kind: "badToken" });
      hub.requests.length = 0;
      await assertWhole(await makeFromHub(behind({ [endpoint]: "hf_mirror", [hub.endpoint]: "hf_hub" })));
      assert.deepEqual(
        new Set(mirror.requests.map(({ authorization }) => authorization)),
        new Set(["Bearer hf_mirror"]),
      );
      for (const { isContent, authorization } of hub.requests)
        assert.equal(authorization, isContent ? undefined : "Bearer hf_hub");
    } finally {
      await mirror.stop();
    }
  });

  it("names the address of a mirror that redirects to itself under another one, which gets no token", async () => {
    const mirror = await mirrorOf(hub);
    const endpoint = `${mirror.endpoint}/hub`;
    hub.token = "hf_mirror";
    const tokens = tokenOf({ [mirror.endpoint]: "hf_mirror" });
    try {
      const moved = new Hub(endpoint, { tokenOf: tokens, silence: SILENCE });
      await assert.rejects(makeFromHub({ ...installation, hub: moved }), {
        kind: "movedEndpoint",
        message:
          `127.0.0.1:${mirror.port} redirects to ${hub.endpoint}/hub, to which no token is sent (401). ` +
          `Set \`griffin.models.endpoint\` to ${hub.endpoint}/hub, then try again.`,
      });
      assert.deepEqual(
        hub.requests.map(({ authorization }) => authorization),
        [undefined],
      );
    } finally {
      await mirror.stop();
    }
  });

  it("asks for a new address when a storage host refuses one, which may have expired", async () => {
    hub.misbehave = first(2, onContent(status(403)));
    await makeFromHub(installation);
    assert.deepEqual(installation.clock.pauses, [1000, 2000]);
    assert.equal(hub.requests.filter(({ file, isContent }) => file === WEIGHTS && !isContent).length, 3);
  });

  it("waits longer for a mirror to begin a large file, which it fetches itself first, but not for a storage host", async () => {
    const limits = new Map<string, number | undefined>();
    await withSilence(
      () => makeFromHub(installation),
      ({ url, timeoutMs }) => limits.set(url.pathname.replace("/google/tiny/resolve/main", "/main"), timeoutMs),
    );
    const { beforeAnswerMs, beforeLargeFileMs } = SILENCE;
    assert.equal(limits.get(`/main/${WEIGHTS}`), beforeLargeFileMs);
    for (const path of ["/main/config.json", `/content/${WEIGHTS}`, "/api/models/google/tiny/tree/main"]) {
      assert.equal(limits.get(path), beforeAnswerMs, path);
    }
  });

  it("does not say of what no waiting mends that it was tried several times", async () => {
    let asked = 0;
    hub.misbehave = on(WEIGHTS, (response) => response.writeHead(++asked === 1 ? 503 : 404).end());
    await assert.rejects(makeFromHub(installation), {
      kind: "notFound",
      message: /has no model-00002\S+ in google\/tiny \(404\)\. (?!.*tr(y|ies))/,
    });
    assert.equal(asked, 2);
  });

  it("waits for a mirror twice at most, when it says nothing for half an hour", async () => {
    const asked = { repository: "google/tiny", host: "mirror.example", file: WEIGHTS };
    const pausesAfter = async (silentMs: number) => {
      const clock = new HurriedClock();
      const fault = new Fault("stalled", { ...asked, silentMs });
      const { signal } = installation;
      await assert.rejects(
        retrying({ patience: PATIENCE, clock, signal }, () => Promise.reject(fault)),
        fault,
      );
      return clock.pauses;
    };
    assert.deepEqual(await pausesAfter(30 * 60_000), [1000]);
    assert.equal((await pausesAfter(60_000)).length, PATIENCE.tries - 1);
  });

  it("looks for a network that is gone for a quarter of an hour, and after other faults no longer than without", async () => {
    const asked = { repository: "google/tiny", host: "files.example", file: WEIGHTS };
    const offline = () => new Fault("offline", { ...asked, cause: "ENOTFOUND" });
    const refused = () => new Fault("refused", { ...asked, cause: "ECONNREFUSED" });
    const pausesWith = async (...faults: readonly (() => Fault)[]) => {
      const clock = new HurriedClock();
      const { signal } = installation;
      const isOutage = ({ kind }: Fault) => kind === "offline";
      let attempts = 0;
      const attempt = () => Promise.reject(faults[attempts++ % faults.length]!());
      await assert.rejects(retrying({ patience: PATIENCE, clock, signal, isOutage }, attempt), /tries|attempts|times/);
      return clock.pauses;
    };
    const pauses = await pausesWith(offline);
    assert.deepEqual(pauses.slice(0, 6), [1000, 2000, 4000, 8000, 15_000, 15_000]);
    assert.equal(
      pauses.reduce((sum, pauseMs) => sum + pauseMs),
      15 * 60_000,
    );
    assert.equal((await pausesWith(offline, refused)).length, 2 * PATIENCE.tries - 1, "it ends though they take turns");
  });

  it("stops when told to, and goes on from there", async () => {
    hub.misbehave = onContent((response, content) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 20_000));
    });
    let whileAtWork: unknown;
    void whenFetched(20_000).then(async () => {
      whileAtWork = await installation.models.leftovers();
      installation.controller.abort(new Error("stopped"));
    });
    await assert.rejects(makeFromHub(installation), /^Error: stopped$/);
    assert.deepEqual(whileAtWork, [], "what somebody works on is no leftover, to be removed under their hands");
    assert.deepEqual(await installation.models.installed(), []);
    const [leftover] = await installation.models.leftovers();
    assert.equal(leftover?.name, "download of tiny");
    assert.ok(leftover.bytes >= 20_000);
    hub.misbehave = () => false;
    hub.requests.length = 0;
    await makeFromHub({ ...installation, signal: new AbortController().signal });
    assert.deepEqual(rangesOf(WEIGHTS), ["bytes=20000-"]);
  });

  it("stops in the middle of a conversion, and goes on from there without a download", async () => {
    const stopping = makeFromHub({
      ...installation,
      onProgress: ({ phase, ...rest }) => {
        const { doneBytes = 0 } = rest as { doneBytes?: number };
        if (phase === "converting" && doneBytes > 0) installation.controller.abort(new Error("stopped"));
      },
    });
    await assert.rejects(stopping, /^Error: stopped$/);
    assert.deepEqual(await installation.models.installed(), []);
    hub.requests.length = 0;
    await assertWhole(await makeFromHub({ ...installation, signal: new AbortController().signal }));
    assert.deepEqual(filesAsked(), ["tree"]);
  });

  it("keeps what is known of each file as soon as that was compared: a window may end without a word", async () => {
    let known = "[]";
    hub.misbehave = ({ file, isContent }) => {
      const record = join(download(), ".record.json");
      if (file === WEIGHTS && isContent && existsSync(record)) known = readFileSync(record, "utf8");
      return false;
    };
    await makeFromHub(installation);
    const compared = JSON.parse(known).filter((file: { mtimeMs?: number }) => file.mtimeMs !== undefined);
    assert.ok(compared.length > 0, known);
  });

  describe("of which the download is whole, and the conversion was stopped", () => {
    const failing: typeof jobsHere = () => Promise.reject(new Error("damaged"));
    const killed: typeof jobsHere = () => Promise.reject(new Error("killed", { cause: new EndedEarly("SIGKILL") }));
    const full: typeof jobsHere = () => Promise.reject(new JobFailed({ message: "full", code: "ENOSPC" }));
    async function stopConversion(): Promise<void> {
      const controller = new AbortController();
      const runJob: typeof jobsHere = async (_, { signal }) => {
        controller.abort(new Error("stopped"));
        throw signal.reason;
      };
      const { signal } = controller;
      await assert.rejects(makeFromHub({ ...installation, signal, runJob }), /^Error: stopped$/);
    }
    async function filesReadDuring(work: () => Promise<unknown>): Promise<string[]> {
      const { createReadStream } = fs;
      const read: string[] = [];
      const watched = ((path: string, options: object) => {
        read.push(basename(path));
        return createReadStream(path, options);
      }) as typeof createReadStream;
      await withReplaced(fs, { createReadStream: watched }, work);
      return read.sort();
    }
    beforeEach(async () => {
      await stopConversion();
      hub.requests.length = 0;
      installation.clock.pauses.length = 0;
    });

    it("goes on without the hub where that cannot be reached, as in a train, and waits for nothing", async () => {
      const answers: readonly Answer[] = [
        status(302, { location: "http://griffin-files.invalid/tree" }),
        (response) => response.destroy(),
        outOfOrder,
        (response) => response.end("<html>Log in to the train's network</html>"),
      ];
      for (const answer of answers) {
        hub.misbehave = always(answer);
        await assertWhole(await makeFromHub({ ...installation, keepDownload: true }));
        await installation.models.remove("tiny-int8");
      }
      assert.deepEqual(installation.clock.pauses, []);
    });

    it("does not go on where the hub refuses, nor where something has changed since", async () => {
      hub.token = "hf_other";
      await assert.rejects(makeFromHub(installation), { kind: "noToken" });
      hub.token = undefined;
      hub.misbehave = always(outOfOrder);
      await truncate(join(download(), WEIGHTS), WEIGHTS_BYTES - 1);
      await assert.rejects(makeFromHub(installation), { kind: "serverError" });
      assert.equal(installation.clock.pauses.length, 2);
    });

    it("reads no file whole a second time, only one that was written or is another by now", async () => {
      assert.deepEqual(await filesReadDuring(stopConversion), []);
      await utimes(join(download(), "config.json"), 1, 1);
      const other = Buffer.from(hub.files.get(WEIGHTS)!);
      hub.files.set(WEIGHTS, other.fill(1, 20_000));
      assert.deepEqual(await filesReadDuring(stopConversion), ["config.json", WEIGHTS, `${WEIGHTS}.part`]);
    });

    it("is compared anew once it could not be converted, unless the disk was full or the process was killed, and by a repair", async () => {
      const install = (runJob: typeof jobsHere) => () =>
        assert.rejects(makeFromHub({ ...installation, runJob }), /^Error: (full|killed|damaged)$/);
      await install(full)();
      assert.deepEqual(await filesReadDuring(install(killed)), []);
      assert.deepEqual(await filesReadDuring(install(failing)), []);
      const path = join(download(), WEIGHTS);
      const { mtime } = await stat(path);
      await writeFile(path, Buffer.alloc(WEIGHTS_BYTES, 7));
      await utimes(path, mtime, mtime);
      await makeFromHub({ ...installation, keepDownload: true });
      assert.deepEqual(await readFile(path), hub.files.get(WEIGHTS));
      const read = await filesReadDuring(() => repairFromHub(installation));
      assert.ok(read.includes(WEIGHTS), read.join());
    });
  });

  it("says how long the conversion still takes, whatever an earlier attempt has done", async () => {
    let now = 0;
    installation.clock.now = () => now;
    const runJob: typeof jobsHere = async (_, { onProgress }) => {
      now = 60_000;
      onProgress?.({ doneBytes: 75, totalBytes: 100, earlierBytes: 70 });
      throw new Error("enough");
    };
    await assert.rejects(makeFromHub({ ...installation, runJob }), /enough/);
    const last = installation.seen.at(-1)!;
    assert.equal("minutesLeft" in last && last.minutesLeft, 5);
  });

  it("is done although the download cannot be removed: that is a leftover", async () => {
    const remove = files.rm;
    const busy: Pick<typeof files, "rm"> = {
      rm: async (path, options) => {
        if (path === download()) throw Object.assign(new Error("busy"), { code: "EBUSY" });
        await remove(path, options);
      },
    };
    const folder = await withReplaced(files, busy, () => makeFromHub(installation));
    await assertWhole(folder);
    assert.deepEqual(await leftoverNames(), ["download of tiny"]);
  });

  it("keeps the download when asked to, and makes the other form from it", async () => {
    await makeFromHub({ ...installation, keepDownload: true });
    hub.requests.length = 0;
    const folder = await makeFromHub({ ...installation, form: "int4" });
    assert.deepEqual(filesAsked(), ["tree"]);
    await assertWhole(folder);
    assert.equal((await installation.models.installed()).length, 2);
  });

  it("calibrates what comes from the hub, too, where that is chosen, under a name that a repair knows", async () => {
    const asked: unknown[] = [];
    const runJob = async (job: ModelJob<"convert">) => {
      asked.push(job);
      await mkdir(job.outDir);
    };
    const folder = await makeFromHub({ ...installation, runJob: runJob as RunJob, form: "int4-calibrated" });
    assert.equal(folder, installation.models.pathOf("tiny-int4-calibrated"));
    const { weights, isCalibrated, outDir } = asked[0] as Record<string, unknown>;
    const growing = installation.models.replacementOf("tiny-int4-calibrated");
    assert.deepEqual([weights, isCalibrated, outDir], ["int4", true, growing]);
  });

  it("is done once when two windows want it", async () => {
    const other = { ...installation, seen: [], onProgress: (progress: never) => void waits.push(progress) };
    const waits: { phase: string }[] = [];
    const folders = await Promise.all([makeFromHub(installation), makeFromHub(other)]);
    assert.equal(folders[0], folders[1]);
    assert.equal(hub.requests.filter(({ file }) => file === "tree").length, 1);
    assert.ok([...waits, ...installation.seen].some(({ phase }) => phase === "waiting"));
  });

  it("is noted beside the models while it goes on, and not by a window that waits", async () => {
    const noted: (Making | undefined)[] = [];
    const { notes } = installation.models;
    const runJob: typeof jobsHere = async () => {
      noted.push(await notes.making());
      throw new Error("enough");
    };
    const forms = ["int8", "int4"] as const;
    const ofUser = { ...installation, runJob, checkpoint: CHECKPOINT, name: "mine" };
    const ends = await Promise.allSettled([
      ...forms.map((form) => makeFromHub({ ...installation, runJob, form })),
      repairFromHub({ ...installation, runJob }),
      makeFromFolder(ofUser),
      repairFromFolder(ofUser),
    ]);
    assert.ok(ends.every(({ status }) => status === "rejected"));
    const byName = noted.map((making) => `${making?.folderName}${making?.isRepair ? ", a repair" : ""}`).sort();
    assert.deepEqual(byName, ["mine-int8", "mine-int8, a repair", "tiny-int4", "tiny-int8", "tiny-int8, a repair"]);
    assert.equal(await notes.making(), undefined);
  });

  it("knows the checkpoints of the models that are there, whole or not, and no longer those of removed ones", async () => {
    const { models } = installation;
    const { notes } = models;
    const folders = ["a-int8", "b-int4-calibrated", ".c-int8.new", "..d-int8.new.converting"];
    for (const name of folders) await mkdir(join(models.root, name));
    for (const name of ["a", "b", "c", "d", "e", "f"]) await notes.setCheckpoint(name, `/trained/${name}`);
    assert.deepEqual(Object.keys(await notes.checkpoints()), ["a", "b", "c", "d", "f"]);
    await models.remove("a-int8");
    await notes.setCheckpoint("c", "/moved/c");
    const known = { b: "/trained/b", c: "/moved/c", d: "/trained/d" };
    assert.deepEqual(await notes.checkpoints(), known);
  });

  it("names what the converter finds wrong, and nothing can be loaded", async () => {
    hub.files.set("config.json", Buffer.from(JSON.stringify({ model_type: "llama" })));
    await assert.rejects(makeFromHub(installation), /model_type is "llama"/);
    assert.deepEqual(await installation.models.installed(), []);
  });

  it("repairs: checks what is there, fetches what is not, and swaps the folders when the new one is whole", async () => {
    const folder = await makeFromHub({ ...installation, keepDownload: true });
    const expected = (await readModelFolder(folder)).files;
    await truncate(join(folder, "tokenizer.json"), 3);
    await truncate(join(download(), WEIGHTS), WEIGHTS_BYTES - 1);
    const { faults } = await jobsHere({ type: "verify", folder }, { signal: installation.signal });
    assert.deepEqual(faults, [`tokenizer.json has 3 bytes instead of ${expected["tokenizer.json"]!.bytes}.`]);
    hub.requests.length = 0;
    const seen: string[] = [];
    const whileUnused: HubInstall["whileUnused"] = async (unused, work) => {
      await assertWhole(installation.models.replacementOf("tiny-int8"));
      assert.deepEqual(await installedNames(), ["tiny-int8"], "what is not yet in its place is not offered");
      await work();
      await assertWhole(unused);
      seen.push(unused);
    };
    await repairFromHub({ ...installation, whileUnused });
    assert.deepEqual(seen, [folder]);
    assert.deepEqual((await readModelFolder(folder)).files, expected);
    assert.deepEqual((await jobsHere({ type: "verify", folder }, { signal: installation.signal })).faults, []);
    assert.deepEqual(new Set(filesAsked()), new Set(["tree", WEIGHTS]));
    assert.deepEqual(await installation.models.leftovers(), []);
  });

  it("makes anew what another version has made from the download that was kept, also without the hub", async () => {
    const folder = await makeFromHub({ ...installation, keepDownload: true });
    const { files } = await readModelFolder(folder);
    const path = join(folder, "model.json");
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), formatVersion: 0 }));
    hub.misbehave = always(outOfOrder);
    await repairFromHub(installation);
    assert.deepEqual((await readModelFolder(folder)).files, files);
  });

  it("makes anew what is there and cannot be used: when it is installed again, and when it waits for its place", async () => {
    const folder = await makeFromHub({ ...installation, keepDownload: true });
    const { files } = await readModelFolder(folder);
    const shard = join(folder, Object.keys(files).find((name) => name.endsWith(".safetensors"))!);
    await truncate(shard, 100);
    assert.equal(await makeFromHub({ ...installation, keepDownload: true }), folder);
    assert.deepEqual((await readModelFolder(folder)).files, files);

    const repairing = repairFromHub({ ...installation, models: held(), keepDownload: true });
    await assert.rejects(repairing, /^Fault: tiny-int8/);
    for (const path of [folder, installation.models.replacementOf("tiny-int8")]) {
      const json = JSON.parse(await readFile(join(path, "model.json"), "utf8"));
      await writeFile(join(path, "model.json"), JSON.stringify({ ...json, formatVersion: 0 }));
    }
    assert.equal(await makeFromHub(installation), folder);
    await assertWhole(folder);
    assert.deepEqual(await installation.models.leftovers(), []);
  });

  it("repairs at the second try what another window held fast, and makes nothing twice", async () => {
    const folder = await makeFromHub(installation);
    await truncate(join(folder, "tokenizer.json"), 3);
    await assert.rejects(
      repairFromHub({ ...installation, models: held() }),
      /^Fault: tiny-int8 cannot be moved \(EBUSY\): another program or window is using it\. Close the other windows/,
    );
    const left = ["download of tiny", "unfinished tiny-int8"];
    assert.deepEqual(await leftoverNames(), left, "another version makes the model from it anew");
    hub.requests.length = 0;
    await repairFromHub(installation);
    await assertWhole(folder);
    assert.deepEqual(hub.requests, []);
    assert.deepEqual(await installation.models.leftovers(), []);
  });

  it("goes on with a replacement that was stopped between its two renames, and makes nothing twice", async () => {
    const folder = await makeFromHub(installation);
    await files.rename(folder, installation.models.replacementOf("tiny-int8"));
    hub.requests.length = 0;
    assert.equal(await makeFromHub(installation), folder);
    await assertWhole(folder);
    assert.deepEqual(hub.requests, []);
    assert.deepEqual(await installation.models.leftovers(), []);
  });

  it("leaves the old model in its place when the new one cannot be put there", async () => {
    await makeFromHub(installation);
    await assert.rejects(installation.models.replace("tiny-int8"), /^Fault: tiny-int8 could not be written \(ENOENT\)/);
    assert.deepEqual(await installedNames(), ["tiny-int8"]);
    assert.deepEqual(await installation.models.leftovers(), []);
  });

  it("names another disk in the setting where one has no room: for a conversion, and not for a repair, which stays", async () => {
    const said = "The conversion needs 2 GB.";
    const runJob: typeof jobsHere = () => Promise.reject(new JobFailed({ message: said, code: "ENOSPC" }));
    const mine = { ...installation, runJob, checkpoint: CHECKPOINT, name: "mine" };
    await assert.rejects(makeFromFolder(mine), {
      kind: "noRoomToConvert",
      message: `${said} Or name a folder on another disk in \`griffin.models.folder\`, and try again.`,
    });
    await assert.rejects(repairFromFolder(mine), { message: said });
    await assert.rejects(
      repairFromHub({ ...installation, model: { ...TINY, storedBytes: { int8: 9e15, int4: 9e15 } } }),
      { kind: "noRoomToRepair" },
    );
  });

  let conversions = 0;
  const countingJobs: typeof jobsHere = (job, options) => {
    if (job.type === "convert") conversions++;
    return jobsHere(job, options);
  };

  it("uses a replacement that waits only where it was made from the checkpoint as it is now", async () => {
    const { models } = installation;
    const [one, other, checkpoint] = [models.pathOf(".one"), models.pathOf(".other"), models.pathOf(".latest")];
    const tokenizer = join(checkpoint, "tokenizer.json");
    await writeCheckpoint(one);
    await writeFile(join(one, "NOTICE"), "");
    await cp(one, other, { recursive: true });
    await symlink(one, checkpoint, "junction");
    const mine = { ...installation, runJob: countingJobs, checkpoint, name: "mine" };
    const folder = await makeFromFolder(mine);
    const interrupted = () => assert.rejects(repairFromFolder({ ...mine, models: held() }), { kind: "inUse" });
    conversions = 0;
    await interrupted();
    await repairFromFolder(mine);
    assert.equal(conversions, 1, "nothing is made twice");

    const weights = join(checkpoint, WEIGHTS);
    for (const change of [
      async () => writeFile(tokenizer, `${await readFile(tokenizer, "utf8")}\n`),
      // As a copy that keeps the times.
      async () => writeFile(weights, await readFile(weights)).then(() => utimes(weights, 1, 1)),
      () => rm(join(checkpoint, "NOTICE")),
      () => rm(checkpoint).then(() => symlink(other, checkpoint, "junction")),
    ]) {
      await interrupted();
      await change();
      conversions = 0;
      await repairFromFolder(mine);
      assert.equal(conversions, 1);
    }
    assert.deepEqual(await readFile(join(folder, "tokenizer.json")), await readFile(tokenizer));
    await repairFromFolder(mine);
    assert.equal(conversions, 2, "nothing waits any more");
    assert.deepEqual((await readdir(models.root)).sort(), [
      ".checkpoints.json",
      ...[".latest", ".one", ".other", "mine-int8"],
    ]);
  });

  it("allows for another clock where the checkpoint lies on another disk", async () => {
    const checkpoint = installation.models.pathOf(".checkpoint");
    await writeCheckpoint(checkpoint);
    const mine = { ...installation, runJob: countingJobs, checkpoint, name: "mine" };
    const { stat: look } = files;
    for (const [minutes, made] of [
      [5, 1],
      [15, 0],
    ] as const) {
      await assert.rejects(repairFromFolder({ ...mine, models: held() }), { kind: "inUse" });
      conversions = 0;
      const changed = Date.now() - minutes * 60_000;
      const elsewhere = async (path: string) => {
        const found = await look(path);
        return path.startsWith(checkpoint)
          ? Object.assign(found, { dev: found.dev + 1, mtimeMs: changed, ctimeMs: changed })
          : found;
      };
      const others = { stat: elsewhere, lstat: elsewhere } as unknown as Pick<typeof files, "stat" | "lstat">;
      await withReplaced(files, others, () => repairFromFolder(mine));
      assert.equal(conversions, made, `${minutes} minutes`);
    }
  });

  it("converts a folder of the user's, which stays as it is", async () => {
    const checkpoint = join(installation.models.root, "..", `${Date.now()}-griffin-checkpoint`);
    await writeCheckpoint(checkpoint);
    try {
      const folder = await makeFromFolder({ ...installation, checkpoint, name: "mine" });
      assert.equal(folder, installation.models.pathOf("mine-int8"));
      assert.deepEqual(
        await installation.models.notes.checkpoints(),
        { mine: checkpoint },
        "where a repair looks for it",
      );
      await assertWhole(folder);
      assert.deepEqual((await readdir(checkpoint)).sort(), [...hub.files.keys()].sort());
      await assert.rejects(makeFromFolder({ ...installation, checkpoint, name: "mine" }), {
        kind: "alreadyInstalled",
        details: { name: "mine-int8", folder },
      });
      for (const [name, content] of [
        ["model.json", ""],
        ["tokenizer.json", "{}"],
      ] as const) {
        await writeFile(join(folder, name), content);
        assert.equal(await makeFromFolder({ ...installation, checkpoint, name: "mine" }), folder);
        await assertWhole(folder);
        await writeFile(join(folder, name), content);
        await repairFromFolder({ ...installation, checkpoint, name: "mine" });
        await assertWhole(folder);
      }
      assert.deepEqual(await installation.models.leftovers(), []);
      const calibrated = { ...installation, checkpoint, name: "mine", form: "int4-calibrated" } as const;
      const runJob = (job: ModelJob<"convert">) => mkdir(job.outDir);
      assert.equal(
        await makeFromFolder({ ...calibrated, runJob: runJob as RunJob }),
        installation.models.pathOf("mine-int4-calibrated"),
      );
      await installation.models.remove("mine-int4-calibrated");
      await installation.models.remove("mine-int8");
      assert.deepEqual(await installation.models.installed(), []);
    } finally {
      await rm(checkpoint, { recursive: true });
    }
  });
});
