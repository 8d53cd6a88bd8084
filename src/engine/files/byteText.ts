// UTF-8 bytes as a string, one byte to a character: what git compares.

export function toByteText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is its own bytes
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}
