// What a repository says of itself: how its README begins, and the description in its manifest. Knows their usual names only.

import { isBlank } from "../../text/lines";
import type { Corpus } from "./corpus";
import type { FileRange } from "./lineRange";

const README = /^readme(\.(md|markdown|rst|adoc|txt))?$/i;
const MANIFEST =
  /^((package|composer)\.json|(pyproject|cargo)\.toml|setup\.(cfg|py)|pom\.xml|pubspec\.yaml|.+\.(gemspec|cabal))$/i;
const DESCRIPTION = /^[\s"'<]*(\w+\.)?description\b/;
/** The name and the version often stand beside the description. */
const LINES_AROUND = 4;
/** A README may begin with pictures, badges, tags with their attributes, and directives. */
const SENTENCE = /^(?!\[!)[\p{L}\p{N}>*_`["(].*\s\S/u;

/** The most telling first; none where the repository has neither. */
export function overviewOf(corpus: Corpus): FileRange[] {
  const paths = corpus.paths.inFolder("");
  const [readme] = paths.filter((path) => README.test(path));
  const manifests = paths.filter((path) => MANIFEST.test(path));
  const descriptions = manifests.flatMap((path) => descriptionIn(path, corpus) ?? []);
  return readme === undefined ? descriptions : [beginningOf(readme, corpus), ...descriptions];
}

/** From its first sentence on, with the heading right above it. */
function beginningOf(path: string, corpus: Corpus): FileRange {
  const { lines } = corpus.file(path)!;
  const sentence = Math.max(
    lines.findIndex((line) => SENTENCE.test(line)),
    0,
  );
  let heading = sentence - 1;
  while (heading > 0 && isBlank(lines[heading]!)) heading--;
  return { path, startLine: lines[heading]?.startsWith("#") ? heading : sentence, endLine: lines.length };
}

function descriptionIn(path: string, corpus: Corpus): FileRange | undefined {
  const { lines } = corpus.file(path)!;
  const line = lines.findIndex((one) => DESCRIPTION.test(one));
  if (line === -1) return undefined;
  return { path, startLine: Math.max(0, line - LINES_AROUND), endLine: line + 1 + LINES_AROUND };
}
