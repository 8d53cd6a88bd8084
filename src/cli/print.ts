// What strangers have written, on its way to the reader: file names, and what a model has made of their text.

/** A terminal obeys control characters, and would let a file's name write or hide anything. Others get every byte. */
export function print(text: string, output: Pick<NodeJS.WriteStream, "write" | "isTTY"> = process.stdout): void {
  output.write(output.isTTY ? text.replace(CONTROLS, "\ufffd") : text);
}

/** The same for one text that comes in pieces: a "\r" waits for the next one, which may have its "\n". @param output for tests */
export function piecePrinter(output?: Parameters<typeof print>[1]): (piece: string) => void {
  let waiting = "";
  return (piece) => {
    const text = waiting + piece;
    waiting = text.endsWith("\r") ? "\r" : "";
    print(text.slice(0, text.length - waiting.length), output);
  };
}

/** All but tabs and the ends of lines. */
const CONTROLS = /(?![\t\n]|\r\n)\p{Cc}/gu;
