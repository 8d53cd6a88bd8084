// A thread that does one task after another: dist/taskThread.js.

import { parentPort } from "node:worker_threads";
import { READY, type TaskAnswer } from "./taskRunner";
import { runTask, type Task } from "./tasks";

parentPort!.on("message", async (task: Task) => parentPort!.postMessage(await answer(task)));

parentPort!.postMessage(READY);

async function answer(task: Task): Promise<TaskAnswer> {
  try {
    return { facts: await runTask(task) };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { error: message, code };
  }
}
