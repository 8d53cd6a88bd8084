// Each way in which a hub, a network or a disk can fail a download: what the user reads, that nothing half-written can
// be loaded, and that the next attempt, when all is well again, succeeds. Prints the table.

import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { readModelFolder, verifyModelFolder } from "../../../../src/engine/model/modelFolder";
import { Fault, type FaultKind, secretsFault } from "../../../../src/extension/models/faults";
import { Hub } from "../../../../src/extension/models/hub";
import { makeFromHub } from "../../../../src/extension/models/install";
import { FakeHub, type Misbehavior, sendContent } from "../../../support/fakeHub";
import { faultOf } from "../../../support/faultOf";
import { fallSilent, withSilence } from "../../../support/silence";
import { useUnknownNames } from "../../../support/unknownNames";
import {
  always,
  type Installation,
  newInstallation,
  on,
  onContent,
  SILENCE,
  status,
  tokenOf,
  WEIGHTS,
} from "./support";

interface Case {
  readonly title: string;
  readonly kind: FaultKind;
  /** A part of the sentence that no other fault has. */
  readonly says: RegExp;
  readonly misbehave?: Misbehavior;
  readonly token?: string;
  /** Changes the installation, or the disk under it. */
  readonly prepare?: (
    installation: Installation,
    hub: FakeHub,
  ) => Partial<Installation> | Promise<Partial<Installation>>;
  readonly onlyOn?: NodeJS.Platform;
}

const STORE_FAULT = secretsFault(new Error("Cannot get password."));

const CASES: readonly Case[] = [
  {
    title: "no token (401)",
    kind: "noToken",
    says: /only to people who are signed in.*license \(401\)/,
    misbehave: always(status(401)),
  },
  {
    title: "a token that is not accepted (401)",
    kind: "badToken",
    says: /does not accept your access token \(401\)/,
    token: "old",
    misbehave: always(status(401)),
  },
  {
    title: "tokens that the system's store for secrets does not give",
    kind: "noSecrets",
    says: /^Your access tokens cannot be read .*store for secrets \(Cannot get password\)\. Unlock/,
    prepare: (_installation, { endpoint }) => ({
      hub: new Hub(endpoint, { tokenOf: () => Promise.reject(STORE_FAULT), silence: SILENCE }),
    }),
  },
  {
    title: "licence not accepted (403)",
    kind: "noAccess",
    says: /no access to google\/tiny \(403\). Accept the license at https:\/\/huggingface\.co\/google\/tiny,/,
    token: "good",
    misbehave: on(WEIGHTS, status(403)),
  },
  {
    title: "a mirror that redirects to the hub, for which there is no token (401)",
    kind: "passedOn",
    says: /^127\.0\.0\.1:\d+ redirects to localhost:\d+, which gives google\/tiny .*\(401\)\. Enter an access token for localhost:/,
    prepare: (_installation, { endpoint, port }) => ({
      hub: new Hub(endpoint, { tokenOf: tokenOf({}), silence: SILENCE, hubOrigin: `http://localhost:${port}` }),
    }),
    misbehave: onContent(status(401)),
  },
  {
    title: "a storage host that refuses (403), again and again",
    kind: "storageRefuses",
    says: /^localhost:\d+, where 127\.0\.0\.1:\d+ keeps its files, refused model-00002\S+ \(403, after 3 tries\)\. Is a filter/,
    token: "good",
    misbehave: onContent(status(403)),
  },
  {
    title: "no such repository (404)",
    kind: "notFound",
    says: /has no google\/tiny \(404\)/,
    misbehave: on("tree", status(404)),
  },
  {
    title: "a file that the mirror lacks (404)",
    kind: "notFound",
    says: /has no model-00002-of-00003.safetensors in google\/tiny \(404\)/,
    misbehave: on(WEIGHTS, status(404)),
  },
  {
    title: "too many requests (429), for a long time",
    kind: "tooManyRequests",
    says: /limiting requests \(429\). Wait 10 min/,
    misbehave: on(WEIGHTS, status(429, { "retry-after": "600" })),
  },
  {
    title: "the server's own fault (503), again and again",
    kind: "serverError",
    says: /reports an internal error \(503, after 3 tries\)\. Run/,
    misbehave: on(WEIGHTS, status(503)),
  },
  {
    title: "a status that makes no sense (418)",
    kind: "unexpectedStatus",
    says: /with 418, which/,
    misbehave: on(WEIGHTS, status(418)),
  },
  {
    title: "a web page instead of weights",
    kind: "notWeights",
    says: /a web page instead of model-00002/,
    misbehave: on(WEIGHTS, (response) => response.setHeader("content-type", "text/html").end("<html>Log in</html>")),
  },
  {
    title: "a web page that says it is weights",
    kind: "notWeights",
    says: /a web page instead of model-00002/,
    misbehave: on(WEIGHTS, (response, content) =>
      response.end(Buffer.concat([Buffer.from("<!DOCTYPE html>"), content]).subarray(0, content.length)),
    ),
  },
  {
    title: "a web page instead of the listing",
    kind: "notAListing",
    says: /did not send a list of files/,
    misbehave: on("tree", (response) => response.end("<html>Log in</html>")),
  },
  {
    title: "a web page without an end instead of the listing",
    kind: "notAListing",
    says: /did not send a list of files/,
    misbehave: on("tree", (response) => {
      const page = Buffer.alloc(100_000, "<p>Log in</p>");
      const sendMore = () => response.write(page, (error) => error ?? sendMore());
      sendMore();
    }),
  },
  {
    title: "a listing that names a next page without end",
    kind: "notAListing",
    says: /did not send a list of files/,
    misbehave: on("tree", (response) => {
      const { headers, url } = response.req;
      response.setHeader("link", `<http://${headers.host}${url}>; rel="next"`).end("[]");
    }),
  },
  {
    title: "a repository without safetensors",
    kind: "missingFiles",
    says: /has no safetensors file/,
    misbehave: (_asked, _response, _content, hub) => {
      for (const name of [...hub.files.keys()]) if (name.includes("safetensors")) hub.files.delete(name);
      return false;
    },
  },
  {
    title: "connection cut, again and again",
    kind: "cutOff",
    says: /connection broke in the middle of model-00002\S+ \(after 3 tries\)\. Run/,
    misbehave: on(WEIGHTS, (response, content) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 1000), () => response.destroy());
    }),
  },
  {
    title: "the listing cut, again and again",
    kind: "cutOff",
    says: /connection broke in the middle of the list of files \(after 3 tries\)\. Run/,
    misbehave: on("tree", (response) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write("[", () => response.destroy());
    }),
  },
  {
    title: "a connection that ends before an answer",
    kind: "refused",
    says: /No connection to 127.0.0.1:\d+ \(ECONNRESET, after 3 tries\)\. Check your network, .*Choose a Model/,
    misbehave: on("tree", (response) => response.destroy()),
  },
  {
    title: "an end before the end, without a length",
    kind: "cutOff",
    says: /connection broke in the middle/,
    misbehave: on(WEIGHTS, (response, content) => response.write(content.subarray(0, 1000), () => response.end())),
  },
  {
    title: "silence in the middle",
    kind: "stalled",
    says: /sent nothing more of model-00002\S+ for 30 min \(after 2 tries\)\. Check/,
    misbehave: on(WEIGHTS, (response, content) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 1000));
      return fallSilent(response);
    }),
  },
  {
    title: "silence from the beginning",
    kind: "stalled",
    says: /sent nothing more of the list of files for 10 min/,
    misbehave: on("tree", fallSilent),
  },
  {
    title: "silence instead of a small file",
    kind: "stalled",
    says: /sent nothing more of config\.json for 10 min/,
    misbehave: on("config.json", fallSilent),
  },
  {
    title: "silence where the large files are kept",
    kind: "stalled",
    says: /^localhost:\d+ sent nothing more of model-00002\S+ for 10 min/,
    misbehave: onContent(fallSilent),
  },
  {
    title: "silence instead of a large file, which a mirror may have to fetch first",
    kind: "stalled",
    says: /sent nothing more of model-00002\S+ for 20 min/,
    misbehave: on(WEIGHTS, fallSilent),
  },
  {
    title: "another size than announced",
    kind: "wrongSize",
    says: /arrived with 54511 bytes instead of 54512/,
    misbehave: on(WEIGHTS, (response, content) => sendContent(response, content.subarray(1), undefined)),
  },
  {
    title: "more bytes than there are",
    kind: "wrongSize",
    says: /arrived with more than 54512 bytes/,
    misbehave: on(WEIGHTS, (response, content) => response.write(content, () => response.end(content))),
  },
  {
    title: "one bit that is wrong",
    kind: "wrongHash",
    says: /not the file that the hub or mirror lists \(its hash differs\)/,
    misbehave: on(WEIGHTS, (response, content, range) => sendContent(response, withWrongBit(content), range)),
  },
  {
    title: "one bit that is wrong, in a small file",
    kind: "wrongHash",
    says: /config.json is not the file that the hub/,
    misbehave: on("config.json", (response, content, range) => sendContent(response, withWrongBit(content), range)),
  },
  {
    title: "redirects in a circle",
    kind: "redirects",
    says: /keeps redirecting/,
    misbehave: on(WEIGHTS, status(302, { location: `/content/${WEIGHTS}` })),
  },
  {
    title: "redirects in a circle where the files are kept",
    kind: "storageRedirects",
    says: /^localhost:\d+, where 127\.0\.0\.1:\d+ keeps its files, keeps redirecting/,
    misbehave: onContent(status(302, { location: `/content/${WEIGHTS}` })),
  },
  {
    title: "no network",
    kind: "offline",
    says: /cannot be found: are you offline\?/,
    prepare: () => elsewhere("http://griffin-hub.invalid"),
  },
  {
    title: "nobody answers",
    kind: "refused",
    says: /No connection to 127.0.0.1:9 \(ECONNREFUSED, after 3 tries\)\. /,
    prepare: () => elsewhere("http://127.0.0.1:9"),
  },
  {
    title: "a connection that cannot be trusted",
    kind: "tls",
    says: /cannot be trusted/,
    prepare: (_installation, hub) => elsewhere(`https://127.0.0.1:${hub.port}`),
  },
  {
    title: "the proxy wants a password (407)",
    kind: "proxy",
    says: /proxy refused the connection/,
    misbehave: on("tree", status(407)),
  },
  {
    title: "no room on the disk for all of it",
    kind: "noRoom",
    says: /This needs 9000000.0 GB on the disk of \S+griffin-models-\S+, .* name a folder on another disk in `griffin\.models\.folder`\.$/,
    prepare: ({ model }) => ({ model: { ...model, storedBytes: { int8: 9e15, int4: 9e15 } } }),
  },
  {
    title: "the disk fills up meanwhile",
    kind: "diskFull",
    says: /The disk is full: model-00002\S+ could not be written/,
    onlyOn: "linux",
    prepare: async ({ models, model }) => {
      await mkdir(models.downloadOf(model.id), { recursive: true });
      await symlink("/dev/full", join(models.downloadOf(model.id), `${WEIGHTS}.part`));
      return {};
    },
  },
  {
    title: "a folder where a file should be",
    kind: "notWritable",
    says: /could not be written \(E\w+\). Check the folder's permissions/,
    prepare: async ({ models, model }) => {
      await mkdir(join(models.downloadOf(model.id), `${WEIGHTS}.part`, "x"), { recursive: true });
      return {};
    },
  },
];

describe("fault table of downloads", () => {
  useUnknownNames();
  const rows: string[] = [];
  after(() => {
    console.log(`\n    fault → what the user reads (host and port as in the test)\n${rows.join("\n")}\n`);
  });

  for (const { title, kind, says, misbehave, prepare, onlyOn, ...client } of CASES) {
    const test = onlyOn === undefined || onlyOn === process.platform ? it : it.skip;
    test(title, async () => {
      const hub = await FakeHub.of("test/fixtures/tiny/sharded");
      const original = new Map(hub.files);
      const installation = await newInstallation(hub, client);
      try {
        if (misbehave) hub.misbehave = misbehave;
        const changes = (await prepare?.(installation, hub)) ?? {};
        const installing = withSilence(() => makeFromHub({ ...installation, ...changes }));
        const fault = await faultOf(Fault, installing);
        rows.push(`    ${title}\n        → ${fault.message}`);
        assert.equal(fault.kind, kind, fault.message);
        assert.match(fault.message, says);
        await assertNothingIsLoadable(installation);
        await assertGoodFilesOnly(installation, original);

        // Next day, all is well.
        hub.misbehave = () => false;
        for (const [name, content] of original) hub.files.set(name, content);
        if (prepare)
          await rm(join(installation.models.downloadOf("tiny"), `${WEIGHTS}.part`), { recursive: true, force: true });
        const patient = new Hub(hub.endpoint, {
          tokenOf: tokenOf({ [hub.endpoint]: client.token }),
          silence: SILENCE,
        });
        const folder = await makeFromHub({ ...installation, hub: patient });
        await verifyModelFolder(await readModelFolder(folder));
        assert.deepEqual(await installation.models.leftovers(), []);
      } finally {
        await installation.cleanUp();
        await hub.stop();
      }
    });
  }
});

async function assertNothingIsLoadable({ models }: Installation): Promise<void> {
  assert.deepEqual(await models.installed(), []);
  for (const name of await readdir(models.root)) {
    await assert.rejects(readModelFolder(join(models.root, name)), /There is no folder|no readable model.json/);
  }
}

/** What has a file's own name is that file; what is not known to be good ends in `.part`. */
async function assertGoodFilesOnly({ models, model }: Installation, original: Map<string, Buffer>): Promise<void> {
  const folder = models.downloadOf(model.id);
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.endsWith(".part") || name === ".record.json") continue;
    assert.ok(original.get(name)?.equals(await readFile(join(folder, name))), name);
  }
}

function elsewhere(endpoint: string): Partial<Installation> {
  return { hub: new Hub(endpoint, { tokenOf: tokenOf({}), silence: SILENCE }) };
}

function withWrongBit(content: Buffer): Buffer {
  const copy = Buffer.from(content);
  copy[copy.length - 1]! ^= 1;
  return copy;
}
