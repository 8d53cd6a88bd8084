// What strangers have written, on its way to the reader: file names, and what a model has made of their text.

/** A terminal obeys control characters, and would let a file's name write or hide anything. Others get every byte. */
export function print(text: string, output: Pick<NodeJS.WriteStream, "write" | "isTTY"> = process.stdout): void {
  output.write(output.isTTY ? text.replace(CONTROLS, "\ufffd") : text);
}

/** All but tabs and the ends of lines. */
const CONTROLS = /(?![\t\n]|\r\n)\p{Cc}/gu;
