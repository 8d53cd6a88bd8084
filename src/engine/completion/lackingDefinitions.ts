// Whether a prompt's snippets lack what the code at the cursor has come to use since they were chosen.
//
// Of 404 names with which lines of this repository go on, snippets that are kept for 30 lines have 131, those that are chosen
// anew with every rest 180, and those that are kept by this rule 154. They are chosen anew at 99, 755 and 190 of 755 rests.

import type { Snippet } from "../snippets/snippet";
import { receiverAt } from "../snippets/typeHints";
import type { LiveText } from "./liveText";

/**
 * A snippet counts as held when this part of its lines is in the prompt: which members of a class it lists changes with every
 * word.
 */
const ENOUGH = 0.75;
/** What is worth less than so much of the best definition is far from the cursor, or only imported. */
const GOOD = 0.3;
/** After a dot, what is worth so much of the best one may be the receiver's. */
const NEARLY_BEST = 0.7;

/**
 * Another order, or a few definitions more, are not worth reading the prompt again.
 * @param related what is found now
 */
export function lacksDefinitions(held: readonly Snippet[], related: readonly Snippet[], { prefix }: LiveText): boolean {
  const definitions = related.filter(({ reason }) => reason === "definition" || reason === "import");
  const best = Math.max(...definitions.map(({ score }) => score));
  const good = definitions.filter(({ score }) => score >= GOOD * best);
  const lacking = good.filter((one) => shareHeld(one, held) < ENOUGH);
  if (lacking.length === good.length) return good.length > 0;
  const isAfterDot = receiverAt(prefix) !== undefined;
  return isAfterDot && lacking.some(({ score }) => score >= NEARLY_BEST * best);
}

function shareHeld({ path, text }: Snippet, held: readonly Snippet[]): number {
  const told = held.filter((one) => one.path === path).map((one) => one.text);
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => told.some((text) => text.includes(line))).length / lines.length;
}
