// What a server says of a fault, in whichever of the usual forms: words that can be shown.

import { isObject } from "../../../text/json";
import { shortened } from "../../../text/shortened";

/** Characters; some servers send a whole stack. */
const LONGEST = 300;

/**
 * @param value a parsed body or a part of one: OpenAI's `{ error: { message } }`, vLLM's `{ message }`, Ollama's
 * `{ error: "…" }`, FastAPI's `{ detail }`, or text
 */
export function saidIn(value: unknown): string | undefined {
  if (typeof value === "string") return onOneLine(value);
  if (Array.isArray(value)) return saidIn(value[0]);
  if (!isObject(value)) return undefined;
  const { error, message, detail, msg } = value;
  return saidIn(error) ?? saidIn(message) ?? saidIn(detail) ?? saidIn(msg);
}

/** On one line, without a full stop: a sentence goes on after it. */
function onOneLine(text: string): string | undefined {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return shortened(line.replace(/\.$/, ""), LONGEST) || undefined;
}
