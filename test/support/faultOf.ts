import assert from "node:assert/strict";

/** The error of the class `Fault` that `attempt` ends with; anything else, also success, fails the test. */
export async function faultOf<F extends Error>(
  Fault: new (...args: never) => F,
  attempt: Promise<unknown>,
): Promise<F> {
  const error = await attempt.then(
    () => "It succeeded.",
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Fault, error instanceof Error ? error.stack : String(error));
  return error;
}
