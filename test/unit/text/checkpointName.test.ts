import assert from "node:assert/strict";
import { checkpointName } from "../../../src/text/checkpointName";

const CASES: readonly [folder: string, name: string][] = [
  ["/home/me/my-model", "my-model"],
  ["/home/me/my-model/", "my-model"],
  ["C:\\models\\my model", "my model"],
  ["/home/me/.cache/huggingface/hub/models--google--recurrentgemma-2b/snapshots/195f13c", "recurrentgemma-2b"],
  ["C:\\hub\\models--acme--tuned--twice\\snapshots\\195f13c\\", "tuned--twice"],
  ["/hub/models--bigram/snapshots/195f13c", "bigram"],
  ["/hub/models--google--recurrentgemma-2b", "models--google--recurrentgemma-2b"],
  ["/work/snapshots/195f13c", "195f13c"],
];

describe("a checkpoint's name", () => {
  for (const [folder, name] of CASES) it(`is ${name} in ${folder}`, () => assert.equal(checkpointName(folder), name));
});
