// The body of a streamed answer → its text, piece by piece: server-sent events, each a JSON object of OpenAI's chat
// completions. Knows nothing of connections. What is not needed (usage, reasoning, roles) is passed over.
//
// Servers differ. Some say that something went wrong in the middle of an answer that began well, with status 200; some
// leave out [DONE]; some send comments so that the connection stays open. test/golden/endpointStreams has a case for each.

import { createParser } from "eventsource-parser";
import { isObject, objectOf, parseJson } from "../../../text/json";
import { beginningOf } from "../../../text/shortened";
import { type AskedModel, EndpointFault } from "./faults";
import { saidIn } from "./serverWords";

/** `length` at the server's limit or at ours, `filtered` when the server does not let it pass. */
export type CompletionFinish = "stop" | "length" | "filtered";

/** UTF-16 units of a whole answer; a model that never ends is ended. */
const LONGEST_ANSWER = 100_000;
/** The length of one event at most. */
const LONGEST_EVENT = 1_000_000;

export class CompletionStream {
  private finishReason: string | undefined;
  private isDone = false;
  private hasEvents = false;
  /** Lines that no stream of events has. */
  private hasOtherLines = false;
  private length = 0;
  private readonly parser = createParser({
    onEvent: ({ event, data }) => this.receive(event, data),
    onError: ({ type }) => {
      if (type === "max-buffer-size-exceeded") throw new EndpointFault("garbled", this.asked);
      this.hasOtherLines = true;
    },
    maxBufferSize: LONGEST_EVENT,
  });

  /** @param asked for the sentences of faults */
  constructor(
    private readonly asked: AskedModel,
    private readonly onText: (text: string) => void,
  ) {}

  /**
   * Takes more of the body, cut anywhere. Returns true when the answer has come to its end. Throws an EndpointFault, which ends the
   * stream.
   */
  push(body: string): boolean {
    this.parser.feed(body);
    return this.isDone;
  }

  /** The body has ended, or the answer. Throws an EndpointFault when that is too early. */
  end(): CompletionFinish {
    if (!this.hasEvents && this.hasOtherLines) throw new EndpointFault("notAnApi", this.asked);
    if (!this.isDone && this.finishReason === undefined) throw new EndpointFault("cutOff", this.asked);
    if (this.finishReason === "content_filter") return "filtered";
    if (this.length === 0) throw new EndpointFault("emptyAnswer", this.asked);
    return this.finishReason === "length" ? "length" : "stop";
  }

  /** Takes all of an answer at once. Throws an EndpointFault. */
  whole(answer: Readonly<Record<string, unknown>>): CompletionFinish {
    this.take(answer);
    this.isDone = true;
    return this.end();
  }

  private receive(event: string | undefined, data: string): void {
    if (this.isDone) return;
    this.hasEvents = true;
    if (data.trim() === "[DONE]") {
      this.isDone = true;
      return;
    }
    const chunk = parseJson(data);
    if (event === "error") throw this.errorIn(chunk ?? data);
    if (!isObject(chunk)) throw new EndpointFault("garbled", this.asked);
    this.take(chunk);
  }

  /** What an event says, or all of an answer. */
  private take({ choices, error }: Readonly<Record<string, unknown>>): void {
    if (error !== undefined && error !== null) throw this.errorIn(error);
    const [choice] = Array.isArray(choices) ? (choices as unknown[]) : [];
    const { delta, message, finish_reason } = objectOf(choice);
    // Some say an empty one as long as there is none.
    if (typeof finish_reason === "string" && finish_reason !== "") this.finishReason = finish_reason;
    const { content } = objectOf(delta ?? message);
    if (typeof content !== "string" || content === "") return;
    const text = beginningOf(content, LONGEST_ANSWER - this.length);
    this.length += content.length;
    this.onText(text);
    if (this.length < LONGEST_ANSWER) return;
    this.finishReason = "length";
    this.isDone = true;
  }

  private errorIn(said: unknown): EndpointFault {
    return new EndpointFault("errorInAnswer", { ...this.asked, said: saidIn(said) });
  }
}

/** An answer that came whole, since the server does not stream. Throws an EndpointFault. */
export function wholeAnswer(body: string, asked: AskedModel, onText: (text: string) => void): CompletionFinish {
  const answer = parseJson(body);
  if (!isObject(answer) || !("choices" in answer || "error" in answer)) throw new EndpointFault("notAnApi", asked);
  return new CompletionStream(asked, onText).whole(answer);
}
