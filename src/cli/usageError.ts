// What is wrong with the options that were given, where commander itself does not see it: that one needs another, for instance.

export class UsageError extends Error {}
