// What a setting's value means. VS Code marks one of the wrong kind where it is written, and hands it over all the same.

/** `value` if it is of the kind of `fallback`, else that. */
export function ofKind<T>(value: unknown, fallback: T): T {
  return typeof value === typeof fallback && value !== null ? (value as T) : fallback;
}

/** The table of `griffin.enable`; a plain `true` or `false` can only mean all languages. */
export function languageTable(value: unknown): Readonly<Record<string, boolean>> {
  if (typeof value === "boolean") return { "*": value };
  const entries = Object.entries(ofKind<object>(value, {}));
  return Object.fromEntries(entries.filter(([, isEnabled]) => typeof isEnabled === "boolean"));
}

/** GitHub Copilot's own table of that kind. */
export const COPILOT_SETTING = "github.copilot.enable";

/** Looks a language up in the `griffin.enable` setting, where `*` stands for all that are not named. */
export function isLanguageEnabled(enable: Readonly<Record<string, boolean>>, languageId: string): boolean {
  return enable[languageId] ?? enable["*"] ?? true;
}

/** The languages whose completions are not as those of all that are not named. */
export function exceptionsIn(enable: Readonly<Record<string, boolean>>): readonly string[] {
  const areOthersEnabled = isLanguageEnabled(enable, "*");
  return Object.keys(enable).filter((id) => id !== "*" && enable[id] !== areOthersEnabled);
}

/**
 * All that `griffin.repository.exclude` says. Of lines as in an ignore file the last one that matches decides, so the user's
 * come last: a workspace adds to what the user keeps from being read, and takes nothing away. Where the user's let something
 * in, what the workspace keeps out is said once more: it may be the same.
 */
export function exclusions(values: { globalValue?: unknown; workspaceValue?: unknown } | undefined): readonly string[] {
  const [workspace, user] = [texts(values?.workspaceValue), texts(values?.globalValue)];
  const again = user.some(letsIn) ? workspace.filter((line) => !letsIn(line)) : [];
  return [...workspace, ...user, ...again];
}

function letsIn(line: string): boolean {
  return line.startsWith("!");
}

/** The texts of a list; none of what is no list. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
