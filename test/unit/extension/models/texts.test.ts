import assert from "node:assert/strict";
import { CATALOGUE } from "../../../../src/extension/models/catalogue";
import { RateMeter } from "../../../../src/extension/models/checkpointDownload";
import { Fault, networkFault } from "../../../../src/extension/models/faults";
import { hubEndpointOf, silenceOf } from "../../../../src/extension/models/hub";
import {
  actionsFor,
  describeDownload,
  describeProgress,
  InstallBar,
  tokenChoices,
  tokenQuestion,
} from "../../../../src/extension/models/installText";
import { assertClose } from "../../../support/assertClose";
import { FakeClock } from "../../../support/fakeClock";

describe("what an installation says", () => {
  it("tells bytes, rate and time left", () => {
    const download = { phase: "downloading", doneBytes: 1.2e9, totalBytes: 5.4e9 } as const;
    assert.equal(describeProgress(download), "1.2 GB of 5.4 GB");
    assert.equal(describeProgress({ ...download, bytesPerSecond: 35e6 }), "1.2 GB of 5.4 GB, 35 MB/s, 2 min left");
    const check = { ...download, phase: "checkingDownload", bytesPerSecond: 35e6 } as const;
    assert.equal(describeProgress(check), "1.2 GB of 5.4 GB, checking what is here");
    const pause = { phase: "pausing", host: "hub.example", pauseMs: 300_000 } as const;
    assert.equal(describeProgress(pause), "waiting for hub.example, going on in 5 min");
    assert.equal(describeProgress({ phase: "converting", doneBytes: 1, totalBytes: 3 }), "converting, 33 %");
    assert.equal(
      describeProgress({ phase: "converting", doneBytes: 1, totalBytes: 3, minutesLeft: 40 }),
      "converting, 33 %, about 40 min left",
    );
  });

  it("measures the rate over the last seconds, without what was on the disk already", async () => {
    const clock = new FakeClock();
    const meter = new RateMeter(clock);
    meter.add(5e9);
    assert.equal(meter.bytesPerSecond, undefined);
    for (let second = 0; second < 30; second++) {
      await clock.advance(1000);
      meter.add(second < 15 ? 1e6 : 3e6);
    }
    await clock.advance(1000);
    assertClose(meter.bytesPerSecond, 3e6, 0.4e6, "the rate");
  });

  it("measures the same rate however small the pieces are", async () => {
    const clock = new FakeClock();
    const meter = new RateMeter(clock);
    for (let ms = 0; ms < 30_000; ms++) {
      meter.add(2000);
      await clock.advance(1);
    }
    assertClose(meter.bytesPerSecond, 2e6, 0.03e6, "the rate");
  });

  it("moves one bar through download and conversion, and never back", () => {
    const bar = new InstallBar();
    const steps = [
      { phase: "listing" },
      { phase: "downloading", doneBytes: 50, totalBytes: 100 },
      { phase: "downloading", doneBytes: 25, totalBytes: 100 },
      { phase: "checkingDownload", doneBytes: 75, totalBytes: 100 },
      { phase: "downloading", doneBytes: 100, totalBytes: 100 },
      { phase: "converting", doneBytes: 0, totalBytes: 10 },
      { phase: "converting", doneBytes: 10, totalBytes: 10 },
    ] as const;
    assert.deepEqual(
      steps.map((step) => bar.advance(step)),
      [0, 40, 0, 20, 20, 0, 20],
    );
    assert.equal(new InstallBar().advance({ phase: "converting", doneBytes: 5, totalBytes: 10 }), 50);
  });

  const download = { endpoint: "https://huggingface.co", folder: "/home/me/models", keepsDownload: false };

  it("names the folder, the terms and the licence's page before a download", () => {
    const text = describeDownload(CATALOGUE[1]!, download);
    assert.match(
      text,
      /5\.4 GB will be downloaded from https:\/\/huggingface\.co .* kept in \/home\/me\/models\. .* deleted/,
    );
    assert.match(describeDownload(CATALOGUE[1]!, { ...download, keepsDownload: true }), /download is kept there, too/);
    assert.match(
      text,
      /answers in the chat and also gives the completions, in place of the model that is used now\.\n/,
    );
    assert.match(describeDownload(CATALOGUE[1]!, download, "Slow."), / used now\. Slow\.\n/);
    assert.match(text, /https:\/\/ai\.google\.dev\/gemma\/terms/);
    assert.match(text, /huggingface\.co\/google\/recurrentgemma-2b-it/);
  });

  it("sends whoever uses a mirror to the hub's own pages, for the licence and for a token", () => {
    const mirror = "https://mirror.example";
    assert.match(
      describeDownload(CATALOGUE[0]!, { ...download, endpoint: mirror }),
      /them at https:\/\/huggingface\.co\/google\/recurrentgemma-2b,/,
    );
    const { title, prompt } = tokenQuestion(mirror);
    assert.equal(title, "Access token of mirror.example");
    assert.match(prompt, /one from https:\/\/huggingface\.co\/settings\/tokens \(it is sent to mirror\.example\)/);
    assert.match(prompt, /sent only to mirror\.example\./);
    const hub = tokenQuestion("https://huggingface.co").prompt;
    assert.match(hub, /^A token with read access, from https:\/\/huggingface\.co\/settings\/tokens\./);
  });

  it("asks whose token is entered where there is a mirror, which may redirect to the hub", () => {
    const addresses = (endpoint: string) => tokenChoices(endpoint).map(({ label, address }) => [label, address]);
    const hub = ["huggingface.co", "https://huggingface.co"];
    assert.deepEqual(addresses("https://huggingface.co"), [hub]);
    assert.deepEqual(addresses("https://mirror.example/hub"), [["mirror.example", "https://mirror.example"], hub]);
  });

  it("offers what can help", () => {
    const asked = { repository: "google/tiny", host: "hub.example", origin: "https://hub.example" };
    const openModelPage = { type: "openModelPage", address: "https://huggingface.co/google/tiny" };
    const [setToken, tryAgain] = [{ type: "setToken", origin: "https://hub.example" }, { type: "tryAgain" }];
    assert.deepEqual(actionsFor(new Fault("noToken", asked)), [setToken, openModelPage, tryAgain]);
    assert.deepEqual(actionsFor(new Fault("badToken", asked)), [
      setToken,
      { type: "openTokensPage", address: "https://huggingface.co/settings/tokens" },
      tryAgain,
    ]);
    assert.deepEqual(actionsFor(new Fault("noAccess", asked)), [openModelPage, setToken, tryAgain]);
    const passedOn = new Fault("passedOn", { ...asked, endpointHost: "mirror.example" });
    assert.deepEqual(actionsFor(passedOn), [setToken, { type: "openSettings" }]);
    const installed = new Fault("alreadyInstalled", { name: "mine-int8", folder: "/models/mine-int8" });
    assert.deepEqual(actionsFor(installed), [{ type: "use", folder: "/models/mine-int8" }]);
    assert.deepEqual(actionsFor(new Fault("notOfHub", { model: "Mine" })), [], "trying again would not");
    const room = { folder: "/models", neededBytes: 2e9, freeBytes: 1e9 };
    assert.deepEqual(actionsFor(new Fault("noRoom", room)), [{ type: "openSettings" }, tryAgain]);
    assert.deepEqual(actionsFor(new Fault("noRoomToRepair", room)), [tryAgain], "a repair stays where the model is");
    assert.deepEqual(actionsFor(new Error("The conversion ended early.")), [tryAgain]);
  });
});

describe("names for a connection's errors", () => {
  const CASES: readonly [code: string, message: string, kind: string][] = [
    ["ENOTFOUND", "getaddrinfo ENOTFOUND hub", "offline"],
    ["EAI_AGAIN", "getaddrinfo EAI_AGAIN hub", "offline"],
    ["ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:9", "refused"],
    ["ETIMEDOUT", "connect ETIMEDOUT 192.0.2.1:443", "refused"],
    ["EHOSTUNREACH", "connect EHOSTUNREACH 192.0.2.1:443", "refused"],
    ["ENETUNREACH", "connect ENETUNREACH 192.0.2.1:443", "offline"],
    ["ECONNRESET", "aborted", "cutOff"],
    ["ETIMEDOUT", "read ETIMEDOUT", "cutOff"],
    ["EHOSTUNREACH", "read EHOSTUNREACH", "cutOff"],
    ["ENETUNREACH", "write ENETUNREACH", "cutOff"],
    ["EPROTO", "write EPROTO", "tls"],
    ["EPIPE", "write EPIPE", "cutOff"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain", "tls"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate", "tls"],
    ["CERT_HAS_EXPIRED", "certificate has expired", "tls"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "Hostname/IP does not match certificate's altnames", "tls"],
    ["", "Proxy connection ended before receiving CONNECT response", "proxy"],
    ["", "tunneling socket could not be established, statusCode=407", "proxy"],
  ];
  for (const [code, message, kind] of CASES) {
    it(`${message} → ${kind}`, () => {
      const [, syscall] = /^(\w+) E[A-Z]+/.exec(message) ?? [];
      assert.equal(
        networkFault(Object.assign(new Error(message), { code, syscall }), { repository: "r", host: "h" }).kind,
        kind,
      );
    });
  }
});

describe("the endpoint setting", () => {
  it("says whether to be patient with who answers: a mirror may have to fetch first", () => {
    assert.equal(silenceOf(hubEndpointOf("")).beforeLargeFileMs, 60_000);
    assert.equal(silenceOf("https://mirror.example").beforeLargeFileMs, 30 * 60_000);
    assert.equal(silenceOf("https://mirror.example").beforeAnswerMs, 60_000);
  });

  it("is an address, or empty for the hub", () => {
    assert.equal(hubEndpointOf(" "), "https://huggingface.co");
    assert.equal(hubEndpointOf("https://hub.example.com/mirror/"), "https://hub.example.com/mirror");
    for (const text of ["hub.example.com", "ftp://hub", "https://", "file:///etc"]) {
      assert.throws(() => hubEndpointOf(text), /is not the address of a model hub/, text);
    }
  });
});
