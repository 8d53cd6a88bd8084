/** Runs `work` as on another system, as far as that asks for its name. */
export async function onPlatform<R>(platform: NodeJS.Platform, work: () => Promise<R>): Promise<R> {
  const { platform: own } = process;
  Object.defineProperty(process, "platform", { value: platform });
  try {
    return await work();
  } finally {
    Object.defineProperty(process, "platform", { value: own });
  }
}
