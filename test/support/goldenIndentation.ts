// Reads test/golden/indentation: cases that a person writes without code. Its README says how.

import { headOf, readGoldenCases } from "./goldenCases";
import { markedTexts } from "./goldenFilters";

const FORM = { heads: ["unit"], sections: ["document", "expected"] };

export function readIndentationCases(folder: string) {
  return readGoldenCases(folder, FORM).map((golden) => {
    const unit = headOf(golden, "unit");
    return { ...markedTexts(golden), unit: unit === "tab" ? "\t" : " ".repeat(Number(unit)) };
  });
}
