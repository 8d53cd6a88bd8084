// One spelling for each name. "é" can be one character or two, an "e" and an accent. Macs take both for the same name, and
// their disks, editors and git give now the one, now the other: there all is compared as one character, as git does it.
// Elsewhere these are different names.

/** @param text a name, a path or the lines of an ignore file */
export function composedName(text: string, platform: NodeJS.Platform = process.platform): string {
  return platform === "darwin" ? text.normalize("NFC") : text;
}

/** As `composedName`, for bytes, one to a character; those that are no UTF-8 stay as they are. */
export function composedBytes(bytes: string, platform: NodeJS.Platform = process.platform): string {
  if (platform !== "darwin") return bytes;
  const text = Buffer.from(bytes, "latin1").toString("utf8");
  return text.includes("\ufffd") ? bytes : Buffer.from(text.normalize("NFC"), "utf8").toString("latin1");
}
