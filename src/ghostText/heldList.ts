// VS Code's list of suggestions and ghost text: which of them comes first.
//
// Since 1.125, VS Code holds its list back within a word while ghost text may come (`editor.quickSuggestions`, whose default is
// `offWhenInlineCompletions` since then). When none has come after 750 ms, it shows the list, cancels the question, and does not ask
// again before the next key (SuggestModel._waitForInlineCompletionsAndTrigger, as of 1.139).

import { wordAtEnd } from "../text/lines";

/** What is left of the 750 ms: VS Code has asked after 50, we may have waited another 60, and ghost text is still to be drawn. */
const ANSWER_MS = 500;

/**
 * For how many milliseconds an answer behind `lineBefore` is of use; undefined: however late it comes.
 * @param isListHeldBack whether VS Code is set to wait
 */
export function answerWithin(lineBefore: string, isListHeldBack: boolean): number | undefined {
  // The list comes by itself while a word is typed, and not a number.
  const word = wordAtEnd(lineBefore);
  return isListHeldBack && word !== "" && Number.isNaN(Number(word)) ? ANSWER_MS : undefined;
}
