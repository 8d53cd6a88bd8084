// What "Choose a Model" offers, and what it says of each: plain values in, the list's lines out.

import type { StoredForm } from "../../protocol/modelJobs";
import { size } from "../phrases";
import { type CatalogueModel, FORMS, folderName, type ModelForm, storedForm } from "./catalogue";
import {
  bestForm,
  describeSpeed,
  type Fit,
  fitInstall,
  fitMemory,
  type Machine,
  memoryBytes,
  type Probe,
  type Sizes,
  type Speeds,
  scaleProbe,
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
  readonly catalogue: readonly CatalogueModel[];
  readonly machine: Machine;
  /** Of the bundled model; undefined when it could not be measured. */
  readonly probe: Probe | undefined;
  /** The folder of the model that is in use. */
  readonly current: string;
}

export function modelChoices(situation: Situation): ModelChoice[] {
  const { bundled, installed, own, catalogue, machine, probe, current } = situation;
  const mark = (folder: string) => (isSameFolder(folder, current) ? "$(check)" : "$(blank)");
  const installedNames = new Set(installed.map((model) => model.folderName));
  const listed = [...installed, ...(own ? [own] : [])];
  const names = listed.map(({ folderName }) => folderName);
  return [
    {
      type: "bundled",
      label: `${mark(bundled.folder)} ${bundled.displayName}`,
      description: `comes with the extension, ${size(bundled.bytes)}`,
      detail: probe ? speedHere(probe, bundled.bytes, "int8") : "Small and quick.",
    },
    ...listed.map(
      (model): ModelChoice => ({
        type: "installed",
        model,
        label: `${mark(model.folder)} ${model.displayName}`,
        description:
          `${model === own ? "in a folder of yours" : "installed"}, ${model.folderName}` +
          `${placeAmong(names, model.folderName, model.folder)}, ${size(model.bytes)}`,
        detail: sentences(
          fitMemory(model.bytes, formOf(model), machine),
          probe && speedHere(probe, model.bytes, formOf(model)),
        ),
      }),
    ),
    ...catalogue
      .filter((model) => !FORMS.every((form) => installedNames.has(folderName(model, form))))
      .map((model): ModelChoice => {
        const form = bestForm(model, FORMS, machine);
        const here = machine.downloadedBytes[model.id] ?? 0;
        const download = `download of ${size(model.downloadBytes)}${here > 0 ? ` (${size(here)} are here)` : ""}`;
        return {
          type: "catalogue",
          model,
          label: `$(cloud-download) ${model.displayName}`,
          description: `${download}, for ${model.isInstructionTuned ? "questions and " : ""}completions`,
          detail: sentences(fitInstall(model, form, machine), describeForm(model, form, probe)),
        };
      }),
  ];
}

export interface OtherChoice {
  readonly type: "add" | "remove";
  readonly label: string;
}

/**
 * What else there is to do, below the models.
 * @param removable models, and what a stopped download for instance has left: only the removal finds that
 */
export function otherChoices(removable: readonly unknown[]): OtherChoice[] {
  const remove: OtherChoice = { type: "remove", label: "$(trash) Remove a model…" };
  return [
    { type: "add", label: "$(folder-opened) Add a model from a folder…" },
    ...(removable.length > 0 ? [remove] : []),
  ];
}

export interface FormChoice extends ChoiceText {
  readonly form: ModelForm;
  /** A sentence, where completions will come slowly. */
  readonly slowness: string | undefined;
}

/**
 * The forms in which a model can be stored, the one that suits the machine first.
 * @param installed names of folders
 */
export function formChoices(
  sizes: Sizes,
  machine: Machine,
  probe: Probe | undefined,
  installed: readonly string[] = [],
): FormChoice[] {
  const best = bestForm(sizes, FORMS, machine);
  return [best, ...FORMS.filter((form) => form !== best)].map((form) => {
    const [stored, { label, description }] = [storedForm(form), FORM_TEXTS[form]];
    const isInstalled = installed.includes(folderName(sizes, form));
    const fit = isInstalled ? fitMemory(sizes.storedBytes[stored], stored, machine) : fitInstall(sizes, form, machine);
    return {
      ...{ form, label },
      description: isInstalled ? `installed, ${description}` : description,
      detail: sentences(fit, describeForm(sizes, form, probe)),
      slowness: probe && slowness(scaleProbe(probe, sizes.storedBytes[stored], stored)),
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
function describeForm({ storedBytes }: Sizes, form: ModelForm, probe: Probe | undefined): string {
  const stored = storedForm(form);
  const bytes = storedBytes[stored];
  const needs = `${stored === "int8" ? "8" : "4"} bits: ${size(bytes)} on the disk, about ${size(memoryBytes(bytes, stored))} of memory in each window.`;
  return probe ? `${speedHere(probe, bytes, stored)} ${needs}` : needs;
}

function speedHere(probe: Probe, storedBytes: number, form: StoredForm): string {
  const speeds = scaleProbe(probe, storedBytes, form);
  const [writes, reads] = [describeSpeed(speeds.decodeTokensPerSecond), describeSpeed(speeds.prefillTokensPerSecond)];
  const measured = probe.isDisturbed ? "measured while the machine was busy" : "measured";
  if (storedBytes === probe.storedBytes) return `Writes ${writes} and reads ${reads} here (${measured}).`;
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

/** By the name that an installation gives. */
function formOf({ folderName }: InstalledModel): StoredForm {
  return storedForm(FORMS.find((form) => folderName.endsWith(`-${form}`)) ?? "int8");
}

function sentences(fit: Fit, rest: string | undefined): string {
  const verdict = { fits: "Fits.", tight: `$(warning) ${fit.reason}`, no: `$(error) ${fit.reason}` }[fit.verdict];
  return rest === undefined ? verdict : `${verdict} ${rest}`;
}
