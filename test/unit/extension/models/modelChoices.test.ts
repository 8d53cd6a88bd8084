import assert from "node:assert/strict";
import { join } from "node:path";
import { CATALOGUE } from "../../../../src/extension/models/catalogue";
import { bestForm, fitInstall, fitMemory, type Machine, scaleProbe } from "../../../../src/extension/models/fit";
import { formChoices, modelChoices, type Situation } from "../../../../src/extension/models/modelChoices";
import type { InstalledModel } from "../../../../src/extension/models/modelsFolder";
import { assertClose } from "../../../support/assertClose";

const GB = 1e9;
const LAPTOP: Machine = {
  ...{ totalMemoryBytes: 16 * GB, availableMemoryBytes: 8 * GB, freeDiskBytes: 100 * GB },
  downloadedBytes: {},
  convertedBytes: {},
};
const [small, , large] = CATALOGUE;
const PROBE = {
  storedBytes: 138_000_000,
  decodeTokensPerSecond: 100,
  prefillTokensPerSecond: 1000,
  fourBitReading: 0.4,
  isDisturbed: false,
};
const BUNDLED = { folder: "/bundled", folderName: "bundled", displayName: "Small", bytes: 138_000_000 };

const situation: Situation = {
  ...{ bundled: BUNDLED, installed: [], machine: LAPTOP, probe: PROBE, current: "/bundled" },
};

describe("what fits a machine", () => {
  it("is judged by memory, then by what is free now, and by the disk", () => {
    assert.equal(fitMemory({ bytes: 3 * GB, form: "int8" }, LAPTOP).verdict, "fits");
    const busy = fitMemory({ bytes: 3 * GB, form: "int8" }, { ...LAPTOP, availableMemoryBytes: 2 * GB });
    assert.equal(busy.verdict, "tight");
    assert.match(busy.reason!, /about 4.2 GB of memory in each window, and 2.0 GB is free now/);
    const smallMachine = fitMemory({ bytes: 3 * GB, form: "int8" }, { ...LAPTOP, totalMemoryBytes: 4 * GB });
    assert.equal(smallMachine.verdict, "no");
    assert.match(smallMachine.reason!, /this machine has 4.0 GB/);
    const full = fitInstall(small!, "int8", { ...LAPTOP, freeDiskBytes: 6 * GB });
    assert.equal(full.verdict, "no");
    assert.match(full.reason!, /takes 8.2 GB on the disk while it is installed, and 6.0 GB is free/);
    const begun = { ...LAPTOP, freeDiskBytes: 6 * GB, downloadedBytes: { [small!.id]: 3 * GB } };
    assert.equal(fitInstall(small!, "int8", begun).verdict, "fits");
    const narrow = { ...LAPTOP, freeDiskBytes: 7.6 * GB };
    assert.equal(fitInstall(small!, "int4", narrow).verdict, "fits");
    assert.match(fitInstall(small!, "int4-calibrated", narrow).reason!, /takes 8.0 GB .* and 7.6 GB is free/);
  });

  it("chooses the finer form that fits", () => {
    assert.equal(bestForm(small!, LAPTOP), "int8");
    assert.equal(bestForm(large!, { ...LAPTOP, totalMemoryBytes: 10 * GB }), "int4");
    assert.equal(bestForm(large!, { ...LAPTOP, totalMemoryBytes: 2 * GB }), "int4");
  });

  it("is as fast as its bytes can be read", () => {
    assert.deepEqual(scaleProbe(PROBE, { bytes: 1.38 * GB, form: "int8" }), {
      decodeTokensPerSecond: 10,
      prefillTokensPerSecond: 100,
    });
    const { prefillTokensPerSecond } = scaleProbe(PROBE, { bytes: 1.38 * GB, form: "int4" });
    // 4 bits are read as fast as their own kernel does it here.
    assertClose(prefillTokensPerSecond, 30, 1e-9);
  });
});

describe("the list of models", () => {
  it("counts what an earlier attempt has fetched as room that is not needed any more", () => {
    const machine = { ...LAPTOP, freeDiskBytes: 6 * GB, downloadedBytes: { [small!.id]: 3 * GB } };
    const [, begun, other] = modelChoices({ ...situation, machine });
    assert.match(begun!.description, /^download of 5.4 GB \(3.0 GB are here\), /);
    assert.match(begun!.detail, /^Fits/);
    assert.match(other!.detail, /^\$\(error\) It takes .* and 6.0 GB is free/);
  });

  it("has the bundled one, what is installed, and what could be", () => {
    const folder = "/models/recurrentgemma-2b-int8";
    const installed = [
      { folder, folderName: "recurrentgemma-2b-int8", displayName: "RecurrentGemma 2B", bytes: 2.8 * GB },
    ];
    const choices = modelChoices({ ...situation, installed, current: folder });
    assert.deepEqual(
      choices.map(({ type, label }) => `${type}: ${label}`),
      [
        "bundled: $(blank) Small",
        "installed: $(check) RecurrentGemma 2B",
        ...CATALOGUE.map((model) => `catalogue: $(cloud-download) ${model.displayName}`),
      ],
    );
    assert.equal(choices[0]!.detail, "Writes about 100 tokens/s and reads about 1000 tokens/s here (measured).");
    assert.equal(
      choices[1]!.detail,
      "Fits. Completions come slowly: a line may take 2 s. " +
        "Writes about 5 tokens/s and reads about 49 tokens/s here, or more (estimated from the bundled model).",
    );
    assert.equal(choices[2]!.description, "download of 5.4 GB, for completions");
    assert.match(choices[3]!.description, /, for questions and completions$/);
    assert.match(
      choices[2]!.detail,
      /^Fits\. Completions come slowly: a line may take 2 s\. Writes .* 8 bits: 2\.8 GB on the disk, about 4\.0 GB of memory in each window\.$/,
    );
    assert.match(
      choices[4]!.detail,
      /^\$\(warning\) It needs about 10\.0 GB of memory in each window, and 8\.0 GB is free now\./,
    );
  });

  it("says of which speeds other programs were in the way", () => {
    const probe = { ...PROBE, isDisturbed: true };
    const [bundled, other] = modelChoices({ ...situation, probe }).map(({ detail }) => detail);
    assert.match(bundled!, / here \(measured while the machine was busy\)\.$/);
    assert.match(other!, / \(estimated from the bundled model, measured while the machine was busy\)\. 8 bits/);
  });

  it("says of two models of one name where they are, and of no other one", () => {
    const at = (folder: string, folderName: string): InstalledModel => {
      return { folder: join(folder, folderName), folderName, displayName: "Mine", bytes: 2 * GB };
    };
    const installed = [at("/data/models", "mine-int8"), at("/own", "mine-int8"), at("/own", "other-int8")];
    const own = at("/elsewhere", "other-int8");
    const described = (situation: Situation) =>
      modelChoices(situation).flatMap(({ type, description }) => (type === "installed" ? [description] : []));
    assert.deepEqual(described({ ...situation, installed }), [
      `installed, mine-int8, in ${join("/data/models")}, 2.0 GB`,
      `installed, mine-int8, in ${join("/own")}, 2.0 GB`,
      "installed, other-int8, 2.0 GB",
    ]);
    assert.deepEqual(described({ ...situation, installed: installed.slice(2), own }), [
      `installed, other-int8, in ${join("/own")}, 2.0 GB`,
      `in a folder of yours, other-int8, in ${join("/elsewhere")}, 2.0 GB`,
    ]);
  });

  it("has the one in use where it is in a folder of the user's own", () => {
    const own = { folder: "/home/me/mine", folderName: "mine", displayName: "Mine", bytes: 2 * GB };
    const [bundled, second] = modelChoices({ ...situation, own, current: "/home/me/mine/" });
    assert.equal(bundled!.label, "$(blank) Small");
    assert.equal(second!.label, "$(check) Mine");
    assert.equal(bundled!.description, "comes with the extension, 138 MB");
    assert.equal(second!.description, "in use, in a folder of yours, mine, 2.0 GB");
    assert.match(modelChoices(situation)[0]!.description, /^in use, comes/);
  });

  it("knows 4 bits by the folder's name, calibrated or not", () => {
    const details = ["mine-int8", "mine-int4", "mine-int4-calibrated"].map((folderName) => {
      const installed = [{ folder: folderName, folderName, displayName: "Mine", bytes: 2 * GB }];
      return modelChoices({ ...situation, installed })[1]!.detail;
    });
    assert.equal(details[2], details[1]);
    assert.notEqual(details[1], details[0]);
  });

  it("says why a model does not fit, and does without a measurement", () => {
    const tiny = { ...LAPTOP, totalMemoryBytes: 4 * GB };
    const choices = modelChoices({ ...situation, machine: tiny, probe: undefined });
    assert.equal(choices[0]!.detail, "Small and quick.");
    assert.match(
      choices[1]!.detail,
      /^\$\(error\) It needs about 3\.8 GB of memory in each window; this machine has 4\.0 GB/,
    );
    assert.doesNotMatch(choices[1]!.detail, /tokens\/s/);
  });

  it("leaves out a model of which every form is installed", () => {
    const installed = ["int8", "int4", "int4-calibrated"].map((form) => ({
      ...{ folder: form, folderName: `recurrentgemma-2b-${form}`, displayName: "RecurrentGemma 2B", bytes: 1 },
    }));
    const labels = modelChoices({ ...situation, installed }).map(({ type, label }) => `${type} ${label}`);
    assert.ok(!labels.includes("catalogue $(cloud-download) RecurrentGemma 2B"));
    assert.ok(labels.includes("catalogue $(cloud-download) RecurrentGemma 2B Instruct"));
  });

  it("offers the form that suits the machine first", () => {
    assert.deepEqual(
      formChoices(small!, LAPTOP, PROBE).map(({ label }) => label),
      ["8 bits", "4 bits", "4 bits, calibrated on code"],
    );
    const narrow = { ...LAPTOP, totalMemoryBytes: 10 * GB };
    assert.deepEqual(
      formChoices(large!, narrow, PROBE).map(({ label }) => label),
      ["4 bits", "8 bits", "4 bits, calibrated on code"],
    );
  });

  it("says which form is installed, of which only the memory counts", () => {
    const full = { ...LAPTOP, freeDiskBytes: GB, downloadedBytes: { [small!.id]: small!.downloadBytes } };
    const choices = formChoices(small!, full, PROBE, [{ folderName: `${small!.id}-int8` }]);
    assert.deepEqual(
      choices.map(({ form, description, detail }) => [form, /^installed, /.test(description), /^Fits/.test(detail)]),
      [
        ["int4", false, false],
        ["int8", true, true],
        ["int4-calibrated", false, false],
      ],
    );
  });

  it("says where completions will come slowly, by the speed that is estimated", () => {
    const slowness = (probe: typeof PROBE | undefined) => formChoices(small!, LAPTOP, probe)[0]!.slowness;
    assert.equal(slowness(PROBE), "Completions come slowly: a line may take 2 s.");
    assert.equal(slowness({ ...PROBE, decodeTokensPerSecond: 1000 }), undefined);
    assert.equal(slowness(undefined), undefined);
  });

  it("says of a checkpoint of the user's what its own tensors take, and whether that fits", () => {
    const sizes = {
      id: "mine",
      downloadBytes: 0,
      storedBytes: { int8: 8.8 * GB, int4: 6.1 * GB },
      calibrationBytes: GB,
    };
    const details = Object.fromEntries(formChoices(sizes, LAPTOP, undefined).map(({ form, detail }) => [form, detail]));
    assert.match(details.int8!, /^\$\(warning\) It needs about 10\.0 GB of memory .* 8 bits: 8\.8 GB on the disk/);
    assert.match(details.int4!, / 4 bits: 6\.1 GB on the disk, about 8\.8 GB of memory in each window\.$/);
    assert.equal(details["int4-calibrated"], details.int4);
    const [first] = formChoices(sizes, { ...LAPTOP, freeDiskBytes: 7 * GB }, undefined);
    assert.equal(first!.form, "int4", "where the other has no room on the disk");
  });
});
