// How much the editor would ask for at a cursor.

import { type Asking, askGate, type GateQuestion } from "../ghostText/completionGate";
import type { Offset } from "../protocol/engine";
import { lineAfter, lineBefore } from "../text/lines";

/** As the editor asks by itself; where it would not, as for somebody who asks for a completion. */
export function askingAt(text: string, offset: Offset): Asking {
  const cursor: Omit<GateQuestion, "trigger"> = {
    mode: "automatic",
    isEnabled: true,
    hasSelection: false,
    lineBefore: lineBefore(text.slice(0, offset)),
    lineAfter: lineAfter(text.slice(offset)),
  };
  const gates = (["automatic", "invoke"] as const).map((trigger) => askGate({ ...cursor, trigger }));
  return gates.find((gate) => gate.type === "ask")!;
}
