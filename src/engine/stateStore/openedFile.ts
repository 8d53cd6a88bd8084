import type { Files } from "../../machine/wholeFile";
import type { ByteSource } from "./stateFile";

/** Does `read` with the bytes of a file, which is open meanwhile. */
export async function readOpened<T>(
  files: Pick<Files, "open">,
  path: string,
  read: (source: ByteSource) => Promise<T>,
): Promise<T> {
  const file = await files.open(path, "r");
  try {
    const { size } = await file.stat();
    return await read({
      bytes: size,
      read: async (into, offset) => (await file.read(into, 0, into.length, offset)).bytesRead,
    });
  } finally {
    await file.close();
  }
}
