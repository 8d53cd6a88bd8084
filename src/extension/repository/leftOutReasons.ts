// Why files were not read, for people. The engine has a word for each reason; one that is new here is shown as it is.

const REASONS: Readonly<Record<string, string>> = {
  secret: "keys, credentials and other secrets",
  secretText: "with a private key or an access token in them",
  repositoryData: "version control's own data",
  ignored: "ignored by git",
  griffinignore: "excluded by .griffinignore",
  excluded: "excluded by your settings",
  vendored: "installed packages and tools",
  binary: "not text",
  lock: "lock files",
  generated: "made by a program",
  minified: "minified code",
  data: "data rather than code",
  huge: "too big",
  link: "symbolic links",
  notAFile: "not regular files",
  outside: "outside the folder",
  gone: "gone meanwhile",
  changing: "changed while they were read",
  unreadable: "cannot be opened",
  tooMany: "beyond the most files that are read",
};

export function leftOutReason(word: string): string {
  return REASONS[word] ?? word;
}
