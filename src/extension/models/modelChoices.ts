// What "Choose a Model" offers, and what it says of each: plain values in, the list's lines out.

import { size } from "../phrases";
import {
  CATALOGUE,
  type CatalogueModel,
  FORMS,
  folderNameOf,
  type ModelForm,
  partsOfFolder,
  storedForm,
} from "./catalogue";
import {
  bestForm,
  type Fit,
  fitInstall,
  fitMemory,
  type Machine,
  memoryBytes,
  type Probe,
  type Sizes,
  type Speeds,
  type StoredWeights,
  scaleProbe,
  weightsOf,
} from "./fit";
import { type InstalledModel, isSameFolder } from "./modelsFolder";
import { placeAmong } from "./sameNames";

export type ModelChoice = ChoiceText &
  (
    | { readonly type: "bundled" }
    | { readonly type: "installed"; readonly model: InstalledModel }
    | { readonly type: "catalogue"; readonly model: CatalogueModel }
  );

interface ChoiceText {
  /** With VS Code's `$(icon)` notation. */
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

export interface Situation {
  readonly bundled: InstalledModel;
  readonly installed: readonly InstalledModel[];
  /** The one in use, where it is in a folder of the user's own. */
  readonly own?: InstalledModel | undefined;
  readonly machine: Machine;
  /** Of the bundled model; undefined when it could not be measured. */
  readonly probe: Probe | undefined;
  /** The folder of the model that is in use. */
  readonly current: string;
}

export function modelChoices(situation: Situation): ModelChoice[] {
  const { bundled, installed, own, probe } = situation;
  const listed = [...installed, ...(own ? [own] : [])];
  const installedNames = new Set(installed.map(({ folderName }) => folderName));
  const isMissing = ({ id }: CatalogueModel) => !FORMS.every((form) => installedNames.has(folderNameOf(id, form)));
  return [
    {
      type: "bundled",
      ...named(bundled, situation, `comes with the extension, ${size(bundled.bytes)}`),
      detail: probe ? speedHere(probe, { bytes: bundled.bytes, form: "int8" }) : "Small and quick.",
    },
    ...listed.map((model) => installedChoice(model, listed, situation)),
    ...CATALOGUE.filter(isMissing).map((model) => catalogueChoice(model, situation)),
  ];
}

/** Says twice whether it is in use: who listens hears no more of the mark than the icon's name. */
function named(
  { folder, displayName }: InstalledModel,
  { current }: Situation,
  facts: string,
): Pick<ChoiceText, "label" | "description"> {
  const isUsed = isSameFolder(folder, current);
  return {
    label: `${isUsed ? "$(check)" : "$(blank)"} ${displayName}`,
    description: `${isUsed ? "in use, " : ""}${facts}`,
  };
}

function installedChoice(model: InstalledModel, listed: readonly InstalledModel[], situation: Situation): ModelChoice {
  const { own, machine, probe } = situation;
  const { folderName, folder, bytes } = model;
  const names = listed.map(({ folderName }) => folderName);
  // An installation puts the form into the name.
  const weights = { bytes, form: storedForm(partsOfFolder(folderName)?.form ?? "int8") };
  const origin = model === own ? "in a folder of yours" : "installed";
  const facts = `${origin}, ${folderName}${placeAmong(names, folderName, folder)}, ${size(bytes)}`;
  return {
    type: "installed",
    model,
    ...named(model, situation, facts),
    detail: sentences(fitMemory(weights, machine), probe && speedHere(probe, weights)),
  };
}

function catalogueChoice(model: CatalogueModel, { machine, probe }: Situation): ModelChoice {
  const form = bestForm(model, machine);
  const here = machine.downloadedBytes[model.id] ?? 0;
  const download = `download of ${size(model.downloadBytes)}${here > 0 ? ` (${size(here)} are here)` : ""}`;
  return {
    type: "catalogue",
    model,
    label: `$(cloud-download) ${model.displayName}`,
    description: `${download}, for ${model.isInstructionTuned ? "questions and " : ""}completions`,
    detail: sentences(fitInstall(model, form, machine), describeForm(model, form, probe)),
  };
}

export interface FormChoice extends ChoiceText {
  readonly form: ModelForm;
  /** A sentence, where completions will come slowly. */
  readonly slowness: string | undefined;
}

/** The forms in which a model can be stored, the one that suits the machine first. */
export function formChoices(
  sizes: Sizes,
  machine: Machine,
  probe: Probe | undefined,
  installed: readonly Pick<InstalledModel, "folderName">[] = [],
): FormChoice[] {
  const best = bestForm(sizes, machine);
  return [best, ...FORMS.filter((form) => form !== best)].map((form) => {
    const { label, description } = FORM_TEXTS[form];
    const weights = weightsOf(sizes, form);
    const isInstalled = installed.some(({ folderName }) => folderName === folderNameOf(sizes.id, form));
    const fit = isInstalled ? fitMemory(weights, machine) : fitInstall(sizes, form, machine);
    return {
      ...{ form, label },
      description: isInstalled ? `installed, ${description}` : description,
      detail: sentences(fit, describeForm(sizes, form, probe)),
      slowness: probe && slowness(scaleProbe(probe, weights)),
    };
  });
}

const FORM_TEXTS: Readonly<Record<ModelForm, Omit<ChoiceText, "detail">>> = {
  int8: { label: "8 bits", description: "closer to the original" },
  int4: {
    label: "4 bits",
    description: "smaller and less exact; writes a little faster, reads slower",
  },
  "int4-calibrated": {
    label: "4 bits, calibrated on code",
    // The first was measured on two cores; the second follows from the arithmetic.
    description:
      "as 4 bits, but rounded with more care: the conversion takes about 10 minutes for 2B, and an hour for 9B",
  },
};

/** The speed first: a list cuts off what is long. */
function describeForm(sizes: Sizes, form: ModelForm, probe: Probe | undefined): string {
  const weights = weightsOf(sizes, form);
  const bits = weights.form === "int8" ? 8 : 4;
  const needs = `${bits} bits: ${size(weights.bytes)} on the disk, about ${size(memoryBytes(weights))} of memory in each window.`;
  return probe ? `${speedHere(probe, weights)} ${needs}` : needs;
}

function speedHere(probe: Probe, weights: StoredWeights): string {
  const speeds = scaleProbe(probe, weights);
  const [writes, reads] = [describeSpeed(speeds.decodeTokensPerSecond), describeSpeed(speeds.prefillTokensPerSecond)];
  const measured = probe.isDisturbed ? "measured while the machine was busy" : "measured";
  if (weights.bytes === probe.storedBytes) return `Writes ${writes} and reads ${reads} here (${measured}).`;
  const basis = `the bundled model${probe.isDisturbed ? `, ${measured}` : ""}`;
  const estimated = `Writes ${writes} and reads ${reads} here, or more (estimated from ${basis}).`;
  return [slowness(speeds), estimated].filter(Boolean).join(" ");
}

/** Whatever is chosen gives the completions, too, and a user who wants answers may not expect to wait for those. */
function slowness({ decodeTokensPerSecond }: Speeds): string | undefined {
  const seconds = LINE_TOKENS / decodeTokensPerSecond;
  return seconds < 1 ? undefined : `Completions come slowly: a line may take ${Number(seconds.toPrecision(1))} s.`;
}

/** About so many are in a line of code. */
const LINE_TOKENS = 10;

function describeSpeed(tokensPerSecond: number): string {
  return `about ${tokensPerSecond < 10 ? Number(tokensPerSecond.toPrecision(1)) : Math.round(tokensPerSecond)} tokens/s`;
}

function sentences(fit: Fit, rest: string | undefined): string {
  const verdict = { fits: "Fits.", tight: `$(warning) ${fit.reason}`, no: `$(error) ${fit.reason}` }[fit.verdict];
  return rest === undefined ? verdict : `${verdict} ${rest}`;
}
