// The models of the RecurrentGemma family that Google publishes. Data only.
//
// Sizes follow from the architectures: test/unit/extension/models/catalogue.test.ts computes them with the converter's
// own tables, so they cannot drift from what a conversion writes.

import type { StoredForm } from "../../protocol/modelJobs";

/** How a model's weights are stored and were rounded: what the user chooses, and the end of the folder's name. */
export type ModelForm = StoredForm | "int4-calibrated";

export interface CatalogueModel {
  /** Also the name of its folder, with the form after it. */
  readonly id: string;
  readonly displayName: string;
  /** On the hub. */
  readonly repository: string;
  readonly isInstructionTuned: boolean;
  /** What is fetched. */
  readonly downloadBytes: number;
  /** What lies on the disk after the conversion, and is read for each token. */
  readonly storedBytes: Readonly<Record<StoredForm, number>>;
  /** What lies beside it while it is calibrated. */
  readonly calibrationBytes: number;
}

/** Shown before a download. */
export const GEMMA_TERMS = { name: "Gemma Terms of Use", url: "https://ai.google.dev/gemma/terms" };

/** bfloat16 weights, and 17.5 MB of tokenizer. */
const SIZE_2B = {
  downloadBytes: 5_383_000_000,
  storedBytes: { int8: 2_798_000_000, int4: 2_079_000_000 },
  calibrationBytes: 488_000_000,
};
/** The same, and the output head: Google stored it a second time (four shards of 19.26 GB), and a conversion does without. */
const SIZE_9B = {
  downloadBytes: 19_275_000_000,
  storedBytes: { int8: 8_808_000_000, int4: 6_125_000_000 },
  calibrationBytes: 1_083_000_000,
};

export const CATALOGUE: readonly CatalogueModel[] = [
  model("recurrentgemma-2b", "RecurrentGemma 2B", false, SIZE_2B),
  model("recurrentgemma-2b-it", "RecurrentGemma 2B Instruct", true, SIZE_2B),
  model("recurrentgemma-9b", "RecurrentGemma 9B", false, SIZE_9B),
  model("recurrentgemma-9b-it", "RecurrentGemma 9B Instruct", true, SIZE_9B),
];

/** 8 bits where it fits: at 4 bits the weights' rounding shows. Calibrated 4 bits take no more room, and much longer to make. */
export const FORMS: readonly ModelForm[] = ["int8", "int4", "int4-calibrated"];

export function storedForm(form: ModelForm): StoredForm {
  return form === "int8" ? "int8" : "int4";
}

/** The folder of a model in one form, under the folder of models. */
export function folderNameOf(id: string, form: ModelForm): string {
  return `${id}-${form}`;
}

/** What `folderNameOf` has made a name of; undefined for any other one. */
export function partsOfFolder(name: string): { id: string; form: ModelForm } | undefined {
  const form = FORMS.find((one) => name.endsWith(`-${one}`));
  return form && { id: name.slice(0, -form.length - 1), form };
}

/** The catalogue model that a folder's name stands for. */
export function modelOfFolder(name: string): { model: CatalogueModel; form: ModelForm } | undefined {
  const parts = partsOfFolder(name);
  const found = CATALOGUE.find(({ id }) => id === parts?.id);
  return parts && found && { model: found, form: parts.form };
}

function model(id: string, displayName: string, isInstructionTuned: boolean, size: typeof SIZE_2B): CatalogueModel {
  return { id, displayName, repository: `google/${id}`, isInstructionTuned, ...size };
}
