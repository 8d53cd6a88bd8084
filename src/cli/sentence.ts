// What is said of an error. Our own are sentences with a next step; the system's have a code.

export function sentenceOf(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOENT":
      return path === undefined ? message : `There is no ${path}. Check the path.`;
    case "EACCES":
    case "EPERM":
      return path === undefined ? message : `${path} may not be opened. Check its permissions.`;
    case "EISDIR":
      return `${path ?? "What you named"} is a folder. Name a file.`;
    default:
      return message;
  }
}
