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
  private fault: EndpointFault | undefined;
  private readonly parser = createParser({
    onEvent: ({ event, data }) => this.receive(event, data),
    onError: ({ type }) => {
      if (type === "max-buffer-size-exceeded") this.fault = new EndpointFault("garbled", this.asked);
      else this.hasOtherLines = true;
    },
    maxBufferSize: LONGEST_EVENT,
  });

  /** @param asked for the sentences of faults */
  constructor(
    private readonly asked: AskedModel,
    private readonly onText: (text: string) => void,
  ) {}

  /** Takes more of the body, cut anywhere. Returns true when the answer has come to its end. Throws an EndpointFault. */
  push(body: string): boolean {
    this.parser.feed(body);
    if (this.fault) throw this.fault;
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
    this.take(readChunk(answer));
    if (this.fault) throw this.fault;
    this.isDone = true;
    return this.end();
  }

  private receive(event: string | undefined, data: string): void {
    if (this.isDone || this.fault) return;
    this.hasEvents = true;
    if (data.trim() === "[DONE]") {
      this.isDone = true;
      return;
    }
    const chunk = parseJson(data);
    if (event === "error") this.fault = this.errorIn(chunk ?? data);
    else if (!isObject(chunk)) this.fault = new EndpointFault("garbled", this.asked);
    else this.take(readChunk(chunk));
  }

  private take({ text: received, finishReason, error }: Chunk): void {
    if (error !== undefined) this.fault = this.errorIn(error);
    if (finishReason !== undefined) this.finishReason = finishReason;
    if (received === "") return;
    const text = beginningOf(received, LONGEST_ANSWER - this.length);
    this.length += received.length;
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

interface Chunk {
  readonly text: string;
  readonly finishReason?: string;
  readonly error?: unknown;
}

function readChunk({ choices, error }: Readonly<Record<string, unknown>>): Chunk {
  if (error !== undefined && error !== null) return { text: "", error };
  const [choice] = Array.isArray(choices) ? (choices as unknown[]) : [];
  const { delta, message, finish_reason } = objectOf(choice);
  const { content } = objectOf(delta ?? message);
  return {
    text: typeof content === "string" ? content : "",
    ...(typeof finish_reason === "string" && { finishReason: finish_reason }),
  };
}
